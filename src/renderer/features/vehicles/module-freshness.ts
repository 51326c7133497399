/** Whether a module's values may still be shown as current: it answers, and its poll group was read within its budget. */
import type { Register, RegisterMap, VehicleModule } from '../../../contract/modules.ts'
import { type Freshness, freshnessOf } from '../../data/devices.ts'

/** As much of a module as its age needs: live or replayed. */
export type ReadModule = Pick<VehicleModule, 'state' | 'readAt'>

/** Of a module told by the vehicle itself, which has no map to say how often it is read. */
const usualBudgetMs = 5000

export function groupFreshness(
  module: ReadModule,
  map: RegisterMap | undefined,
  group: string,
  now: number,
): Freshness {
  const budgetMs = map?.polls[group]?.budgetMs ?? usualBudgetMs
  const freshness = freshnessOf(module.readAt[group] ?? null, budgetMs, now)
  return module.state === 'online' ? freshness : { ...freshness, isFresh: false }
}

export function registerFreshness(
  module: ReadModule,
  map: RegisterMap,
  register: Register,
  now: number,
): Freshness {
  return groupFreshness(module, map, register.poll, now)
}

/** The age of what was read last, whichever group it was of. */
export function lastReadAt(module: Pick<VehicleModule, 'readAt'>): number | null {
  const times = Object.values(module.readAt)
  return times.length === 0 ? null : Math.max(...times)
}
