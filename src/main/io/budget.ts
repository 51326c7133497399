/** A budget in GCRA form: one number of state. It never refuses; it says how long to stop reading until the debt is paid. */
export class Budget {
  readonly #intervalMs: number
  readonly #toleranceMs: number
  #dueAt = 0

  constructor(perSecond: number, burst: number) {
    if (!(perSecond > 0 && burst >= 1)) throw new RangeError(`budget of ${perSecond}/s, burst ${burst}`)
    this.#intervalMs = 1000 / perSecond
    this.#toleranceMs = this.#intervalMs * (burst - 1)
  }

  /** Spends one. 0: within budget; else ms until the bucket has refilled. `nowMs` is monotonic. */
  take(nowMs: number): number {
    this.#dueAt = Math.max(this.#dueAt, nowMs) + this.#intervalMs
    return this.owedMs(nowMs)
  }

  owedMs(nowMs: number): number {
    return Math.max(0, this.#dueAt - this.#intervalMs - nowMs - this.#toleranceMs)
  }
}
