/** The register maps of this installation, asked for once: they change only with a restart. */
import { useEffect } from 'react'
import type { RegisterMap } from '../../contract/modules.ts'
import { Cell, useCell } from './cell.ts'
import { useClient } from './client.ts'

interface Maps {
  readonly maps: readonly RegisterMap[]
  /** Files that were left out, and why. */
  readonly troubles: readonly string[]
}

const kept = new Cell<Maps | null>(null)

export function useRegisterMaps(): Maps | null {
  const client = useClient()
  const maps = useCell(kept)
  useEffect(() => {
    if (kept.get() !== null) return
    // Not answered now: asked again when something that needs them is shown again.
    client.call('modules.maps', {}).then(
      (answer) => kept.set(answer),
      () => {},
    )
  }, [client])
  return maps
}

export function useRegisterMap(id: string | null): RegisterMap | undefined {
  return useRegisterMaps()?.maps.find((map) => map.id === id)
}
