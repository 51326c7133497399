/** A clock that jumps from timer to timer, and a line in memory: a million transactions in seconds. No port, no bytes of the system. */
import type { Clock } from '../../../../src/main/io/clock.ts'
import type { SerialLine } from '../../../../src/main/io/serial.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

export class VirtualClock implements Clock {
  #at = 1000
  #order = 0
  #timers: Timer[] = []

  now(): number {
    return 1_767_225_600_000 + this.#at
  }

  monotonic(): number {
    return this.#at
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#at + delayMs, order: this.#order++, run }
    this.#timers.push(timer)
    return () => {
      const at = this.#timers.indexOf(timer)
      if (at >= 0) this.#timers.splice(at, 1)
    }
  }

  every(): () => void {
    throw new Error('not needed here')
  }

  get timers(): number {
    return this.#timers.length
  }

  /** Moves to the next timer and runs it; false when there is none before `until`. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    let next: Timer | null = null
    for (const timer of this.#timers)
      if (next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer
    if (next === null || next.at > until) return false
    this.#timers.splice(this.#timers.indexOf(next), 1)
    this.#at = Math.max(this.#at, next.at)
    next.run()
    return true
  }

  /** Runs all timers of the next `ms`. */
  advance(ms: number): void {
    const until = this.#at + ms
    while (this.step(until)) {}
    this.#at = until
  }
}

/** What a master writes is given to `wrote`. */
export class MemoryLine implements SerialLine {
  readonly path = 'memory'
  isOpen = true
  readonly generation: number
  readonly #wrote: (bytes: Uint8Array) => void

  constructor(wrote: (bytes: Uint8Array) => void, generation = 1) {
    this.#wrote = wrote
    this.generation = generation
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) throw new Error('the line is closed')
    this.#wrote(bytes)
  }

  async setDtr(): Promise<void> {}
}
