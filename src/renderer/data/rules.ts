/** The rules that turn events into alerts, the ones in force first. */
import { useMemo } from 'react'
import type { Rule } from '../../contract/rules.ts'
import { useTable } from './sources.ts'

export function useRules(): readonly Rule[] | undefined {
  const rows = useTable('rules')
  return useMemo(
    () =>
      rows?.toSorted(
        (a, b) =>
          Number(b.enabled) - Number(a.enabled) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
      ),
    [rows],
  )
}
