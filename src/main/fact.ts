/** What can come in: the one tagged union every driver speaks. Facts are past tense; `ingest` is their only door. */
import type { AlertKind, BlueLight, Evidence, Priority } from '../contract/alerts.ts'
import type { Device, DeviceId } from '../contract/devices.ts'
import type { LinkCounters, LinkId, LinkState, WireMessage } from '../contract/links.ts'
import type { CoverageState } from '../contract/timeline.ts'

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
  readonly picture: { readonly evidence: Evidence; readonly bytes: Uint8Array } | null
  /** The message as it came, without the picture, at most 16 KiB; null for alerts Watchfloor raises itself. */
  readonly raw: string | null
}

/** The condition behind open alerts of this kind, source and device is over. Clears by itself; people still see it happened. */
export interface AlertCleared {
  readonly type: 'alert-cleared'
  readonly source: LinkId
  readonly kind: AlertKind
  readonly device: DeviceId | null
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

export type Fact =
  | AlertRaised
  | AlertCleared
  | DeviceReported
  | DeviceJoined
  | TargetReachable
  | LinkReported
  | CoverageChanged
  | MessageCrossed

/** What the store answers to `alert-raised`, after the commit: the peer may be told `received` now. */
export interface Stored {
  readonly seq: number
  readonly duplicate: boolean
}
