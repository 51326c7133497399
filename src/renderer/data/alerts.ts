/** The open alerts, the most urgent first, and how many there are in all. */
import { useMemo } from 'react'
import { isUnacknowledged } from '../../contract/alert-state.ts'
import type { Alert, AlertCounts, AlertId, Priority } from '../../contract/alerts.ts'
import { useTable } from './sources.ts'

const urgency: Record<Priority, number> = { critical: 3, high: 2, medium: 1, low: 0 }

/** Newest unacknowledged on top by priority; then what is being dealt with; shelved and out of service last. */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(isAside(a)) - Number(isAside(b)) ||
    Number(isUnacknowledged(b.state)) - Number(isUnacknowledged(a.state)) ||
    urgency[b.priority] - urgency[a.priority] ||
    b.raisedAt - a.raisedAt ||
    b.seq - a.seq
  )
}

export function isAside(alert: Alert): boolean {
  return alert.state === 'shelved' || alert.state === 'out-of-service'
}

export function useAlerts(): readonly Alert[] | undefined {
  const rows = useTable('alerts')
  return useMemo(() => rows?.toSorted(compareAlerts), [rows])
}

export function useAlert(id: AlertId | null): Alert | undefined {
  return useTable('alerts')?.find((alert) => alert.id === id)
}

/** Every alert a person or the source still has to end, also those beyond what the table carries. */
export function openCount(counts: AlertCounts): number {
  const { unacknowledgedActive, acknowledgedActive, unacknowledgedCleared, shelved, outOfService } = counts
  return unacknowledgedActive + acknowledgedActive + unacknowledgedCleared + shelved + outOfService
}

export function useAlertCounts(): AlertCounts | undefined {
  return useTable('alerts.counts')?.[0]
}
