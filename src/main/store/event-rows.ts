/** The events table as rows: their columns, and how a row becomes an event. */
import type { CameraId } from '../../contract/cameras.ts'
import type { DetectionEvent } from '../../contract/events.ts'
import type { LinkId } from '../../contract/links.ts'

export interface EventRow {
  readonly seq: number
  readonly link: LinkId
  readonly class: number
  readonly camera: CameraId | null
  readonly camera_name: string | null
  readonly kind: string
  readonly person: string | null
  readonly confidence: number | null
  readonly box: string | null
  readonly text: string
  readonly at: number
  readonly last_at: number
  readonly count: number
  readonly received_at: number
  readonly evidence: string | null
  readonly picture_at: number | null
  readonly dismissed_at: number | null
  readonly dismissed_by: string | null
}

export const eventColumns = `seq, link, class, camera, camera_name, kind, person, confidence, box, text, at, last_at,
  count, received_at, evidence, picture_at, dismissed_at, dismissed_by`

export function eventOf(row: EventRow): DetectionEvent {
  return {
    id: String(row.seq),
    seq: row.seq,
    link: row.link,
    camera: row.camera,
    cameraName: row.camera_name,
    kind: row.kind,
    person: row.person,
    confidence: row.confidence,
    text: row.text,
    at: row.at,
    lastAt: row.last_at,
    count: row.count,
    receivedAt: row.received_at,
    box: row.box === null ? null : JSON.parse(row.box),
    evidence: row.evidence === null ? null : JSON.parse(row.evidence),
    pictureAt: row.picture_at,
    ...(row.dismissed_at === null ? {} : { dismissed: { by: row.dismissed_by ?? '', at: row.dismissed_at } }),
  }
}
