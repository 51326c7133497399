/** What can come in: the one tagged union every driver speaks. Facts are past tense; `ingest` is their only door. */
import type { AlertKind, BlueLight, Evidence, Priority } from '../contract/alerts.ts'
import type { Camera, CameraId, VideoUnit } from '../contract/cameras.ts'
import type { Device, DeviceId } from '../contract/devices.ts'
import type { Box, DetectionEvent } from '../contract/events.ts'
import type { FacesNow, Person } from '../contract/faces.ts'
import type { Lidar, ScanHeader } from '../contract/lidar.ts'
import type { LinkCounters, LinkId, LinkState, WireMessage } from '../contract/links.ts'
import type { BusFrame, VehicleModule } from '../contract/modules.ts'
import type { Statistics } from '../contract/statistics.ts'
import type { CoverageState } from '../contract/timeline.ts'
import type { VehicleName } from '../contract/vehicle-name.ts'
import type { VehicleReport } from '../contract/vehicles.ts'

export interface Picture {
  readonly evidence: Evidence
  readonly bytes: Uint8Array
}

export interface AlertRaised {
  readonly type: 'alert-raised'
  readonly source: LinkId
  /** Unique per source and device; the store keeps the first and counts the rest. */
  readonly sourceId: string
  readonly kind: AlertKind
  readonly priority: Priority
  readonly device: DeviceId | null
  readonly deviceName: string | null
  readonly group: string | null
  readonly location: string | null
  readonly text: string
  readonly raisedAt: number
  readonly receivedAt: number
  readonly late: boolean
  readonly clockSuspect: boolean
  readonly blue: BlueLight | null
  readonly picture: Picture | null
  /** The message as it came, without the picture, at most 16 KiB; null for alerts Watchfloor raises itself. */
  readonly raw: string | null
}

/** The condition behind open alerts of this kind, source and device is over. Clears by itself; people still see it happened. */
export interface AlertCleared {
  readonly type: 'alert-cleared'
  readonly source: LinkId
  readonly kind: AlertKind
  readonly device: DeviceId | null
  /** Only the alert of this id; the other conditions of the same device go on. */
  readonly sourceId?: string
  readonly at: number
  /** In words, kept with the transition: "heard again after 93 s". */
  readonly note: string
}

/** The newest view of a device; newest wins. */
export interface DeviceReported {
  readonly type: 'device-reported'
  readonly device: Omit<Device, 'outOfService'>
}

export interface DeviceJoined {
  readonly type: 'device-joined'
  readonly link: LinkId
  readonly device: DeviceId
  readonly text: string
}

/** Somebody outside asked for what they may not have, or what cannot be: for the timeline. How often it is told is the driver's to bound. */
export interface CommandRefused {
  readonly type: 'command-refused'
  readonly link: LinkId
  /** Null: none that is known. */
  readonly vehicle: VehicleName | null
  /** Null: nobody who has logged in. */
  readonly by: string | null
  readonly text: string
}

/** A device can be reached again: orders waiting for it may go out now. */
export interface TargetReachable {
  readonly type: 'target-reachable'
  readonly link: LinkId
  readonly target: string
}

export interface LinkReported {
  readonly type: 'link-reported'
  readonly link: LinkId
  readonly address: string
  readonly state: LinkState
  readonly lastUsefulAt: number | null
  readonly budgetMs: number
  readonly peers: number
  readonly counters: LinkCounters
  readonly note?: string
}

/** For which spans "no alert" is evidence: recorded when a source's coverage changes. `source` is a link id or `link/device`. */
export interface CoverageChanged {
  readonly type: 'coverage-changed'
  readonly source: string
  readonly state: CoverageState
  readonly at: number
}

/** A message crossed the link, for the inspector. Only sent while somebody looks. */
export interface MessageCrossed {
  readonly type: 'message-crossed'
  readonly link: LinkId
  readonly message: WireMessage
}

/** Every camera the link has now: one that is missing from the list is gone. */
export interface CamerasReported {
  readonly type: 'cameras-reported'
  readonly link: LinkId
  readonly cameras: readonly Camera[]
}

