/** One recorded camera: a viewer of its stream that takes each frame in the step in which it comes, so that none is passed over. */
import type { CameraId, FrameHeader } from '../../contract/cameras.ts'
import type { Clock } from '../io/clock.ts'
import type { FrameSlot } from '../link.ts'
import type { Frames } from '../live/frames.ts'
import type { Ring } from './ring.ts'

/** After a silence as long as this the segment is ended, and the camera is said to be waited for. */
const silentMs = 5000

export class CameraWatch {
  readonly #camera: CameraId
  readonly #ring: Ring
  readonly #clock: Clock
  #slot: FrameSlot | null = null
  #lastMono = Number.NEGATIVE_INFINITY
  /** Why its stream brings nothing. */
  trouble = ''

  constructor(camera: CameraId, frames: Pick<Frames, 'open'>, ring: Ring, clock: Clock) {
    this.#camera = camera
    this.#ring = ring
    this.#clock = clock
    this.#slot = frames.open(camera, () => this.#drain())
    this.#drain()
  }

  get isRecording(): boolean {
    return this.trouble === '' && this.#clock.monotonic() - this.#lastMono < silentMs
  }

  tick(): void {
    if (!this.isRecording) this.#ring.end(this.#camera)
  }

  close(): void {
    this.#slot?.close()
    this.#slot = null
    this.#ring.end(this.#camera)
  }

  #drain(): void {
    for (let taken = this.#slot?.take(); taken; taken = this.#slot?.take())
      this.#hear(taken.header, taken.bytes)
  }

  #hear(header: FrameHeader, bytes: Uint8Array): void {
    this.trouble = header.trouble
    if (header.trouble !== '') {
      this.#ring.end(this.#camera)
      return
    }
    this.#lastMono = this.#clock.monotonic()
    const { receivedAt, capturedAt, video, widthPx, heightPx } = header
    this.#ring.record(this.#camera, { receivedAt, capturedAt, video, widthPx, heightPx, bytes })
  }
}
