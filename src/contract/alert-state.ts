/** What an alert's state means for the people who look at it. Free of zod, so a strict-CSP page may import it at run time. */

/**
 * ISA-18.2 alarm states. `unacknowledged-cleared` is "returned to normal, not yet seen".
 * `shelved` ends by itself; `suppressed-by-design` is the child of a root cause; `out-of-service` was set on the device.
 */
export const alertStates = [
  'unacknowledged-active',
  'acknowledged-active',
  'unacknowledged-cleared',
  'cleared',
  'shelved',
  'suppressed-by-design',
  'out-of-service',
] as const
type AlertState = (typeof alertStates)[number]

export function isUnacknowledged(state: AlertState): boolean {
  return state === 'unacknowledged-active' || state === 'unacknowledged-cleared'
}

/** Open alerts are the ones a person or the source still has to end. */
export function isOpen(state: AlertState): boolean {
  return state !== 'cleared' && state !== 'suppressed-by-design'
}

/** By what was measured: strong and not doubted first. An alert without a figure is not taken lightly. */
export function bluePriority(
  blue: { readonly intensity: number; readonly confidence?: number | undefined } | null,
): 'critical' | 'high' | 'medium' {
  if (blue === null) return 'high'
  const { intensity, confidence = 1 } = blue
  if (intensity >= 0.8 && confidence >= 0.5) return 'critical'
  return intensity >= 0.5 ? 'high' : 'medium'
}
