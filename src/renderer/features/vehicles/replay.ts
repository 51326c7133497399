/** Plays recorded frames in their own time, faster or slower. It asks for the next piece only when it has shown the one before. Framework-free. */
import type { BusFrame } from '../../../contract/modules.ts'

export const speeds = [0.5, 1, 2, 4, 8, 16] as const
export type Speed = (typeof speeds)[number]

export interface ReplayClock {
  now(): number
  /** Calls once after so many ms; returns its undo. */
  after(ms: number, call: () => void): () => void
}

/** Frames this near are shown together: no screen shows them apart. */
const togetherMs = 16

export class Replay {
  readonly #clock: ReplayClock
  readonly #show: (frames: readonly BusFrame[]) => void
  #queue: BusFrame[] = []
  /** Recorded time and screen time of the same moment; null before the first frame and after a pause. */
  #anchor: { readonly at: number; readonly now: number } | null = null
  #at = 0
  #speed: Speed = 1
  #isPaused = false
  #undo: () => void = () => {}
  #emptied: (() => void) | null = null

  constructor(clock: ReplayClock, show: (frames: readonly BusFrame[]) => void) {
    this.#clock = clock
    this.#show = show
  }

  /** Settles when all of it has been shown. */
  play(frames: readonly BusFrame[]): Promise<void> {
    this.#queue.push(...frames)
    return new Promise((done) => {
      this.#emptied = done
      this.#step()
    })
  }

  /** Recorded time that has been reached, epoch ms; never past the next frame, and 0 before the first. */
  get moment(): number {
    if (this.#at === 0 || this.#anchor === null || this.#isPaused) return this.#at
    const reached = this.#anchor.at + (this.#clock.now() - this.#anchor.now) * this.#speed
    return Math.max(this.#at, Math.min(reached, this.#queue[0]?.at ?? this.#at))
  }

  set speed(speed: Speed) {
    this.#anchor = null
    this.#speed = speed
    this.#step()
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#anchor = null
    this.#step()
  }

  close(): void {
    this.#undo()
    this.#queue = []
    this.#emptied?.()
    this.#emptied = null
  }

  #step(): void {
    this.#undo()
    const first = this.#queue[0]
    if (first === undefined) {
      this.#emptied?.()
      this.#emptied = null
      return
    }
    if (this.#isPaused) return
    const now = this.#clock.now()
    // After a pause it goes on where it was, not where it would have been.
    this.#anchor ??= { at: this.#at || first.at, now }
    const reached = this.#anchor.at + (now - this.#anchor.now) * this.#speed
    const due = this.#queue.findIndex(({ at }) => at > reached + togetherMs)
    const shown = this.#queue.splice(0, due === -1 ? this.#queue.length : due)
    if (shown.length > 0) {
      this.#at = shown.at(-1)?.at ?? this.#at
      this.#show(shown)
    }
    const next = this.#queue[0]
    if (next === undefined) this.#step()
    else this.#undo = this.#clock.after(Math.max(1, (next.at - reached) / this.#speed), () => this.#step())
  }
}
