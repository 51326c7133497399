/** What was detected on each camera since this server started, and how large its pictures are: OpenEye writes boxes in pixels. */
import type { CameraId } from '../../../../contract/cameras.ts'
import { type DetectionEvent, faceKinds } from '../../../../contract/events.ts'
import type { SiteView } from '../../../link.ts'
import { recentFaces, type Size, time, wireId } from './site-words.ts'

interface Seen {
  detections: number
  readonly people: Set<string>
  lastAt: number
}

const mostPeople = 1000

export class Sightings {
  readonly #seen = new Map<CameraId, Seen>()
  readonly #sizes = new Map<CameraId, Size>()
  /** Detections already counted of events that still grow. */
  readonly #counted = new Map<string, number>()

  size(camera: CameraId): Size | undefined {
    return this.#sizes.get(camera)
  }

  sized(camera: CameraId, size: Size): void {
    if (size.widthPx > 0 && size.heightPx > 0) this.#sizes.set(camera, size)
  }

  event(event: DetectionEvent): void {
    const { camera, evidence, person, kind } = event
    if (camera === null) return
    if (evidence !== null) this.sized(camera, evidence)
    if (!faceKinds.some((face) => face === kind)) return
    const seen = this.#seen.get(camera) ?? { detections: 0, people: new Set(), lastAt: 0 }
    this.#seen.set(camera, seen)
    seen.detections += Math.max(0, event.count - (this.#counted.get(event.id) ?? 0))
    seen.lastAt = Math.max(seen.lastAt, event.lastAt)
    if (person !== null && seen.people.size < mostPeople) seen.people.add(person)
    this.#counted.delete(event.id)
    this.#counted.set(event.id, event.count)
    const [oldest] = this.#counted.keys()
    if (this.#counted.size > mostPeople && oldest !== undefined) this.#counted.delete(oldest)
  }

  /** As `/api/faces/detections` answers: faces only while they are fresh. */
  words(site: SiteView, now: number): Record<string, object> {
    const fresh = new Map([...site.facesNow()].map((row) => [row.id, row]))
    const answer: Record<string, object> = {}
    for (const { id, findsFaces } of site.cameras()) {
      const row = fresh.get(id)
      const seen = this.#seen.get(id)
      if (findsFaces !== true && row === undefined && seen === undefined) continue
      const isFresh = row !== undefined && now - row.receivedAt <= row.budgetMs
      answer[wireId(id)] = {
        recent_faces: isFresh ? recentFaces(row, this.#sizes.get(id)) : [],
        statistics: {
          enabled: findsFaces ?? true,
          total_detections: seen?.detections ?? 0,
          unique_people_detected: seen?.people.size ?? 0,
          last_detection_time: seen === undefined ? null : time(seen.lastAt),
          face_manager_ready: true,
        },
      }
    }
    return answer
  }
}
