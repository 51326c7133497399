/** One plausible sighting for the Faces tests, and a store in a few lines that pages the way the contract says. */
import { CameraId } from '../../../../src/contract/cameras.ts'
import type { DetectionEvent, EventCursor, EventFilter, EventPage } from '../../../../src/contract/events.ts'
import { LinkId } from '../../../../src/contract/links.ts'

export function makeEvent(seq: number, at: number, more: Partial<DetectionEvent> = {}): DetectionEvent {
  return {
    id: String(seq),
    seq,
    link: LinkId.parse('eye'),
    camera: CameraId.parse(`eye/cam-${seq % 3}`),
    cameraName: `Camera ${seq % 3}`,
    kind: 'face-recognized',
    person: `Person ${seq % 5}`,
    confidence: 0.8,
    text: '',
    at,
    lastAt: at,
    count: 1,
    receivedAt: at + 20,
    box: { x: 0.4, y: 0.3, width: 0.1, height: 0.2 },
    evidence: null,
    pictureAt: null,
    ...more,
  }
}

export function picture(sha = 'a') {
  return { sha256: sha.repeat(64), mime: 'image/jpeg' as const, widthPx: 640, heightPx: 480, sizeBytes: 9 }
}

export function pageOf(
  events: readonly DetectionEvent[],
  ask: { filter: EventFilter; after: EventCursor | null; limit: number },
): EventPage {
  const { filter, after, limit } = ask
  const kept = events
    .filter((one) => one.at >= (filter.from ?? 0) && one.at <= (filter.to ?? Number.POSITIVE_INFINITY))
    .filter((one) => filter.people === undefined || filter.people.includes(one.person ?? ''))
    .filter((one) => after === null || one.at < after.at || (one.at === after.at && one.seq < after.seq))
    .toSorted((a, b) => b.at - a.at || b.seq - a.seq)
  const rows = kept.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: kept.length > limit && last ? { at: last.at, seq: last.seq } : null }
}