/** One whole JPEG of an open stream, or one access unit of its video. */
export interface FrameArrived {
  readonly type: 'frame-arrived'
  readonly camera: CameraId
  /** Absent: a JPEG. */
  readonly video?: VideoUnit
  /** By the sender's clock, where it tells. */
  readonly capturedAt?: number
  readonly bytes: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
  readonly receivedAt: number
}

/** An open stream brings nothing, and why: its viewers must not mistake the last frame for a live one. Ends with the next frame. */
export interface StreamTroubled {
  readonly type: 'stream-troubled'
  readonly camera: CameraId
  readonly trouble: string
}

export interface FacesSeen {
  readonly type: 'faces-seen'
  readonly faces: FacesNow
}

/** What a face engine found in one picture of a camera: each face is part of an appearance, which becomes one event. */
export interface FacesFound {
  readonly type: 'faces-found'
  /** The engine's link. */
  readonly link: LinkId
  readonly camera: CameraId
  /** `FrameHeader.frame` of the picture. */
  readonly frame: number
  /** When the picture was taken, as well as is known; when the answer came. */
  readonly at: number
  readonly receivedAt: number
  readonly faces: FacesNow['faces']
  /** What was looked at, JPEG; null when it is not at hand. */
  readonly picture: {
    readonly bytes: Uint8Array
    readonly widthPx: number
    readonly heightPx: number
    /** The part of the camera's picture it shows, which boxes are parts of. Absent: all of it. */
    readonly excerpt?: Box
  } | null
}

/** An event as it enters the store. Told again with the same `sourceId` it grows: later `lastAt`, higher `count`. */
export interface EventDetected {
  readonly type: 'event-detected'
  readonly event: Omit<DetectionEvent, 'id' | 'seq' | 'evidence'> & {
    /** Unique per link. */
    readonly sourceId: string
    readonly picture: Picture | null
    /** The message as it came, at most 4 KiB. */
    readonly raw: string | null
  }
}

/** Everybody the link's face server knows now: who is missing from the list is gone. */
export interface PeopleReported {
  readonly type: 'people-reported'
  readonly link: LinkId
  readonly people: readonly Person[]
}

export interface StatisticsReported {
  readonly type: 'statistics-reported'
  readonly statistics: Statistics
}

/** What a link says of its vehicle; newest wins, each reading with its own age. */
export interface VehicleReported {
  readonly type: 'vehicle-reported'
  readonly vehicle: VehicleReport
}

/** At once when a value or the state changed, else at most four times a second. */
export interface ModuleReported {
  readonly type: 'module-reported'
  readonly module: VehicleModule
}

export interface LidarReported {
  readonly type: 'lidar-reported'
  readonly lidar: Lidar
}

/** One whole revolution; `bytes` as contract/lidar.ts says. */
export interface ScanArrived {
  readonly type: 'scan-arrived'
  readonly link: LinkId
  readonly header: Omit<ScanHeader, 'missed'>
  readonly bytes: Uint8Array
}

/** Frames that crossed a bus. Only told while `monitored()`. */
export interface BusFramesSeen {
  readonly type: 'bus-frames-seen'
  readonly link: LinkId
  readonly frames: readonly BusFrame[]
}

export type Fact =
  | AlertRaised
  | AlertCleared
  | DeviceReported
  | DeviceJoined
  | CommandRefused
  | TargetReachable
  | LinkReported
  | CoverageChanged
  | MessageCrossed
  | CamerasReported
  | FrameArrived
  | StreamTroubled
  | FacesSeen
  | FacesFound
  | EventDetected
  | PeopleReported
  | StatisticsReported
  | VehicleReported
  | ModuleReported
  | LidarReported
  | ScanArrived
  | BusFramesSeen

/** What the store answers to `alert-raised`, after the commit: the peer may be told `received` now. */
export interface Stored {
  readonly seq: number
  readonly duplicate: boolean
}
