/** Parts of a vehicle that one could be taken for the other: the same module told by two links, or two of one name. */
import type { VehicleModule } from '../../../contract/modules.ts'
import type { Vehicle } from '../../data/vehicles.ts'

type Part = Pick<VehicleModule, 'id' | 'link' | 'name'> & Partial<Pick<VehicleModule, 'unit' | 'kind'>>

/** Ids of the modules and LiDARs whose name alone does not say which is meant: their link has to be said too. */
export function alike({ modules, lidars }: Pick<Vehicle, 'modules' | 'lidars'>): ReadonlySet<string> {
  const parts: readonly Part[] = [...modules, ...lidars]
  return new Set(
    parts
      .filter((part) => parts.some((other) => other.link !== part.link && isAlike(part, other)))
      .map(({ id }) => id),
  )
}

function isAlike(part: Part, other: Part): boolean {
  if (part.name.trim().toLocaleLowerCase() === other.name.trim().toLocaleLowerCase()) return true
  if (part.unit === undefined || other.unit === undefined) return false
  return part.unit === other.unit || (part.kind === other.kind && part.kind !== 'unknown')
}
