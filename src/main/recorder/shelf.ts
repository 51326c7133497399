/**
 * What is recorded and which alerts keep it, in memory: the rules of the ring and of the budget. It touches no disk; what it names as
 * dispensable may be deleted at once, since an alert that pins and a look for the dispensable never happen at the same time.
 */
import type { AlertId } from '../../contract/alerts.ts'
import type { CameraId } from '../../contract/cameras.ts'
import type { RecordingSpan } from '../../contract/recordings.ts'

/** A file of a few seconds that begins with a frame that can be decoded by itself. */
export interface Segment {
  readonly camera: CameraId
  readonly path: string
  /** Of its camera, ascending in the order of recording, whatever the clock did meanwhile. */
  readonly seq: number
  /** `jpeg` or the codec. */
  readonly codec: string
  bytes: number
  frames: number
  firstAt: number
  lastAt: number
  /** Still being written. */
  isOpen: boolean
  readonly pins: Set<AlertId>
  /** Exports that read it now: it stays until they are done, unless a person removes it. */
  readonly readers: Set<object>
}

export interface Pin {
  readonly alert: AlertId
  readonly camera: CameraId
  readonly at: number
  readonly fromAt: number
  readonly toAt: number
  /** The alert is not over: nothing of it may go. */
  isOpen: boolean
  /** Its recording was given up: by a person, or because its days were over (`by` null). */
  gone: { readonly at: number; readonly by: string | null } | null
}

/** A gap counts no more than this, and a clock set back counts nothing: the ring is about frames, not about the clock. */
const longestStepMs = 10_000
/** Frames further apart than this are two spans. */
const gapMs = 3000
const mostNamed = 20

export class Shelf {
  readonly #segments = new Map<CameraId, Segment[]>()
  readonly #pins = new Map<AlertId, Pin>()
  /** Pins whose last seconds are still to come, by camera. */
  readonly #growing = new Map<CameraId, Set<Pin>>()
  bytes = 0

  cameras(): Iterable<CameraId> {
    return this.#segments.keys()
  }

  of(camera: CameraId): readonly Segment[] {
    return this.#segments.get(camera) ?? []
  }

  pinOf(alert: AlertId): Pin | undefined {
    return this.#pins.get(alert)
  }

  pins(): Iterable<Pin> {
    return this.#pins.values()
  }

  /** Adds a segment after all others of its camera. */
  add(segment: Segment): void {
    const list = this.#segments.get(segment.camera) ?? []
    list.push(segment)
    this.#segments.set(segment.camera, list)
    this.bytes += segment.bytes
    const growing = this.#growing.get(segment.camera)
    for (const pin of growing ?? []) {
      if (overlaps(pin, segment)) segment.pins.add(pin.alert)
      // A pin is done with when a later segment begins beyond it.
      else if (segment.firstAt > pin.toAt) growing?.delete(pin)
    }
  }

