/** What a driver is to the rest of main: how it is opened, what it is given, what it gives back. */
import type { AccountUser, Credentials } from '../contract/accounts.ts'
import type { Alert, AlertEntry } from '../contract/alerts.ts'
import type { AnalysisPicture, DeviceFaces } from '../contract/analysis.ts'
import type { Camera, CameraId, FrameHeader } from '../contract/cameras.ts'
import type { Device } from '../contract/devices.ts'
import type { DetectionEvent } from '../contract/events.ts'
import type { FaceSettings, FacesNow, Person, PersonPhoto, PhotoUpload } from '../contract/faces.ts'
import type { FaceChange, KeptFacePhoto } from '../contract/known-faces.ts'
import type { Lidar } from '../contract/lidar.ts'
import type { LinkId, LinkProfile, LinkTest } from '../contract/links.ts'
import type { RegisterMap, VehicleModule } from '../contract/modules.ts'
import type { Role } from '../contract/roles.ts'
import type { Settings } from '../contract/settings.ts'
import type { Statistics } from '../contract/statistics.ts'
import type { VehicleName } from '../contract/vehicle-name.ts'
import type { CommandOutcome, StopRequest, VehicleCommand, VehicleReport } from '../contract/vehicles.ts'
import type { AlertRaised, Fact, Picture, ScanArrived, Stored } from './fact.ts'
import type { Clock } from './io/clock.ts'
import type { Log } from './log.ts'
import type { Delivery, Order } from './order.ts'

/** What is kept secret for one link, encrypted where the system can: a password, a token, a signing key. */
export interface SecretSlot {
  read(): Promise<string | null>
  /** Null forgets it. Resolves when it is on disk. */
  write(text: string | null): Promise<void>
}

/** What waits for a viewer of a camera, whenever it is ready for a frame. */
export interface FrameSlot {
  take(): { readonly header: FrameHeader; readonly bytes: Uint8Array } | null
  close(): void
}

export type SiteNews =
  | { readonly is: 'statistics'; readonly statistics: Statistics }
  /** `isNew` is false when an event that was told before has grown. */
  | { readonly is: 'event'; readonly event: DetectionEvent; readonly isNew: boolean }
  | { readonly is: 'alert'; readonly entry: AlertEntry }
  | { readonly is: 'cameras' }

/** What changed of the vehicles of this installation. */
export type VehicleNews =
  | { readonly is: 'vehicle'; readonly row: VehicleReport }
  | { readonly is: 'module'; readonly row: VehicleModule }
  | { readonly is: 'lidar'; readonly row: Lidar }
  | { readonly is: 'stop'; readonly row: StopRequest }
  /** The same bytes for everybody: not to be changed. */
  | { readonly is: 'scan'; readonly scan: Omit<ScanArrived, 'type'> }
  /** A row is gone: what kind it was of and its id. */
  | { readonly is: 'gone'; readonly of: 'vehicle' | 'module' | 'lidar'; readonly id: string }

/** The vehicles of this installation, for a driver that serves others: what is true now, every change of it at once, and a way to command them. */
export interface VehicleView {
  vehicles(): Iterable<VehicleReport>
  modules(): Iterable<VehicleModule>
  lidars(): Iterable<Lidar>
  stops(): Iterable<StopRequest>
  maps(): readonly RegisterMap[]
  /** Open alerts of vehicles. */
  alerts(): Iterable<Alert>
  /** As if an operator of that name had asked. Rejects with a Fault in which nothing was done, or nothing is known. */
  command(link: LinkId, command: VehicleCommand, by: string, deadlineAt: number): Promise<CommandOutcome>
  /** Ids of the stop requests, one per vehicle. */
  requestStop(vehicle: VehicleName | null, by: string): readonly string[]
  subscribe(listener: (news: VehicleNews) => void): () => void
}

/** This installation as a driver that serves others may show it. Everything in it is already true or on disk. */
export interface SiteView {
  statistics(): Statistics
  cameras(): Iterable<Camera>
  facesNow(): Iterable<FacesNow>
  people(): Iterable<Person>
  /** JPEGs only: of a camera that sends video its viewer is told so. Throws a Fault `not-found` for a camera there is not. */
  frames(camera: CameraId, wake: () => void): FrameSlot
  snapshot(camera: CameraId): Promise<Picture>
  subscribe(listener: (news: SiteNews) => void): () => void
}

/** Where the engine of this installation keeps whom it knows. Every promise of a change resolves when it is on disk. */
export interface FaceShelf {
  read(): Promise<{ readonly people: readonly string[]; readonly photos: readonly KeptFacePhoto[] }>
  /** Rejects with a Fault when it is gone. */
  photo(id: string): Promise<{ readonly mime: PhotoUpload['mime']; readonly bytes: Uint8Array }>
  change(change: FaceChange): Promise<void>
}

/** What drivers of vehicles work with beside the rest. */
export interface VehicleSide {
  /** Modules this link knew before the restart, so that one that never comes back is missed. */
  readonly knownModules: readonly VehicleModule[]
  readonly registerMaps: readonly RegisterMap[]
  /** True while a screen watches this link's bus frames or they are recorded. */
  monitored(): boolean
  readonly view: VehicleView
}

