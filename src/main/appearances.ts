/**
 * Faces of thirty pictures a second to a row per person and visit. The same person at the same camera, never away for 30 s, is one
 * appearance; a face nobody knows is the same one as long as its box overlaps where it was. An appearance grows: when it was last
 * seen, how often, and its best moment with the picture of that moment. It is written at once when it begins, then at most every 5 s.
 */
import type { CameraId } from '../contract/cameras.ts'
import type { Box } from '../contract/events.ts'
import type { EventDetected, FacesFound } from './fact.ts'
import type { Clock } from './io/clock.ts'
import { readPicture } from './io/picture.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'

const awayMs = 30_000
const writeEveryMs = 5000
const sweepEveryMs = 500
/** Less of a common area is another face beside it. */
const leastOverlap = 0.2
/** Beyond that the longest unseen one is closed early: crowds must not grow memory. */
const mostPerCamera = 60

type Told = EventDetected['event']
type Face = FacesFound['faces'][number]

interface Moment {
  readonly at: number
  readonly confidence: number | null
  /** Part of the picture below, where there is one, else of the camera's. */
  readonly box: Box | null
  readonly bytes: Uint8Array | null
}

interface Appearance {
  readonly sourceId: string
  readonly link: FacesFound['link']
  readonly camera: CameraId
  readonly person: string | null
  readonly at: number
  readonly receivedAt: number
  lastAt: number
  count: number
  /** Where it was last, in the camera's picture. */
  lastBox: Box | null
  best: Moment
  /** The best moment's picture is not on disk yet. */
  isBetter: boolean
  isChanged: boolean
  /** The last write did: the next one has time. */
  hasFailed: boolean
  writing: number
  seenMono: number
  writtenMono: number
}

interface Parts {
  readonly clock: Clock
  readonly log: Log
  nameOf(camera: CameraId): string | null
  /** Resolves when it is on disk. */
  keep(event: Told): Promise<unknown>
}

