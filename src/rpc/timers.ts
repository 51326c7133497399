/** Time as rpc needs it, given from outside so that tests can move it. Main's `Clock` fits. */
export interface Timers {
  /** Epoch ms. */
  now(): number
  /** Runs once; returns its undo. */
  after(delayMs: number, run: () => void): () => void
}

export const hostTimers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
