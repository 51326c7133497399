/** A clock moved by hand: timers run in order of their time, as far as `advance` goes. */
import type { Clock } from '../../../../src/main/io/clock.ts'

interface Timer {
  at: number
  readonly periodMs: number | null
  readonly run: () => void
}

export class HandClock implements Clock {
  #now: number
  #monotonic = 1000
  readonly #timers = new Set<Timer>()

  constructor(now = Date.parse('2026-03-01T12:00:00Z')) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ at: this.#monotonic + delayMs, periodMs: null, run })
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ at: this.#monotonic + periodMs, periodMs, run })
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  advance(ms: number): void {
    const end = this.#monotonic + ms
    for (;;) {
      const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#step(Math.max(0, next.at - this.#monotonic))
      if (next.periodMs === null) this.#timers.delete(next)
      else next.at += next.periodMs
      next.run()
    }
    this.#step(end - this.#monotonic)
  }

  #step(ms: number): void {
    this.#monotonic += ms
    this.#now += ms
  }
}
