/** What an alert's state means for the people who look at it. Free of zod, so a strict-CSP page may import it at run time. */
import type { AlertState } from './alerts.ts'

export function isUnacknowledged(state: AlertState): boolean {
  return state === 'unacknowledged-active' || state === 'unacknowledged-cleared'
}

/** Open alerts are the ones a person or the source still has to end. */
export function isOpen(state: AlertState): boolean {
  return state !== 'cleared' && state !== 'suppressed-by-design'
}
