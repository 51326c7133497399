import { describe, expect, it } from 'vitest'
import type { Alert, AlertState } from '../../../src/contract/alerts.ts'
import { compareUrgency, OpenAlerts, openAlertsCap } from '../../../src/main/live/open-alerts.ts'
import { makeAlert } from '../../fakes/alerts.ts'

describe('the open alerts', () => {
  it('keep open ones and let ended ones go', () => {
    const open = new OpenAlerts(async () => [])
    const alert = makeAlert(1)
    open.apply([alert])
    expect([...open.table.snapshot()]).toEqual([alert])
    open.apply([{ ...alert, state: 'acknowledged-active' }])
    expect(open.table.get(alert.id)?.state).toBe('acknowledged-active')
    open.apply([{ ...alert, state: 'cleared' }])
    expect(open.table.size).toBe(0)
  })

  it('keep the most urgent when there are more than the cap, and fill up again when they end', async () => {
    const all = new Map<string, Alert>()
    const open = new OpenAlerts(async () =>
      [...all.values()]
        .filter((alert) => alert.state !== 'cleared')
        .sort(compareUrgency)
        .reverse()
        .slice(0, openAlertsCap),
    )
    const change = (alert: Alert, state: AlertState) => {
      all.set(alert.id, { ...alert, state })
      open.apply([{ ...alert, state }])
    }
    const critical = makeAlert(0, { priority: 'critical' })
    change(critical, 'unacknowledged-active')
    for (let n = 1; n <= openAlertsCap * 3; n++)
      change(makeAlert(n, { priority: 'low' }), 'unacknowledged-active')
    expect(open.table.size).toBeLessThanOrEqual(openAlertsCap)
    expect(open.table.get(critical.id)).toBeDefined()

    const filled = new Promise<void>((resolve) => {
      open.table.subscribe((changes) => changes.length > openAlertsCap / 2 && resolve())
    })
    for (const alert of [...open.table.snapshot()].slice(0, openAlertsCap * 0.7)) change(alert, 'cleared')
    await filled
    // What ended while the refill was read does not come back with it.
    expect(open.table.size).toBeGreaterThan(openAlertsCap / 2)
    for (const alert of open.table.snapshot()) expect(all.get(alert.id)?.state).toBe('unacknowledged-active')
  })
})
