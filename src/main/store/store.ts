/** What must not be lost, as the rest of main sees it. Every promise of a write resolves after its commit is on disk. */
import type {
  Alert,
  AlertCounts,
  AlertDetail,
  AlertEntry,
  AlertFilter,
  AlertId,
  AlertKind,
  AlertPage,
  Disposition,
  Evidence,
  PageCursor,
} from '../../contract/alerts.ts'
import type { Camera, Wall } from '../../contract/cameras.ts'
import type { Device, DeviceId } from '../../contract/devices.ts'
import type {
  DetectionEvent,
  EventCursor,
  EventFilter,
  EventPage,
  SeenPerson,
} from '../../contract/events.ts'
import type { Person, PhotoUpload } from '../../contract/faces.ts'
import type { FaceChange, KeptFacePhoto, PersonRenamed } from '../../contract/known-faces.ts'
import type { LinkId, LinkProfile } from '../../contract/links.ts'
import type { BusRecording, VehicleModule } from '../../contract/modules.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { CameraPlan } from '../../contract/plans.ts'
import type { Rule } from '../../contract/rules.ts'
import type { Load, StoreHealth } from '../../contract/site.ts'
import type { CoverageSpan, CoverageState, TimelineEntry, TimelineMark } from '../../contract/timeline.ts'
import type { VehicleRule } from '../../contract/vehicle-rules.ts'

/** An alert as it enters. `late` and `clockSuspect` were decided by the driver; the state by ingest. */
export interface NewAlert {
  readonly id: AlertId
  readonly source: LinkId
  readonly sourceId: string
  readonly kind: AlertKind
  readonly priority: Alert['priority']
  readonly state: 'unacknowledged-active' | 'suppressed-by-design' | 'out-of-service'
  readonly device: DeviceId | null
  readonly deviceName: string | null
  readonly group: string | null
  readonly location: string | null
  readonly text: string
  readonly raisedAt: number
  readonly receivedAt: number
  readonly late: boolean
  readonly clockSuspect: boolean
  readonly blue: Alert['blue']
  readonly picture: { readonly evidence: Evidence; readonly bytes: Uint8Array } | null
  readonly raw: string | null
}

/** An event as it enters. `sourceId` is unique per link. */
export type NewEvent = Omit<DetectionEvent, 'id' | 'seq' | 'evidence'> & {
  readonly sourceId: string
  readonly picture: { readonly evidence: Evidence; readonly bytes: Uint8Array } | null
  readonly raw: string | null
}

/** An event after a commit. `isNew` is false when one that was stored before has grown. */
export interface StoredEvent {
  readonly event: DetectionEvent
  readonly isNew: boolean
}

/** Rows kept whole, by id, so that a restart with every link down still shows them. */
export interface Kept {
  readonly camera: Camera
  readonly plan: CameraPlan
  readonly person: Person
  readonly rule: Rule
  readonly wall: Wall
  readonly module: VehicleModule
  readonly 'vehicle-rule': VehicleRule
  readonly 'bus-recording': BusRecording
}

/** Sightings since an instant, for the figures of a day. */
export interface SightingFigures {
  readonly recognitions: number
  readonly unknown: number
  /** Of all time, epoch ms; null when nobody was ever recognised. */
  readonly lastRecognitionAt: number | null
}

/** What a register was in the interval that begins at `at` (epoch ms), in the register's unit. */
export interface TrendPoint {
  /** The module's id. */
  readonly module: string
  readonly register: string
  readonly at: number
  readonly least: number
  readonly most: number
  readonly last: number
}

/** What a person or the clock does to one alert. `by` is the person, or `watchfloor` for a shelf that ran out. */
export type Act = { readonly alert: AlertId; readonly by: string; readonly at: number } & (
  | { readonly kind: 'acknowledge'; readonly note: string | null }
  | { readonly kind: 'silence' }
  | { readonly kind: 'shelve'; readonly until: number; readonly note: string }
  | { readonly kind: 'unshelve' }
  | { readonly kind: 'close'; readonly disposition: Disposition; readonly note: string | null }
  | { readonly kind: 'note'; readonly note: string }
)

