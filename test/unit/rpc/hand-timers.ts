/** Time that moves when the test says so. */
import type { Timers } from '../../../src/rpc/timers.ts'

export class HandTimers implements Timers {
  #now = 1_000_000
  readonly #due = new Set<{ readonly at: number; readonly run: () => void }>()

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + delayMs, run }
    this.#due.add(timer)
    return () => {
      this.#due.delete(timer)
    }
  }

  /** Runs what falls due, in order, and lets promises settle in between. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (;;) {
      const next = [...this.#due].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#due.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await settled()
    }
    this.#now = until
  }
}

/** Everything that is ready to run has run: in memory nothing waits for more than a few turns. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
}
