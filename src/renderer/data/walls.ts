/** The walls people have saved, by name. */
import { useMemo } from 'react'
import type { Wall } from '../../contract/cameras.ts'
import { useTable } from './sources.ts'

export function useWalls(): readonly Wall[] | undefined {
  const rows = useTable('walls')
  return useMemo(
    () => rows?.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    [rows],
  )
}
