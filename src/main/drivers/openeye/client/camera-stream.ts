/** One camera's MJPEG stream, opened again for as long as somebody wants it; the newest frame only, nothing is queued. */
import type { Clock } from '../../../io/clock.ts'
import type { HttpClient } from '../../../io/http-client.ts'
import { boundaryOf, type MjpegFrame, MjpegParser } from '../../../io/mjpeg.ts'
import { jpegSize } from '../../../io/picture.ts'
import { FrameRing, type KeptFrame } from './frame-ring.ts'

const stallMs = 5000
const openWithinMs = 8000
/** Bytes may come and never make a picture. */
const frameWithinMs = 10_000
const againMs = [1000, 2000, 5000, 10_000, 15_000]
export const notStreamed = 'the server does not stream this camera'
export const notRunning = 'the camera is not running: activate it'

export interface StreamParts {
  readonly clock: Clock
  readonly http: HttpClient
  readonly url: string
  readonly headers: () => Readonly<Record<string, string>>
  /** False: not now, too many requests. */
  readonly mayOpen: () => boolean
  readonly opened: (status: number) => void
  readonly frame: (frame: KeptFrame) => void
  readonly troubled: (trouble: string) => void
}

export class CameraStream {
  readonly ring = new FrameRing()
  readonly #parts: StreamParts
  #wanted = false
  #undo: () => void = () => {}
  #cancelAgain: () => void = () => {}
  #stopWatching: () => void = () => {}
  #tries = 0
  #trouble = ''
  #frameMono = 0

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#tries = 0
    this.#open()
  }

  /** Something changed at the camera: not at the next try but now, unless frames are coming. */
  retry(): void {
    if (!this.#wanted || this.#trouble === '') return
    this.#tries = 0
    this.#end()
    this.#open()
  }

  stop(): void {
    this.#wanted = false
    this.#trouble = ''
    this.#end()
    this.ring.clear()
  }

  #end(): void {
    this.#cancelAgain()
    this.#stopWatching()
    this.#undo()
  }

  #open(): void {
    const { clock, http, url, headers, mayOpen } = this.#parts
    if (!mayOpen()) {
      this.#cancelAgain = clock.after(1000, () => this.#open())
      return
    }
    let parser: MjpegParser | null = null
    this.#frameMono = clock.monotonic()
    this.#stopWatching = clock.every(frameWithinMs / 2, () => {
      if (clock.monotonic() - this.#frameMono < frameWithinMs) return
      this.#failed('what comes is no picture')
    })
    this.#undo = http.openStream(
      { url, headers: headers(), openWithinMs, stallMs },
      {
        opened: (status, answered) => {
          this.#parts.opened(status)
          if (status === 200) {
            const boundary = boundaryOf(answered['content-type'])
            if (boundary !== null) parser = new MjpegParser(boundary)
            else this.#failed('the answer of the server is no stream of pictures')
          } else this.#failed(wordsOf(status))
          return parser !== null
        },
        chunk: (bytes) => this.#frames(parser?.push(bytes, clock.now()) ?? []),
        ended: (reason) => this.#failed(reason),
      },
    )
  }

  #frames(frames: readonly MjpegFrame[]): void {
    const { clock } = this.#parts
    for (const { bytes, firstByteAt } of frames) {
      const size = jpegSize(bytes)
      if (size === null) continue
      this.#frameMono = clock.monotonic()
      this.#tries = 0
      this.#trouble = ''
      const frame = { bytes, ...size, receivedAt: firstByteAt }
      this.ring.push(frame)
      this.#parts.frame(frame)
      if (!this.#wanted) return
    }
  }

  #failed(reason: string): void {
    this.#end()
    if (!this.#wanted) return
    const delayMs = againMs[Math.min(this.#tries, againMs.length - 1)] ?? 1000
    this.#tries += 1
    this.#cancelAgain = this.#parts.clock.after(delayMs, () => this.#open())
    if (reason === this.#trouble) return
    this.#trouble = reason
    this.#parts.troubled(reason)
  }
}

function wordsOf(status: number): string {
  if (status === 404) return notStreamed
  if (status === 503) return notRunning
  if (status === 401 || status === 403) return 'the server does not let this account see the camera'
  if (status === 500 || status === 429) return 'the server failed, or its limit of requests is reached'
  return `the server answered HTTP ${status}`
}
