/** How fast one camera's pictures are looked at, and how long a picture takes until its result is there. */
import type { Clock } from '../io/clock.ts'

const windowMs = 3000
/** No rate is told of less. */
const shortestMs = 1000
/** 30 a second over the window, and some. */
const mostTimes = 128
/** Pictures at a server whose result may still come. */
const mostSent = 64

export class Figures {
  readonly #clock: Clock
  readonly #times: number[] = []
  /** Frame → when it reached the app. */
  readonly #sent = new Map<number, number>()
  latencyMs: number | null = null
  passedOver = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  sent(frame: number, receivedAt: number): void {
    this.#sent.set(frame, receivedAt)
    const [oldest] = this.#sent.keys()
    if (this.#sent.size > mostSent && oldest !== undefined) this.#sent.delete(oldest)
  }

  /** The result for a picture that was sent; one for anything else is not counted. */
  answered(frame: number | null, at: number): void {
    const receivedAt = frame === null ? undefined : this.#sent.get(frame)
    if (frame === null || receivedAt === undefined) return
    this.#sent.delete(frame)
    this.looked(receivedAt, at)
  }

  looked(receivedAt: number, at: number): void {
    this.latencyMs = Math.max(0, at - receivedAt)
    this.#times.push(this.#clock.monotonic())
    if (this.#times.length > mostTimes) this.#times.shift()
  }

  perSecond(): number {
    const now = this.#clock.monotonic()
    while (this.#times.length > 0 && now - (this.#times[0] ?? now) > windowMs) this.#times.shift()
    const [first] = this.#times
    const last = this.#times.at(-1)
    if (first === undefined || last === undefined) return 0
    // The first few after a pause come in a bunch. To a tenth: a row that changed only in the last digits is no news.
    const overMs = Math.max(shortestMs, last - first)
    return Math.round(((this.#times.length - 1) * 10_000) / overMs) / 10
  }

  /** Another looks from now on: what was measured of the one before says nothing about it. */
  reset(): void {
    this.#times.length = 0
    this.#sent.clear()
    this.latencyMs = null
  }
}
