/**
 * Which pictures are due when so many a second are asked for. The times at which they are due lie on a grid, so that pictures that
 * come unevenly are still taken as often as asked; after a pause the grid starts again, so that nothing is made up for.
 */
export class Pace {
  readonly periodMs: number
  #nextAt = Number.NEGATIVE_INFINITY

  constructor(perSecond: number) {
    this.periodMs = 1000 / perSecond
  }

  /** True for a picture that is to be taken; the next one is due a period later. */
  isDue(now: number): boolean {
    // Half a period early is nearer to this time than to the next, and later than that there was a pause.
    const half = this.periodMs / 2
    if (now < this.#nextAt - half) return false
    this.#nextAt = (now > this.#nextAt + half ? now : this.#nextAt) + this.periodMs
    return true
  }

  /** How long until a picture can be due. */
  waitMs(now: number): number {
    return Math.max(0, this.#nextAt - this.periodMs / 2 - now)
  }
}
