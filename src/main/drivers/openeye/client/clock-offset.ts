/** How far the server's clock is from ours, from the `Date` of its answers: whole seconds, but every answer narrows it. Pure. */

const noBounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

export class ClockOffset {
  #bounds = noBounds

  /** `date` as in the header; the server wrote it between `sentAt` and `receivedAt` of our clock. */
  note(date: string | undefined, sentAt: number, receivedAt: number): void {
    const second = Date.parse(date ?? '')
    if (Number.isNaN(second) || receivedAt < sentAt) return
    const fresh = { low: second - receivedAt, high: second + 1000 - sentAt }
    const low = Math.max(this.#bounds.low, fresh.low)
    const high = Math.min(this.#bounds.high, fresh.high)
    // They contradict each other: one of the clocks was set, or has drifted.
    this.#bounds = low <= high ? { low, high } : fresh
  }

  /** Server time minus ours, ms; 0 while nothing is known. */
  get ms(): number {
    const { low, high } = this.#bounds
    return Number.isFinite(low) ? Math.round((low + high) / 2) : 0
  }
}
