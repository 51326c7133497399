/** The links, by name. */
import { useMemo } from 'react'
import type { Link } from '../../contract/links.ts'
import { useTable } from './sources.ts'

export function useLinks(): readonly Link[] | undefined {
  const rows = useTable('links')
  return useMemo(
    () => rows?.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    [rows],
  )
}
