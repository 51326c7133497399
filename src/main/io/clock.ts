/** Time, given to whoever needs it, so tests can move it. Wall time is for people, monotonic time for durations. */
export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Monotonic ms; does not jump when the wall clock is set. */
  monotonic(): number
  /** Runs once; returns its undo. Delays beyond 2^31-1 ms are refused: Node would fire them at once. */
  after(delayMs: number, run: () => void): () => void
  every(periodMs: number, run: () => void): () => void
}

const longestDelayMs = 2 ** 31 - 1

function checked(delayMs: number): number {
  if (!(delayMs >= 0 && delayMs <= longestDelayMs)) throw new RangeError(`timer of ${delayMs} ms`)
  return delayMs
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, checked(delayMs))
    return () => clearTimeout(timer)
  },
  every(periodMs, run) {
    const timer = setInterval(run, checked(periodMs))
    return () => clearInterval(timer)
  },
}
