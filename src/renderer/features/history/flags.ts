/** What the late and clock marks of an alert mean in figures, so that the detail can explain them instead of naming them. */

/** The store's own line: an alert this much older than its arrival is late. */
const lateMs = 5 * 60_000

export interface ClockStory {
  readonly delayMs: number
  /** `ahead`: the source claims a time after its arrival, which only a wrong clock explains. */
  readonly is: 'prompt' | 'late' | 'ahead' | 'suspect'
}

export function clockStory(alert: {
  readonly raisedAt: number
  readonly receivedAt: number
  readonly late: boolean
  readonly clockSuspect: boolean
}): ClockStory {
  const delayMs = alert.receivedAt - alert.raisedAt
  if (alert.clockSuspect) return { delayMs, is: 'suspect' }
  if (alert.late || delayMs >= lateMs) return { delayMs, is: 'late' }
  if (delayMs < -1000) return { delayMs, is: 'ahead' }
  return { delayMs, is: 'prompt' }
}