export interface LinkContext<P extends LinkProfile = LinkProfile> {
  readonly profile: P
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  /** Devices this link knew before the restart, so that one that never comes back is missed. */
  readonly knownDevices: readonly Device[]
  readonly secret: SecretSlot
  readonly site: SiteView
  /** Absent where there are no vehicles. */
  readonly vehicles?: VehicleSide
  /** Absent where no faces are kept. */
  readonly faces?: FaceShelf
  /** True while a screen looks at this link's messages. */
  inspected(): boolean
  /** Resolves after the commit. Rejects when the store could not keep it: then the peer gets no acknowledgement. */
  raise(fact: AlertRaised): Promise<Stored>
  tell(fact: Exclude<Fact, AlertRaised>): void
}

/** One picture for a face server. */
export interface FacePicture {
  readonly camera: CameraId
  readonly picture: AnalysisPicture
  readonly bytes: Uint8Array
}

/** A link to a server that finds faces in pictures it is sent; what it finds comes as `faces-found`. */
export interface FaceServer {
  /** Pictures it takes now. */
  readonly room: number
  /** Ignored without room. */
  send(picture: FacePicture): void
  /** Calls when there is room where there was none. */
  onRoom(listener: () => void): () => void
}

export interface PictureHeader {
  readonly capturedAt: number
  readonly widthPx: number
  readonly heightPx: number
}

/** A screen that sends pictures. */
export interface PictureSender {
  /** Whose screen it is, for people. */
  readonly name: string
  /** So many pictures more, please: somebody looks. */
  more(pictures: number): void
  /** Another screen has taken its place. */
  replaced(by: string): void
  /** The link is gone. */
  ended(): void
}

/** A link whose pictures a screen sends, JPEG. The newest screen is the camera. */
export interface PictureSink {
  attach(sender: PictureSender): {
    take(header: PictureHeader, bytes: Uint8Array): void
    close(): void
  }
  /** Whether somebody looks: without, nothing is asked for. */
  readonly isWatched: boolean
}

/** The engine that runs in the analyst's screen, and whom it knows. */
export interface DeviceEngine {
  found(faces: DeviceFaces): void
  /** Pictures whose faces are to be learned. */
  photos(): readonly string[]
  photo(id: string): Promise<Uint8Array>
  /** Null: no face in it, or several. */
  learned(id: string, embedding: Float32Array | null, reason: string): Promise<void>
  onPhotos(listener: () => void): () => void
}

/** A link that brings cameras. */
export interface CameraSource {
  /** Opens the camera's stream, once for all its viewers; frames come as facts. Returns its undo. */
  open(camera: CameraId): () => void
  /** Rejects with a Fault that says what to try. */
  snapshot(camera: CameraId): Promise<Picture>
}

/** A link that knows faces. Changes are orders; these are questions. Both reject with a Fault. */
export interface FaceLibrary {
  photos(name: string): Promise<readonly PersonPhoto[]>
  settings(): Promise<FaceSettings>
  /** The picture of a photo; absent where the server does not give them. */
  picture?(
    name: string,
    file: string,
  ): Promise<{ readonly mime: PhotoUpload['mime']; readonly bytes: Uint8Array }>
  /** Why these two cannot be made one; null: they can. Absent where the library merges nobody. */
  whyNotMerge?(name: string, into: string): string | null
  /** Files of photos that were cut from this sighting. */
  cutFrom?(event: string): readonly { readonly person: string; readonly file: string }[]
}

/** A link that others log in to. */
export interface Accounts {
  users(): Promise<readonly AccountUser[]>
  save(user: string, role: Role, password: string | undefined): Promise<void>
  remove(user: string): Promise<void>
  revoke(user: string): Promise<void>
  rotateKey(): Promise<void>
  /** How many sockets got it. */
  broadcast(text: string, by: string, user: string | undefined): number
}

export interface RunningLink {
  readonly cameras?: CameraSource
  readonly library?: FaceLibrary
  readonly accounts?: Accounts
  readonly faceServer?: FaceServer
  readonly deviceEngine?: DeviceEngine
  readonly pictureSink?: PictureSink
  deliver(order: Order): Promise<Delivery>
  /** Try now, whatever the ladder says. */
  retry(): void
  /** Forget a device the operator removed. */
  forget(device: string): void
  close(): Promise<void>
}

export interface Driver<P extends LinkProfile = LinkProfile> {
  readonly name: P['driver']
  readonly role: 'listens' | 'dials'
  /** Resolves at once; a port in use or an unreachable peer is a link state, not an error. */
  open(context: LinkContext<P>): Promise<RunningLink>
  /** A connection test in words, ending within 10 s, leaving nothing open. */
  test(profile: P, secret: SecretSlot): Promise<LinkTest>
  /** What to keep so that the link can log in; absent where a link has no use for credentials. */
  keepCredentials?(credentials: Credentials): string
}
