/**
 * What detectors say. An event is not an alert: nobody has to act on it, so it makes no sound and needs no acknowledgement.
 * Rules turn events into alerts (ISA-18.2: if no response is needed it is not an alarm).
 */
import { z } from 'zod'
import { Evidence, Instant } from './alerts.ts'
import { CameraId } from './cameras.ts'
import { LinkId } from './links.ts'

/** Part of a picture, 0..1 of its width and height, from the top left. */
export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Box = z.output<typeof Box>

/** With its own time where it was measured later than the event began: on the best moment of a stay. */
export const EventBox = Box.extend({ at: Instant.optional() })
export type EventBox = z.output<typeof EventBox>

/** The two kinds of event that are sightings of a face; every other kind is the source's own word, as `motion_detected`. */
export const faceKinds = ['face-recognized', 'face-unknown'] as const

export const DetectionEvent = z.object({
  /** The decimal `seq`. */
  id: z.string(),
  seq: z.number().int(),
  link: LinkId,
  camera: CameraId.nullable(),
  cameraName: z.string().nullable(),
  kind: z.string().min(1).max(64),
  person: z.string().nullable(),
  /** 0..1; of a stay, the highest. */
  confidence: z.number().nullable(),
  text: z.string(),
  /** The source's time: when it began, and when it was last seen. The same for what has no length. */
  at: Instant,
  lastAt: Instant,
  /** Detections that were gathered into this one event. */
  count: z.number().int(),
  receivedAt: Instant,
  /** Where in the picture, null when the size of the picture was never known. */
  box: EventBox.nullable(),
  evidence: Evidence.nullable(),
  /** When the picture was taken. The box belongs to it only when this is within a second of the box's time, else of `at`. */
  pictureAt: Instant.nullable(),
  /** Who took a face nobody knows off the queue, and when; absent while nobody did. */
  dismissed: z.object({ by: z.string(), at: Instant }).optional(),
})
export type DetectionEvent = z.output<typeof DetectionEvent>

/** Every field narrows; a list is "any of". */
export const EventFilter = z.strictObject({
  from: Instant.optional(),
  to: Instant.optional(),
  links: z.array(LinkId).max(50).optional(),
  cameras: z.array(CameraId).max(100).optional(),
  kinds: z.array(z.string().max(64)).max(50).optional(),
  people: z.array(z.string().max(200)).max(100).optional(),
  /** Without what somebody has dismissed. */
  dismissed: z.literal(false).optional(),
})
export type EventFilter = z.output<typeof EventFilter>

/** Where the next page starts, newest first. */
export const EventCursor = z.strictObject({ at: Instant, seq: z.number().int() })
export type EventCursor = z.output<typeof EventCursor>

export const EventPage = z.object({ rows: z.array(DetectionEvent), next: EventCursor.nullable() })
export type EventPage = z.output<typeof EventPage>

/** Who was seen, for the filter and the library: one row per name, most recent first. */
export const SeenPerson = z.object({
  person: z.string(),
  sightings: z.number().int(),
  lastAt: Instant,
})
export type SeenPerson = z.output<typeof SeenPerson>