/** An outbox row as it enters; `order` is the whole order as JSON, sent by `dispatch` when the target is reachable. */
export interface NewOrder {
  readonly id: string
  readonly link: LinkId
  readonly target: string
  readonly type: string
  readonly text: string
  readonly alert: AlertId | null
  readonly order: string
  readonly createdAt: number
}

export type DueOrder = OutboxRow & { readonly order: string }

/** What one commit changed, told once per commit, after it. */
export interface Change {
  /** Every transition of the commit with its alert after it, ascending by `seq`. */
  readonly entries: readonly AlertEntry[]
  /** Alerts whose row changed without a transition (a duplicate counted, a delivery noted). */
  readonly touched: readonly Alert[]
  readonly orders: readonly OutboxRow[]
  /** Outbox rows deleted by hand. */
  readonly ordersGone: readonly string[]
  /** Newest timeline seq, when the commit added to it. */
  readonly timelineHead: number | null
  readonly counts: AlertCounts
  /** Events that were added or have grown, ascending by `seq`. */
  readonly events: readonly StoredEvent[]
  /** Rules that follow a person who was renamed or merged into another. */
  readonly rules: readonly Rule[]
}

/** A sighting before and after a person said whose it is. */
export interface NamedEvent {
  readonly before: DetectionEvent
  readonly event: DetectionEvent
}

export interface FacePhotoBytes {
  readonly mime: PhotoUpload['mime']
  readonly bytes: Uint8Array
}

export interface Store {
  /** Idempotent on (source, device, sourceId): a repeat counts on the first row and resolves `duplicate`, after a commit. */
  raise(alert: NewAlert): Promise<{ readonly alert: Alert; readonly duplicate: boolean }>
  /** Returns every open alert of that kind, source and device to normal; with a `sourceId` that one only. */
  clear(what: {
    source: LinkId
    kind: AlertKind
    device: DeviceId | null
    sourceId?: string
    at: number
    note: string
  }): Promise<readonly Alert[]>
  /** The transition and its orders in one transaction. Rejects with a Fault: not-found, wrong-state. */
  act(act: Act, orders: readonly NewOrder[]): Promise<Alert>

  get(id: AlertId): Promise<AlertDetail>
  page(filter: AlertFilter, after: PageCursor | null, limit: number): Promise<AlertPage>
  /** By store sequence, for machines: rows after `seq`, ascending, with their transitions. */
  list(filter: AlertFilter, after: number, limit: number): Promise<readonly AlertDetail[]>
  open(limit: number): Promise<readonly Alert[]>
  counts(): Promise<AlertCounts>
  /** Shelved alerts whose time is over at `now`. */
  shelvesOver(now: number): Promise<readonly AlertId[]>
  journal(after: number, limit: number): Promise<readonly AlertEntry[]>
  journalHead(): number
  picture(sha256: string): Promise<{ readonly evidence: Evidence; readonly bytes: Uint8Array }>
  load(now: number): Promise<Load>

  enqueue(orders: readonly NewOrder[]): Promise<void>
  /** Oldest waiting rows per target, in order. */
  due(link: LinkId, target: string | null, limit: number): Promise<readonly DueOrder[]>
  settle(
    id: string,
    outcome: { state: 'delivered' | 'parked' | 'waiting'; reason: string | null; at: number },
  ): Promise<void>
  discard(id: string): Promise<void>
  orders(limit: number): Promise<readonly OutboxRow[]>

