/** Detections to stays: the same face at the same camera, closer than 30 s to itself, is one sighting that grows. Pure. */
import type { Edges } from '../messages.ts'
import type { Detection } from './replies.ts'

export const stayGapMs = 30_000
/** A stay this much older than the newest of its camera can no longer grow. */
const forgetAfterMs = 10 * 60_000

export interface Stay {
  readonly sourceId: string
  readonly camera: string
  readonly person: string | null
  /** Source time of the first and the last detection. */
  readonly at: number
  readonly lastAt: number
  readonly count: number
  readonly confidence: number | null
  /** Of the first detection that had any. */
  readonly edges: Edges | null
}

export interface StayChange {
  readonly stay: Stay
  readonly isNew: boolean
}

function nameOf(detection: Detection): string {
  const { person, at, edges } = detection
  return `${person ?? ''}|${at}|${edges?.top ?? ''}|${edges?.left ?? ''}`
}

function begin(camera: string, { person, at, confidence, edges }: Detection, count: number): Stay {
  const sourceId = `face:${camera}:${person ?? 'unknown'}:${at}`
  return { sourceId, camera, person, at, lastAt: at, count, confidence, edges }
}

function grow(stay: Stay, { at, confidence, edges }: Detection, count: number): Stay {
  return {
    ...stay,
    lastAt: Math.max(stay.lastAt, at),
    count: stay.count + count,
    confidence:
      confidence === null || (stay.confidence !== null && stay.confidence >= confidence)
        ? stay.confidence
        : confidence,
    edges: stay.edges ?? edges,
  }
}

function belongs(stay: Stay, at: number): boolean {
  return at - stay.lastAt < stayGapMs && stay.at - at < stayGapMs
}

export class Sightings {
  /** Detections of each camera's buffer as it was last seen: the buffer is told again and again. */
  readonly #seen = new Map<string, ReadonlySet<string>>()
  readonly #stays = new Map<string, Stay>()

  /** A camera's whole buffer, oldest first. What changed: each stay once, as it is now. */
  buffer(camera: string, detections: readonly Detection[]): readonly StayChange[] {
    const before = this.#seen.get(camera)
    this.#seen.set(camera, new Set(detections.map(nameOf)))
    const changes = new Map<string, StayChange>()
    for (const detection of detections) {
      if (before?.has(nameOf(detection)) === true) continue
      const change = this.#take(camera, detection, 1)
      const { sourceId } = change.stay
      changes.set(sourceId, {
        stay: change.stay,
        isNew: change.isNew || changes.get(sourceId)?.isNew === true,
      })
    }
    const newest = detections.at(-1)?.at
    if (newest !== undefined && changes.size > 0) this.#forget(camera, newest)
    return [...changes.values()]
  }

  /** Said on the socket. The buffer will tell the same detection, so it makes a stay longer but is not counted. */
  hint(camera: string, detection: Detection): StayChange {
    return this.#take(camera, detection, 0)
  }

  #take(camera: string, detection: Detection, count: number): StayChange {
    const key = `${camera}\n${detection.person ?? ''}`
    const stay = this.#stays.get(key)
    if (stay !== undefined && belongs(stay, detection.at)) {
      const grown = grow(stay, detection, count)
      this.#stays.set(key, grown)
      return { stay: grown, isNew: false }
    }
    const begun = begin(camera, detection, count)
    // A straggler from before the present stay is a stay of its own, and does not end this one.
    if (stay === undefined || detection.at > stay.at) this.#stays.set(key, begun)
    return { stay: begun, isNew: true }
  }

  #forget(camera: string, newest: number): void {
    for (const [key, stay] of this.#stays)
      if (stay.camera === camera && newest - stay.lastAt > forgetAfterMs) this.#stays.delete(key)
  }
}
