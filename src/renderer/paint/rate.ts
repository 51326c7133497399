/** How often something happens per second, over the last few seconds, without keeping a list that grows. */

const kept = 128
const overMs = 2500

export class Rate {
  readonly #times = new Float64Array(kept)
  #count = 0

  count(at: number): void {
    this.#times[this.#count % kept] = at
    this.#count++
  }

  clear(): void {
    this.#count = 0
  }

  /** Null until two have been counted within the span: one alone has no rate. */
  perSecond(now: number): number | null {
    let oldest = now
    let newest = 0
    let within = 0
    for (let back = 1; back <= Math.min(kept, this.#count); back++) {
      const at = this.#times[(this.#count - back) % kept] ?? 0
      if (now - at > overMs) break
      newest = Math.max(newest, at)
      oldest = at
      within++
    }
    if (within < 2 || newest <= oldest) return null
    return ((within - 1) * 1000) / (newest - oldest)
  }
}
