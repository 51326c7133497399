/** The figures of each face server and of this site, and whether they may still be shown as current. */
import type { Statistics } from '../../contract/statistics.ts'
import { type Freshness, freshnessOf } from './devices.ts'
import { useIsCutOff } from './health.ts'
import { useNow } from './now.ts'
import { useTable } from './sources.ts'

/** `siteStatistics` of the contract; a page imports only types from there. */
export const siteRow = 'site'

/** This installation first, then by link. `undefined` until the app has told. */
export function useStatistics(): readonly Statistics[] | undefined {
  return useTable('statistics')?.toSorted(
    (a, b) => Number(b.id === siteRow) - Number(a.id === siteRow) || a.id.localeCompare(b.id),
  )
}

/** Past its budget a figure is not current; after the pipe was lost none is. */
export function statisticsFreshness(row: Statistics, now: number, cutOff: boolean): Freshness {
  const freshness = freshnessOf(row.receivedAt, row.budgetMs, now)
  return cutOff ? { ...freshness, isFresh: false } : freshness
}

/** Never fresh while there is no row. */
export function useStatisticsFreshness(row: Statistics | undefined): Freshness {
  const now = useNow()
  const cutOff = useIsCutOff()
  return row === undefined ? { isFresh: false, ageMs: null } : statisticsFreshness(row, now, cutOff)
}