  /** The open segment has grown on disk. */
  grow(segment: Segment, by: { bytes: number; frames: number; firstAt: number; lastAt: number }): void {
    segment.bytes += by.bytes
    segment.frames += by.frames
    segment.firstAt = Math.min(segment.firstAt, by.firstAt)
    segment.lastAt = Math.max(segment.lastAt, by.lastAt)
    this.bytes += by.bytes
    for (const pin of this.#growing.get(segment.camera) ?? [])
      if (overlaps(pin, segment)) segment.pins.add(pin.alert)
  }

  remove(segment: Segment): void {
    const list = this.#segments.get(segment.camera)
    const place = list?.indexOf(segment) ?? -1
    if (list === undefined || place === -1) return
    list.splice(place, 1)
    if (list.length === 0) this.#segments.delete(segment.camera)
    this.bytes -= segment.bytes
  }

  /** From here on nothing of it is dispensable. Told again it changes only whether the alert is open. */
  pin(pin: Pin): void {
    this.#pins.set(pin.alert, pin)
    if (pin.gone !== null) return
    for (const segment of this.of(pin.camera)) if (overlaps(pin, segment)) segment.pins.add(pin.alert)
    const growing = this.#growing.get(pin.camera) ?? new Set()
    growing.add(pin)
    this.#growing.set(pin.camera, growing)
  }

  /** The alert's recording may go; what other alerts keep of it stays theirs. */
  release(pin: Pin, at: number, by: string | null): void {
    pin.gone = { at, by }
    this.#growing.get(pin.camera)?.delete(pin)
    for (const segment of this.of(pin.camera)) segment.pins.delete(pin.alert)
  }

  forget(alert: AlertId): void {
    const pin = this.#pins.get(alert)
    if (pin === undefined) return
    if (pin.gone === null) this.release(pin, 0, null)
    this.#pins.delete(alert)
  }

  /** No alert keeps them and the ring has gone beyond them. `keepMs` of the newest recording stay. */
  beyondRing(camera: CameraId, keepMs: number): Segment[] {
    const list = this.of(camera)
    const beyond: Segment[] = []
    let age = 0
    for (let place = list.length - 1; place >= 0; place--) {
      const segment = list[place] as Segment
      const next = list[place + 1]
      if (next !== undefined) age += Math.min(longestStepMs, Math.max(0, next.lastAt - segment.lastAt))
      // Counted from the segment's end: what is kept is whole segments, and never less than `keepMs`.
      if (age > keepMs && isDispensable(segment)) beyond.push(segment)
    }
    return beyond
  }

  unpinnedBefore(camera: CameraId, at: number): Segment[] {
    return this.of(camera).filter((segment) => isDispensable(segment) && segment.lastAt < at)
  }

  oldestUnpinned(): Segment | undefined {
    let oldest: Segment | undefined
    for (const list of this.#segments.values()) {
      const first = list.find(isDispensable)
      if (first !== undefined && (oldest === undefined || first.lastAt < oldest.lastAt)) oldest = first
    }
    return oldest
  }

  /** Recordings of alerts that are over, and older than `before`. */
  expired(before: number): Pin[] {
    return [...this.#pins.values()].filter((pin) => pin.gone === null && !pin.isOpen && pin.at < before)
  }

  keptBytes(camera?: CameraId): number {
    const lists = camera === undefined ? this.#segments.values() : [this.of(camera)]
    let bytes = 0
    for (const list of lists) for (const segment of list) if (segment.pins.size > 0) bytes += segment.bytes
    return bytes
  }

  overlapping(camera: CameraId, fromAt: number, toAt: number): Segment[] {
    return this.of(camera).filter((segment) => segment.frames > 0 && overlaps({ fromAt, toAt }, segment))
  }

  /** Segments that follow each other closely, as one. A frame counts whole: the ends are those of the segments. */
  spans(camera: CameraId, fromAt: number, toAt: number): RecordingSpan[] {
    const spans: RecordingSpan[] = []
    for (const segment of this.overlapping(camera, fromAt, toAt)) {
      const { firstAt, lastAt, codec, bytes, frames } = segment
      const last = spans.at(-1)
      const follows =
        last !== undefined &&
        last.codec === codec &&
        firstAt >= last.toAt - gapMs &&
        firstAt - last.toAt <= gapMs
      if (follows) {
        last.toAt = Math.max(last.toAt, lastAt)
        last.bytes += bytes
        last.frames += frames
        for (const alert of segment.pins)
          if (last.alerts.length < mostNamed && !last.alerts.includes(alert)) last.alerts.push(alert)
      } else {
        const alerts = [...segment.pins].slice(0, mostNamed)
        spans.push({ fromAt: firstAt, toAt: lastAt, codec, frames, bytes, alerts })
      }
    }
    return spans
  }
}

function isDispensable(segment: Segment): boolean {
  return segment.pins.size === 0 && segment.readers.size === 0 && !segment.isOpen
}

function overlaps(span: { fromAt: number; toAt: number }, segment: Segment): boolean {
  return segment.firstAt <= span.toAt && segment.lastAt >= span.fromAt
}
