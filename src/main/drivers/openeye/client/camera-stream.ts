/** One camera's MJPEG stream, opened again for as long as somebody wants it; the newest frame only, nothing is queued. */
import type { Clock } from '../../../io/clock.ts'
import type { HttpClient } from '../../../io/http-client.ts'
import { openMjpeg } from '../../../io/mjpeg-stream.ts'
import { FrameRing, type KeptFrame } from './frame-ring.ts'

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
  #tries = 0
  #trouble = ''

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
    this.#undo()
  }

  #open(): void {
    const { clock, http, url, headers, mayOpen } = this.#parts
    if (!mayOpen()) {
      this.#cancelAgain = clock.after(1000, () => this.#open())
      return
    }
    this.#undo = openMjpeg(
      { clock, http, url, headers: headers() },
      {
        answered: (status) => {
          this.#parts.opened(status)
          return status === 200 ? '' : wordsOf(status)
        },
        frame: (frame) => this.#took(frame),
        ended: (reason) => this.#failed(reason),
      },
    )
  }

  #took(frame: KeptFrame): void {
    this.#tries = 0
    this.#trouble = ''
    this.ring.push(frame)
    this.#parts.frame(frame)
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
