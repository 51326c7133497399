/**
 * Live pictures between links and whoever looks: a camera's stream is open while somebody does. Memory is bounded by
 * cameras × viewers, never by how fast frames come: what waits for a viewer is in `frame-viewer.ts`.
 */
import type { CameraId } from '../../contract/cameras.ts'
import type { FrameArrived } from '../fact.ts'
import type { Clock } from '../io/clock.ts'
import type { CameraSource, FrameSlot } from '../link.ts'
import { FrameViewer } from './frame-viewer.ts'
import { mostGroupUnits, type Taken, VideoGroup } from './video-group.ts'

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
const noKeyFrame =
  'Its video has no key frame to begin with: set a key frame every second or two at the camera'
const notJpeg = 'This camera sends H.264 video, which only the screens of Watchfloor itself can show'

interface Stream {
  readonly viewers: Set<FrameViewer>
  /** Those among them that can use nothing but JPEGs. */
  readonly jpegOnly: Set<FrameViewer>
  readonly group: VideoGroup
  /** Video units passed over since there was one that could be shown. */
  beforeKey: number
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

  /** `takes: 'jpeg'` is told in words that a camera sends video, instead of being sent it. */
  open(camera: CameraId, wake: () => void, takes: 'all' | 'jpeg' = 'all'): FrameSlot {
    const stream = this.#streams.get(camera) ?? this.#begin(camera)
    stream.stopLinger()
    const viewer = new FrameViewer(wake, () => {
      stream.jpegOnly.delete(viewer)
      if (stream.viewers.delete(viewer) && stream.viewers.size === 0) this.#linger(camera, stream)
    })
    this.#first(stream, viewer, takes)
    stream.viewers.add(viewer)
    if (takes === 'jpeg') stream.jpegOnly.add(viewer)
    return viewer
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
    const fps = rate(stream.times, now)
    const { receivedAt, widthPx, heightPx, bytes, video = null, capturedAt = null } = fact
    const { frame } = stream
    const header = { frame, receivedAt, capturedAt, video, widthPx, heightPx, dropped: 0, fps, trouble: '' }
    const taken = { header, bytes }
    if (video === null) stream.group.clear()
    else if (video.isKey || stream.group.hasKey) stream.group.add(taken, video.isKey)
    else {
      // Nobody can decode it: after a loss, as from the beginning, pictures start with a key frame.
      if (++stream.beforeKey > mostGroupUnits) this.trouble(fact.camera, noKeyFrame)
      return
    }
    stream.beforeKey = 0
    stream.trouble = ''
    stream.last = taken
    stream.lastMono = now
    for (const viewer of stream.viewers) {
      if (video === null) viewer.newest(taken, now)
      else if (!stream.jpegOnly.has(viewer)) viewer.unit(taken, video.isKey, stream.group, now)
      else if (video.isKey) viewer.newest(this.#troubled(frame, notJpeg), now)
    }
  }

  /** The same trouble again is no news; the next frame ends it. */
  trouble(camera: CameraId, trouble: string): void {
    const stream = this.#streams.get(camera)
    if (stream === undefined) this.#unseenTroubles.set(camera, trouble)
    if (stream === undefined || trouble === '' || stream.trouble === trouble) return
    stream.trouble = trouble
    stream.last = null
    stream.times.length = 0
    stream.group.clear()
    stream.beforeKey = 0
    const taken = this.#troubled(stream.frame, trouble)
    for (const viewer of stream.viewers) viewer.newest(taken, this.#clock.monotonic())
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
      jpegOnly: new Set(),
      group: new VideoGroup(),
      beforeKey: 0,
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
    stream.group.clear()
    stream.beforeKey = 0
    if (source === null) this.trouble(camera, noSource)
    else stream.undo = source.open(camera)
  }

  #first(stream: Stream, viewer: FrameViewer, takes: 'all' | 'jpeg'): void {
    const { last, frame, trouble } = stream
    const now = this.#clock.monotonic()
    if (trouble !== '') viewer.newest(this.#troubled(frame, trouble), now)
    else if (last === null || now - stream.lastMono >= freshMs) return
    else if (last.header.video === null) viewer.newest(last, now)
    else if (takes === 'jpeg') viewer.newest(this.#troubled(frame, notJpeg), now)
    else viewer.begin(stream.group, now)
  }

  #troubled(frame: number, trouble: string): Taken {
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

/** Takes in one more frame; frames per second over the window. */
function rate(times: number[], now: number): number {
  times.push(now)
  while (times.length > longestWindow || now - (times[0] ?? now) > fpsWindowMs) times.shift()
  const spanMs = now - (times[0] ?? now)
  return spanMs > 0 ? ((times.length - 1) * 1000) / spanMs : 0
}
