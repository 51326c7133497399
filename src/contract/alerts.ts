/** Alerts in the terms of ISA-18.2: what an alert is, its states, what a person can do to it, how history is asked. */
import { z } from 'zod'
import { alertStates } from './alert-state.ts'
import { DeviceId } from './devices.ts'
import { LinkId } from './links.ts'

export const AlertId = z.string().min(1).max(64).brand<'AlertId'>()
export type AlertId = z.output<typeof AlertId>

/** Epoch milliseconds, UTC. */
export const Instant = z.number().int()

export const Priority = z.enum(['critical', 'high', 'medium', 'low'])
export type Priority = z.output<typeof Priority>

/**
 * What the alert is about. `blue-light` comes from a camera, `server-alert` is what another server calls an alert,
 * `detection` is a rule's answer to an event, `vehicle` a vehicle's condition (see vehicle-rules.ts); the others are raised by Watchfloor itself: a device or a whole link
 * went silent, the store is in trouble.
 */
export const AlertKind = z.enum([
  'blue-light',
  'server-alert',
  'detection',
  'vehicle',
  'device-silent',
  'link-silent',
  'storage',
  'order-parked',
])
export type AlertKind = z.output<typeof AlertKind>

export const AlertState = z.enum(alertStates)
export type AlertState = z.output<typeof AlertState>

/** Every way an alert can change. Silence and note leave the state as it is; they are recorded all the same. */
export const TransitionKind = z.enum([
  'raise',
  'acknowledge',
  'silence',
  'shelve',
  'unshelve',
  'clear', // the source returned to normal
  'close', // a person ended it, with a disposition
  'note',
])
export type TransitionKind = z.output<typeof TransitionKind>

export const Disposition = z.enum(['true', 'false', 'test', 'duplicate'])
export type Disposition = z.output<typeof Disposition>

/** Whether the source has been told of the acknowledgement. `none`: nothing to tell, or not acknowledged yet. */
export const AckDelivery = z.enum(['none', 'waiting', 'delivered', 'parked'])
export type AckDelivery = z.output<typeof AckDelivery>

/** What a blue-light camera measured. intensity and confidence 0..1, durationS seconds, area in picture pixels. */
export const BlueLight = z.object({
  intensity: z.number().min(0).max(1),
  confidence: z.number().min(0).max(1).optional(),
  durationS: z.number().min(0).optional(),
  area: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }).optional(),
})
export type BlueLight = z.output<typeof BlueLight>

/** An evidence picture, kept by its SHA-256 (hex). */
export const Evidence = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mime: z.enum(['image/png', 'image/jpeg', 'image/webp']),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  sizeBytes: z.number().int(),
})
export type Evidence = z.output<typeof Evidence>

export const Alert = z.object({
  id: AlertId,
  /** Store sequence: the order in which alerts reached the disk. Never reused. */
  seq: z.number().int(),
  /** The link it came by. */
  source: LinkId,
  /** The source's own id (`messageId` where it gave one), unique per source and device. */
  sourceId: z.string(),
  kind: AlertKind,
  priority: Priority,
  state: AlertState,
  device: DeviceId.nullable(),
  deviceName: z.string().nullable(),
  group: z.string().nullable(),
  location: z.string().nullable(),
  text: z.string(),
  /** The source's time, and ours. */
  raisedAt: Instant,
  receivedAt: Instant,
  /** Older than 5 min on arrival: entered at source time, summarised, not sounded. */
  late: z.boolean(),
  /** More than 1 h off our clock, either way. */
  clockSuspect: z.boolean(),
  blue: BlueLight.nullable(),
  evidence: Evidence.nullable(),
  silencedAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  ackDelivery: AckDelivery,
  clearedAt: Instant.nullable(),
  shelvedUntil: Instant.nullable(),
  disposition: Disposition.nullable(),
  note: z.string().nullable(),
  /** How often the source repeated it. */
  duplicates: z.number().int(),
})
export type Alert = z.output<typeof Alert>

export const Transition = z.object({
  seq: z.number().int(),
  alert: AlertId,
  kind: TransitionKind,
  from: AlertState.nullable(),
  to: AlertState,
  at: Instant,
  /** The person, or `source` / `watchfloor` where no person acted. */
  by: z.string(),
  note: z.string().nullable(),
  /** Shelving: until when. Closing: as what. */
  until: Instant.nullable(),
  disposition: Disposition.nullable(),
})
export type Transition = z.output<typeof Transition>

/** One journal entry: the transition and the alert as it stands after it. Sound and notification are driven by it. */
export const AlertEntry = z.object({ seq: z.number().int(), transition: Transition, alert: Alert })
export type AlertEntry = z.output<typeof AlertEntry>

/** Which alerts: every field narrows; a list is "any of". `text` searches text, source, device, location, note. */
export const AlertFilter = z.strictObject({
  from: Instant.optional(),
  to: Instant.optional(),
  sources: z.array(LinkId).max(50).optional(),
  kinds: z.array(AlertKind).max(20).optional(),
  priorities: z.array(Priority).max(4).optional(),
  states: z.array(AlertState).max(7).optional(),
  devices: z.array(DeviceId).max(100).optional(),
  text: z.string().max(200).optional(),
})
export type AlertFilter = z.output<typeof AlertFilter>

/** Where the next page starts, newest first by source time. */
export const PageCursor = z.strictObject({ raisedAt: Instant, seq: z.number().int() })
export type PageCursor = z.output<typeof PageCursor>

export const AlertPage = z.object({
  rows: z.array(Alert),
  next: PageCursor.nullable(),
  /** Exact where it is cheap to know, else null: the screen then says "more than". */
  total: z.number().int().nullable(),
})
export type AlertPage = z.output<typeof AlertPage>

/** What the store knows of one alert: every transition, and the message as the source sent it (pictures left out). */
export const AlertDetail = z.object({
  alert: Alert,
  transitions: z.array(Transition),
  raw: z.string().nullable(),
})
export type AlertDetail = z.output<typeof AlertDetail>

/** One row, id `all`: how many alerts stand in each state; `shown` says how many of the open ones the table carries. */
export const AlertCounts = z.object({
  id: z.literal('all'),
  unacknowledgedActive: z.number().int(),
  acknowledgedActive: z.number().int(),
  unacknowledgedCleared: z.number().int(),
  shelved: z.number().int(),
  outOfService: z.number().int(),
  total: z.number().int(),
  shown: z.number().int(),
})
export type AlertCounts = z.output<typeof AlertCounts>
