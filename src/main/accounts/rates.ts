/** How often each of many may ask: a rate that refuses, one number of state per name, and a bounded number of names. */

const mostNames = 10_000

export interface Verdict {
  /** 0: go ahead; else ms until one more is allowed. */
  readonly waitMs: number
  /** How many more would be let through right now. */
  readonly left: number
}

/** Generic cell rate: `perMinute` on average, all of them at once after a rest. */
export class Rates {
  readonly perMinute: number
  readonly #intervalMs: number
  readonly #dueAt = new Map<string, number>()

  constructor(perMinute: number) {
    this.perMinute = perMinute
    this.#intervalMs = 60_000 / perMinute
  }

  /** `nowMs` is monotonic. A refused attempt costs nothing, so whoever waits as told gets through. */
  take(name: string, nowMs: number): Verdict {
    const dueAt = Math.max(this.#dueAt.get(name) ?? nowMs, nowMs) + this.#intervalMs
    const spare = 60_000 - (dueAt - nowMs)
    // Sixty seconds are not always a whole number of intervals in binary fractions.
    if (spare < -1e-6) return { waitMs: -spare, left: 0 }
    this.#dueAt.delete(name)
    if (this.#dueAt.size >= mostNames) this.#forget(nowMs)
    this.#dueAt.set(name, dueAt)
    return { waitMs: 0, left: Math.floor(spare / this.#intervalMs + 1e-6) }
  }

  /** Those with nothing left to pay, and when everybody owes, whoever was heard of longest ago. */
  #forget(nowMs: number): void {
    for (const [name, dueAt] of this.#dueAt) if (dueAt <= nowMs) this.#dueAt.delete(name)
    const [oldest] = this.#dueAt.keys()
    if (this.#dueAt.size >= mostNames && oldest !== undefined) this.#dueAt.delete(oldest)
  }
}
