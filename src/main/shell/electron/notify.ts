/** Tells the desktop of new alerts that need a person, also while the window is hidden; a click opens the alert. */
import { Notification } from 'electron'
import { isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import type { Store } from '../../store/store.ts'

const gatherMs = 500
const mostShown = 20

export interface NotifyParts {
  /** No notification while the operator looks at the window. */
  isWatched(): boolean
  openAlert(id: AlertId): void
}

/** In a flood one notification stands for everything that came within half a second. Returns what ends it. */
export function notifyOfAlerts(store: Pick<Store, 'onChange'>, parts: NotifyParts): () => void {
  let waiting: Alert[] = []
  let timer: NodeJS.Timeout | undefined
  const shown = new Set<Notification>() // kept, or the collector would take them and their clicks with it

  const stop = store.onChange(({ entries }) => {
    const fresh = entries
      .filter(({ transition, alert }) => transition.kind === 'raise' && needsPerson(alert))
      .map(({ alert }) => alert)
    if (fresh.length === 0) return
    waiting.push(...fresh)
    timer ??= setTimeout(show, gatherMs)
  })

  function show(): void {
    const alerts = waiting
    waiting = []
    timer = undefined
    const first = alerts.find((alert) => alert.priority === 'critical') ?? alerts[0]
    if (first === undefined || parts.isWatched() || !Notification.isSupported()) return
    const notification = new Notification({
      title: alerts.length === 1 ? titleOf(first) : `${alerts.length} new alerts`,
      body: [first.location ?? first.deviceName, first.text].filter((part) => part !== null).join(' · '),
      urgency: first.priority === 'critical' ? 'critical' : 'normal',
      silent: true, // the page sounds; two sounds for one alert confuse
    })
    notification.on('click', () => parts.openAlert(first.id))
    notification.on('close', () => shown.delete(notification))
    shown.add(notification)
    notification.show()
    const [oldest] = shown
    if (shown.size > mostShown) oldest?.close()
  }

  return () => {
    stop()
    clearTimeout(timer)
    for (const notification of shown) notification.close()
  }
}

function needsPerson(alert: Alert): boolean {
  return (
    isUnacknowledged(alert.state) &&
    !alert.late &&
    (alert.priority === 'critical' || alert.priority === 'high')
  )
}

function titleOf(alert: Alert): string {
  return alert.priority === 'critical' ? 'Critical alert' : 'Alert'
}
