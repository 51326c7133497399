/** The cameras, by name, and one of them by id. */
import { useMemo } from 'react'
import type { Camera } from '../../contract/cameras.ts'
import { useRow, useTable } from './sources.ts'

export function useCameras(): readonly Camera[] | undefined {
  const rows = useTable('cameras')
  return useMemo(
    () => rows?.toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id)),
    [rows],
  )
}

export function useCamera(id: string | null): Camera | undefined {
  return useRow('cameras', id)
}
