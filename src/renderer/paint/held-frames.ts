/**
 * Decoded pictures waiting for what was found in them: a box is drawn only on the very picture it was found in. A picture waits about
 * as long as results take, never longer than a limit; then it is painted without. One that is overtaken is not painted at all. While
 * nothing is found out about the camera, nothing waits.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import type { FacesNow } from '../../contract/faces.ts'
import type { Clock } from './painter.ts'

/** No picture waits longer, however slow the results are: people look at this to see what happens now. */
export const longestHoldMs = 150
/** Pictures held at a time: a decoder has only so many to give. */
export const mostHeld = 8
/** Results that stayed away this long have ended: then nothing waits for them. */
const quietMs = 2000
const slackMs = 6
const share = 0.1

interface Held<P> {
  readonly picture: P
  readonly header: FrameHeader
  readonly shown: () => void
  readonly dueAt: number
}

export interface HeldDoors<P> {
  /** `found` belongs to this very picture; null: nothing is known of it. `dropped` pictures are never painted. */
  paint(picture: P, found: FacesNow | null, header: FrameHeader): void
  drop(picture: P): void
}

export class HeldFrames<P> {
  readonly #doors: HeldDoors<P>
  readonly #clock: Clock
  #held: Held<P>[] = []
  #cancel: () => void = () => {}
  /** The newest result, which may be ahead of its picture: decoding takes time too. */
  #results: FacesNow[] = []
  #paintedFrame = -1
  /** From a picture's arrival at the app to its result here: smoothed, and how far it strays. */
  #latencyMs = 0
  #straysMs = 0
  #resultAt = Number.NEGATIVE_INFINITY

  constructor(doors: HeldDoors<P>, clock: Clock) {
    this.#doors = doors
    this.#clock = clock
  }

  get size(): number {
    return this.#held.length
  }

  /** How long a picture waits now, after it reached the app. */
  get holdMs(): number {
    if (this.#clock.now() - this.#resultAt > quietMs) return 0
    return Math.min(longestHoldMs, this.#latencyMs + 3 * this.#straysMs + slackMs)
  }

  show(picture: P, header: FrameHeader, shown: () => void): void {
    // A stream that was opened anew counts from the beginning again.
    if (header.frame <= this.#paintedFrame) this.#reset()
    const now = this.#clock.now()
    const dueAt = Math.min(now + longestHoldMs, header.receivedAt + this.holdMs)
    this.#held.push({ picture, header, shown, dueAt })
    if (this.#held.length > mostHeld) this.#paintThrough(0, null)
    const found = this.#results.find((one) => belongs(one, header))
    if (found !== undefined) this.#paintThrough(this.#held.length - 1, found)
    else this.#paintDue()
  }

  result(found: FacesNow): void {
    if (found.frame === null) return
    const now = this.#clock.now()
    const at = this.#held.findIndex(({ header }) => belongs(found, header))
    const receivedAt = this.#held[at]?.header.receivedAt ?? found.at
    this.#learn(Math.min(1000, Math.max(0, now - receivedAt)), now)
    this.#results = [...this.#results, found].slice(-mostHeld)
    if (at !== -1) this.#paintThrough(at, found)
  }

  /** Everything held is given back unpainted. */
  close(): void {
    this.#cancel()
    for (const { picture } of this.#held) this.#doors.drop(picture)
    this.#held = []
    this.#results = []
  }

  #reset(): void {
    this.close()
    this.#paintedFrame = -1
  }

  #learn(latencyMs: number, now: number): void {
    const isFirst = now - this.#resultAt > quietMs
    this.#resultAt = now
    if (isFirst) {
      this.#latencyMs = latencyMs
      this.#straysMs = latencyMs / 4
      return
    }
    this.#straysMs += (Math.abs(latencyMs - this.#latencyMs) - this.#straysMs) * share
    this.#latencyMs += (latencyMs - this.#latencyMs) * share
  }

  /** Paints the one at `index`; those before it are overtaken. */
  #paintThrough(index: number, found: FacesNow | null): void {
    const chosen = this.#held[index]
    if (chosen === undefined) return
    for (const { picture } of this.#held.slice(0, index)) this.#doors.drop(picture)
    this.#held = this.#held.slice(index + 1)
    this.#paintedFrame = chosen.header.frame
    this.#doors.paint(chosen.picture, found, chosen.header)
    chosen.shown()
    this.#wait()
  }

  /** The newest that is due: the ones before it would be covered at once. */
  #paintDue(): void {
    const now = this.#clock.now()
    const index = this.#held.findLastIndex(({ dueAt }) => dueAt <= now)
    if (index === -1) this.#wait()
    else this.#paintThrough(index, null)
  }

  #wait(): void {
    this.#cancel()
    const [first] = this.#held
    if (first === undefined) return
    const soonest = this.#held.reduce((at, { dueAt }) => Math.min(at, dueAt), first.dueAt)
    this.#cancel = this.#clock.after(Math.max(0, soonest - this.#clock.now()), () => this.#paintDue())
  }
}

/** A result that is older than the picture is of a stream before this one, which counted up to the same number. */
function belongs(found: FacesNow, header: FrameHeader): boolean {
  return found.frame === header.frame && found.receivedAt >= header.receivedAt
}
