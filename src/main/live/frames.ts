/**
 * Live pictures between links and whoever looks: a camera's stream is open while somebody does, and each viewer holds one
 * slot with the newest frame. Memory is bounded by cameras × viewers, never by how fast frames come.
 */
import type { CameraId, FrameHeader } from '../../contract/cameras.ts'
import type { FrameArrived } from '../fact.ts'
import type { Clock } from '../io/clock.ts'
import type { CameraSource, FrameSlot } from '../link.ts'

/** A change of layout closes and opens the same camera: its stream stays open this long without a viewer. */
const lingerMs = 2000
/** A new viewer is shown the last frame at once while it is younger than this. */
const freshMs = 1000
const fpsWindowMs = 3000
/** Frames whose time is kept for the rate; faster cameras are measured over less than the window. */
const longestWindow = 256

/** A frame crosses to a screen in one message of at most 4 MiB, header included. */
export const longestFrameBytes = 4 * 1024 * 1024 - 4096

const noBytes = new Uint8Array()
const tooLarge = 'Its frames are larger than 4 MiB: lower the resolution or the quality at the camera'
const noSource = 'No running link brings this camera'

interface Taken {
  readonly header: FrameHeader
  readonly bytes: Uint8Array
}

interface Viewer {
  pending: Taken | null
  dropped: number
  readonly wake: () => void
}

interface Stream {
  readonly viewers: Set<Viewer>
  /** Where it is open; null while no running link has the camera. */
  source: CameraSource | null
  undo: () => void
  frame: number
  /** Monotonic times of the last frames. */
  readonly times: number[]
  last: Taken | null
  lastMono: number
  trouble: string
  stopLinger: () => void
}

function nothing(): void {}

export class Frames {
  readonly #clock: Clock
  readonly #sourceOf: (camera: CameraId) => CameraSource | undefined
  readonly #streams = new Map<CameraId, Stream>()
  /** Of streams a link keeps open although nobody looks: the next viewer must hear of it, and it is told only once. */
  readonly #unseenTroubles = new Map<CameraId, string>()

  /** `sourceOf` names the running link's cameras; another answer for the same camera means that the link started again. */
  constructor(clock: Clock, sourceOf: (camera: CameraId) => CameraSource | undefined) {
    this.#clock = clock
    this.#sourceOf = sourceOf
  }

  open(camera: CameraId, wake: () => void): FrameSlot {
    const stream = this.#streams.get(camera) ?? this.#begin(camera)
    stream.stopLinger()
    const viewer: Viewer = { pending: this.#first(stream), dropped: 0, wake }
    stream.viewers.add(viewer)
    return {
      take() {
        const taken = viewer.pending
        if (taken === null) return null
        viewer.pending = null
        const header = { ...taken.header, dropped: viewer.dropped }
        viewer.dropped = 0
        return { header, bytes: taken.bytes }
      },
      close: () => {
        viewer.pending = null
        if (stream.viewers.delete(viewer) && stream.viewers.size === 0) this.#linger(camera, stream)
      },
    }
  }

  /** A frame nobody looks at costs two look-ups. */
  push(fact: FrameArrived): void {
    const stream = this.#streams.get(fact.camera)
    if (stream === undefined) {
      this.#unseenTroubles.delete(fact.camera)
      return
    }
    if (fact.bytes.length > longestFrameBytes) {
      this.trouble(fact.camera, tooLarge)
      return
    }
    const now = this.#clock.monotonic()
    stream.frame++
    stream.trouble = ''
    const { receivedAt, widthPx, heightPx, bytes } = fact
    const { frame } = stream
    const fps = rate(stream.times, now)
    const taken = {
      header: {
        frame,
        receivedAt,
        capturedAt: fact.capturedAt ?? null,
        video: fact.video ?? null,
        widthPx,
        heightPx,
        dropped: 0,
        fps,
        trouble: '',
      },
      bytes,
    }
    stream.last = taken
    stream.lastMono = now
    show(stream, taken)
  }

  /** The same trouble again is no news; the next frame ends it. */
  trouble(camera: CameraId, trouble: string): void {
    const stream = this.#streams.get(camera)
    if (stream === undefined) this.#unseenTroubles.set(camera, trouble)
    if (stream === undefined || trouble === '' || stream.trouble === trouble) return
    stream.trouble = trouble
    stream.last = null
    stream.times.length = 0
    show(stream, this.#troubled(stream))
  }

  /** Links come, go and start again: every open stream moves to the source its camera has now. */
  refresh(): void {
    for (const [camera, stream] of this.#streams) {
      const source = this.#sourceOf(camera) ?? null
      if (source === stream.source) continue
      stream.undo()
      this.#connect(camera, stream, source)
    }
    for (const camera of this.#unseenTroubles.keys())
      if (this.#sourceOf(camera) === undefined) this.#unseenTroubles.delete(camera)
  }

  close(): void {
    for (const [camera, stream] of this.#streams) this.#end(camera, stream)
  }

  #begin(camera: CameraId): Stream {
    const stream: Stream = {
      viewers: new Set(),
      source: null,
      undo: nothing,
      frame: 0,
      times: [],
      last: null,
      lastMono: 0,
      trouble: this.#unseenTroubles.get(camera) ?? '',
      stopLinger: nothing,
    }
    this.#unseenTroubles.delete(camera)
    this.#streams.set(camera, stream)
    this.#connect(camera, stream, this.#sourceOf(camera) ?? null)
    return stream
  }

  #connect(camera: CameraId, stream: Stream, source: CameraSource | null): void {
    stream.source = source
    stream.undo = nothing
    if (source === null) this.trouble(camera, noSource)
    else stream.undo = source.open(camera)
  }

  #first(stream: Stream): Taken | null {
    if (stream.trouble !== '') return this.#troubled(stream)
    return this.#clock.monotonic() - stream.lastMono < freshMs ? stream.last : null
  }

  #troubled({ frame, trouble }: Stream): Taken {
    const receivedAt = this.#clock.now()
    const none = { capturedAt: null, video: null, widthPx: 0, heightPx: 0, dropped: 0, fps: 0 }
    const header = { ...none, frame, receivedAt, trouble }
    return { header, bytes: noBytes }
  }

  #linger(camera: CameraId, stream: Stream): void {
    stream.stopLinger()
    stream.stopLinger = this.#clock.after(lingerMs, () => this.#end(camera, stream))
  }

  #end(camera: CameraId, stream: Stream): void {
    stream.stopLinger()
    this.#streams.delete(camera)
    if (stream.trouble !== '' && stream.source !== null) this.#unseenTroubles.set(camera, stream.trouble)
    stream.undo()
  }
}

function show(stream: Stream, taken: Taken): void {
  for (const viewer of stream.viewers) {
    // Only a picture counts as passed over: a trouble that ended unseen is no loss.
    if (viewer.pending !== null && viewer.pending.header.trouble === '') viewer.dropped++
    viewer.pending = taken
    viewer.wake()
  }
}

/** Takes in one more frame; frames per second over the window. */
function rate(times: number[], now: number): number {
  times.push(now)
  while (times.length > longestWindow || now - (times[0] ?? now) > fpsWindowMs) times.shift()
  const spanMs = now - (times[0] ?? now)
  return spanMs > 0 ? ((times.length - 1) * 1000) / spanMs : 0
}