export class Appearances {
  readonly #parts: Parts
  /** By engine and camera. */
  readonly #open = new Map<string, Appearance[]>()
  readonly #writes = new Set<Promise<void>>()
  readonly #stop: () => void
  #begun = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#stop = parts.clock.every(sweepEveryMs, () => this.#sweep())
  }

  get size(): number {
    let size = 0
    for (const list of this.#open.values()) size += list.length
    return size
  }

  take(fact: FacesFound): void {
    if (fact.faces.length === 0) return
    const key = `${fact.link}\n${fact.camera}`
    const list = this.#open.get(key) ?? []
    this.#open.set(key, list)
    // Of two strangers each goes to the appearance it overlaps most, and no appearance is two faces of one picture.
    const taken = new Set<Appearance>()
    for (const face of fact.faces) {
      const known = this.#find(list, face, fact.at, taken)
      const appearance = known ?? this.#begin(list, face, fact)
      taken.add(appearance)
      if (known !== undefined) this.#grow(known, face, fact)
    }
  }

  /** Everything unwritten is on disk when it resolves. */
  async close(): Promise<void> {
    this.#stop()
    for (const list of this.#open.values()) for (const one of list) if (one.isChanged) this.#write(one)
    this.#open.clear()
    await Promise.all(this.#writes)
  }

  #find(
    list: readonly Appearance[],
    { person, box }: Face,
    at: number,
    taken: ReadonlySet<Appearance>,
  ): Appearance | undefined {
    const here = list.filter((one) => one.person === person && Math.abs(at - one.lastAt) < awayMs)
    if (person !== null) return here[0]
    let found: Appearance | undefined
    let most = leastOverlap
    for (const one of here) {
      if (taken.has(one)) continue
      // Without a place there is nothing to tell strangers apart by.
      if (box === null || one.lastBox === null) {
        if (box === one.lastBox) return one
        continue
      }
      const overlap = overlapOf(box, one.lastBox)
      if (overlap < most) continue
      most = overlap
      found = one
    }
    return found
  }

  #begin(list: Appearance[], face: Face, fact: FacesFound): Appearance {
    const { clock } = this.#parts
    this.#begun += 1
    const mono = clock.monotonic()
    const appearance: Appearance = {
      sourceId: `appearance:${fact.camera}:${fact.at}:${this.#begun}`,
      link: fact.link,
      camera: fact.camera,
      person: face.person,
      at: fact.at,
      receivedAt: fact.receivedAt,
      lastAt: fact.at,
      count: 1,
      lastBox: face.box,
      best: momentOf(face, fact),
      isBetter: true,
      isChanged: true,
      hasFailed: false,
      writing: 0,
      seenMono: mono,
      writtenMono: mono,
    }
    if (list.length >= mostPerCamera) this.#closeOldest(list)
    list.push(appearance)
    this.#write(appearance)
    return appearance
  }

  #grow(one: Appearance, face: Face, fact: FacesFound): void {
    one.count += 1
    one.isChanged = true
    one.seenMono = this.#parts.clock.monotonic()
    // Answers may overtake each other: an older picture says nothing new of where it is.
    if (fact.at >= one.lastAt) {
      one.lastAt = fact.at
      one.lastBox = face.box
    }
    const { confidence } = face
    if (confidence === null || (one.best.confidence !== null && confidence <= one.best.confidence)) return
    one.best = momentOf(face, fact)
    one.isBetter = true
  }

  #sweep(): void {
    const mono = this.#parts.clock.monotonic()
    for (const [key, list] of this.#open) {
      const here = list.filter((one) => {
        const isOver = mono - one.seenMono >= awayMs
        const isDue = mono - one.writtenMono >= writeEveryMs
        if (one.isChanged && (isDue || (isOver && !one.hasFailed))) this.#write(one)
        return !isOver || one.isChanged || one.writing > 0
      })
      if (here.length === 0) this.#open.delete(key)
      else if (here.length < list.length) this.#open.set(key, here)
    }
  }

  #closeOldest(list: Appearance[]): void {
    const oldest = list.reduce((a, b) => (b.seenMono < a.seenMono ? b : a))
    list.splice(list.indexOf(oldest), 1)
    if (oldest.isChanged) this.#write(oldest)
  }

  #write(one: Appearance): void {
    const { clock, log } = this.#parts
    one.writtenMono = clock.monotonic()
    one.isChanged = false
    one.writing += 1
    const { best } = one
    const write = this.#parts.keep(this.#eventOf(one)).then(
      () => {
        one.writing -= 1
        one.hasFailed = false
        if (one.best !== best) return
        // Its picture is on disk: there is no need to hold it.
        one.isBetter = false
        one.best = { ...best, bytes: null }
      },
      (error: unknown) => {
        // What it says is told again, whole, with the next write.
        one.writing -= 1
        one.hasFailed = true
        one.isChanged = true
        log.error('appearance-not-stored', { appearance: one.sourceId, error: String(error) })
      },
    )
    this.#writes.add(write)
    void write.then(() => this.#writes.delete(write))
  }

  #eventOf(one: Appearance): Told {
    const { best, link, camera, person, at, lastAt, count, receivedAt, sourceId } = one
    const cameraName = this.#parts.nameOf(camera)
    const read = one.isBetter && best.bytes !== null ? readPicture(Buffer.from(best.bytes)) : null
    return {
      link,
      sourceId,
      camera,
      cameraName,
      kind: person === null ? 'face-unknown' : 'face-recognized',
      person,
      confidence: best.confidence,
      text: `${person ?? 'Unknown face'} at ${cameraName ?? camera}`,
      at,
      lastAt,
      count,
      receivedAt,
      box: best.box === null ? null : { ...best.box, at: best.at },
      picture: read?.ok ? { evidence: read.evidence, bytes: read.bytes } : null,
      pictureAt: read?.ok ? best.at : null,
      raw: null,
    }
  }
}

export function appearancesIn(store: Store, live: Live, clock: Clock, log: Log): Appearances {
  const nameOf = (camera: CameraId) => live.cameras.get(camera)?.name ?? null
  return new Appearances({ clock, log, nameOf, keep: (event) => store.addEvent(event) })
}

/** The box as a part of the very picture that is kept: a face server was sent a square, which may be more or less than the camera's. */
function momentOf({ box, confidence }: Face, { at, picture }: FacesFound): Moment {
  const bytes = picture?.bytes ?? null
  const excerpt = picture?.excerpt
  if (box === null || excerpt === undefined) return { at, confidence, box, bytes }
  const x = (box.x - excerpt.x) / excerpt.width
  const y = (box.y - excerpt.y) / excerpt.height
  return {
    at,
    confidence,
    bytes,
    box: { x, y, width: box.width / excerpt.width, height: box.height / excerpt.height },
  }
}

/** Common area as a share of the area of both together, 0..1. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / (a.width * a.height + b.width * b.height - common)
}
