/** The open alerts a screen carries: all of them up to a cap, beyond it the most urgent and newest. The rest stays in History. */
import { isOpen, isUnacknowledged } from '../../contract/alert-state.ts'
import type { Alert } from '../../contract/alerts.ts'
import { LiveTable } from './live-table.ts'

/** More open cards than this help nobody; it also bounds what a screen costs. */
export const openAlertsCap = 1000

const urgency: Record<Alert['priority'], number> = { critical: 3, high: 2, medium: 1, low: 0 }

/** Unacknowledged before acknowledged, then priority, then the newest: higher is more urgent. */
export function compareUrgency(a: Alert, b: Alert): number {
  return (
    Number(isUnacknowledged(a.state)) - Number(isUnacknowledged(b.state)) ||
    urgency[a.priority] - urgency[b.priority] ||
    a.raisedAt - b.raisedAt ||
    a.seq - b.seq
  )
}

export class OpenAlerts {
  readonly table = new LiveTable<Alert>()
  readonly #refill: () => Promise<readonly Alert[]>
  #capped = false
  /** While a refill is being read: what changed meanwhile is newer than what it will bring. */
  #changedMeanwhile: Set<string> | null = null

  /** `refill` reads the most urgent open alerts from the store, `openAlertsCap` at most. */
  constructor(refill: () => Promise<readonly Alert[]>) {
    this.#refill = refill
  }

  async load(): Promise<void> {
    if (this.#changedMeanwhile !== null) return
    const changed = new Set<string>()
    this.#changedMeanwhile = changed
    try {
      const open = await this.#refill()
      this.#capped = open.length >= openAlertsCap
      this.table.set(...open.filter((alert) => !changed.has(alert.id)))
    } finally {
      this.#changedMeanwhile = null
    }
    if (this.table.size > openAlertsCap) this.#trim(openAlertsCap)
  }

  /** Takes in what a commit changed; `open` alerts stay, ended ones go. */
  apply(alerts: readonly Alert[]): void {
    const newest = new Map(alerts.map((alert) => [alert.id, alert]))
    const ended: string[] = []
    const open: Alert[] = []
    for (const alert of newest.values()) {
      this.#changedMeanwhile?.add(alert.id)
      if (isOpen(alert.state)) open.push(alert)
      else if (this.table.get(alert.id) !== undefined) ended.push(alert.id)
    }
    if (ended.length > 0) this.table.delete(...ended)
    if (open.length > 0) this.table.set(...open)
    // A tenth of slack, so a flood does not sort the table once per alert.
    if (this.table.size > openAlertsCap) this.#trim(openAlertsCap * 0.9)
    // A refill that fails leaves the table as it is; the next ended alert asks again.
    else if (this.#capped && this.table.size < openAlertsCap / 2) this.load().catch(() => {})
  }

  #trim(keep: number): void {
    this.#capped = true
    const sorted = [...this.table.snapshot()].sort(compareUrgency)
    this.table.delete(...sorted.slice(0, sorted.length - keep).map((alert) => alert.id))
  }
}