  addTimeline(entry: Omit<TimelineEntry, 'seq'>): Promise<void>
  timeline(after: number, limit: number): Promise<readonly TimelineEntry[]>
  timelineHead(): number
  marks(fromAt: number, toAt: number, slices: number): Promise<readonly TimelineMark[]>
  /** Ends the source's open span and starts one in `state`; the same state again changes nothing. */
  cover(source: string, state: CoverageState, at: number): Promise<void>
  coverage(fromAt: number, toAt: number): Promise<readonly CoverageSpan[]>
  /** At start: spans left open by a crash end where the app last proved alive, and `app-off` fills up to `at`. */
  resumeCoverage(at: number): Promise<void>

  /** Idempotent on (link, sourceId): a repeat lets the first grow (`lastAt`, `count`, `confidence` never go back; a picture is added, not replaced). */
  addEvent(event: NewEvent): Promise<StoredEvent>
  eventPage(filter: EventFilter, after: EventCursor | null, limit: number): Promise<EventPage>
  eventKinds(): Promise<readonly string[]>
  seenPeople(): Promise<readonly SeenPerson[]>
  sightings(since: number): Promise<SightingFigures>

  /** Gives a sighting to a person, or to nobody. Rejects with a Fault: not-found, wrong-state when it is no sighting of a face. */
  nameEvent(seq: number, person: string | null): Promise<NamedEvent>
  /** Takes a face nobody knows off the queue; `isNew`: nobody had before. Rejects with a Fault: not-found, wrong-state when it has a name. */
  dismissEvent(seq: number, by: string, at: number): Promise<StoredEvent>
  /** Gives every sighting of one name to another. Returns how many moved. */
  mergeEvents(from: string, into: string): Promise<number>
  /** Erases every sighting of that name and its pictures, unless an alert shows them. Returns how many went. */
  eraseEvents(person: string): Promise<number>

  /** The people the engine of this installation knows. */
  changeFaces(change: FaceChange): Promise<void>
  /** Rules follow somebody whom a server renamed in its own library. Done twice it is the same as once. */
  renameInRules(renamed: PersonRenamed): Promise<void>
  faceLibrary(): Promise<{ readonly people: readonly string[]; readonly photos: readonly KeptFacePhoto[] }>
  facePhoto(id: string): Promise<FacePhotoBytes>

  keep<K extends keyof Kept>(kind: K, ...rows: readonly Kept[K][]): Promise<void>
  unkeep(kind: keyof Kept, ...ids: readonly string[]): Promise<void>
  kept<K extends keyof Kept>(kind: K): Promise<readonly Kept[K][]>

  /** What is told twice of one interval is put together: least, greatest, and the last value that came. */
  addTrends(points: readonly TrendPoint[]): Promise<void>
  /** From `fromAt` to before `toAt`, ascending; points of the same multiple of `spanMs` become one. */
  trendPoints(
    module: string,
    register: string,
    fromAt: number,
    toAt: number,
    spanMs: number,
  ): Promise<readonly TrendPoint[]>
  /** Deletes points before `before`, and the oldest where there are more than `most`. Returns how many went. */
  pruneTrends(before: number, most: number): Promise<number>

  saveDevice(device: Device): Promise<void>
  forgetDevice(id: string): Promise<void>
  devices(): Promise<readonly Device[]>
  saveLink(profile: LinkProfile): Promise<void>
  removeLink(id: LinkId): Promise<void>
  links(): Promise<readonly LinkProfile[]>
  saveSetting(key: string, value: unknown): Promise<void>
  settings(): Promise<Readonly<Record<string, unknown>>>

  /** Deletes ended alerts raised before `before`; open, unacknowledged and unsent ones stay. Returns how many went. */
  prune(before: number): Promise<number>
  /** Deletes events last seen before `before`, and the pictures nothing else refers to. Returns how many went. */
  pruneEvents(before: number): Promise<number>
  health(): Promise<StoreHealth>
  onChange(listener: (change: Change) => void): () => void
  /** The store changed mode (disk full, read-only, worker gone, fresh file): a screen must say so. */
  onTrouble(listener: (health: StoreHealth) => void): () => void
  /** Drains, checkpoints, closes. */
  close(): Promise<void>
}
