/** Field devices, by name, and whether what they last said may still be shown as current. */
import { useMemo } from 'react'
import type { Device } from '../../contract/devices.ts'
import { useTable } from './sources.ts'

export function useDevices(): readonly Device[] | undefined {
  const rows = useTable('devices')
  return useMemo(
    () => rows?.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    [rows],
  )
}

export interface Freshness {
  readonly isFresh: boolean
  /** Since the last useful message; null if there never was one. */
  readonly ageMs: number | null
}

/** Old data never looks live: past its budget, or after the pipe was lost, a value is not current. */
export function freshnessOf(heardAt: number | null, budgetMs: number, now: number): Freshness {
  if (heardAt === null) return { isFresh: false, ageMs: null }
  const ageMs = Math.max(0, now - heardAt)
  return { isFresh: ageMs <= budgetMs, ageMs }
}
