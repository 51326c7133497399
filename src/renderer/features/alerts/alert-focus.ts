/** Which alert the keys act on, and moving through the list with J and K. */
import type { Alert } from '../../../contract/alerts.ts'
import { Cell } from '../../data/cell.ts'
import { currentFocusedAlert, focusAlert } from '../../data/route.ts'

/** What the list shows now, in its order. */
export const shownAlerts = new Cell<readonly Alert[]>([])

export function focusedAlert(): Alert | undefined {
  const id = currentFocusedAlert()
  return shownAlerts.get().find((alert) => alert.id === id)
}

export function moveFocus(steps: 1 | -1): void {
  const alerts = shownAlerts.get()
  const at = alerts.findIndex((alert) => alert.id === currentFocusedAlert())
  const to = at < 0 ? 0 : Math.min(alerts.length - 1, Math.max(0, at + steps))
  const next = alerts[to]
  if (next !== undefined) focusAlert(next.id)
}
