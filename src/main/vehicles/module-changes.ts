/** What an admin does to a module by hand: which register map it has, and that it is gone. */
import { Fault } from '../../contract/fault.ts'
import type { RegisterMap, VehicleModule } from '../../contract/modules.ts'
import { type DeskParts, note } from './parts.ts'

type Parts = Pick<DeskParts, 'store' | 'live' | 'clock' | 'log' | 'links'> & {
  readonly maps: readonly RegisterMap[]
}

/** Kept in the link's profile, so that the link opens again with it. Null: chosen by what the module says of itself. */
export async function chooseMap(parts: Parts, id: string, map: string | null, by: string): Promise<void> {
  const { live, links, maps } = parts
  const { link, unit, name, vehicle } = moduleOf(parts, id)
  const profile = live.links.get(link)?.profile
  if (profile?.driver !== 'modbus-bus')
    throw new Fault(
      'wrong-state',
      'This module is told by the vehicle itself, which says what its numbers mean',
      'A register map is chosen for modules on a bus of ours.',
    )
  if (map !== null && maps.every((one) => one.id !== map))
    throw new Fault('not-found', `There is no register map “${map}”`, 'Choose one from the list.')
  const others = profile.maps.filter((one) => one.unit !== unit)
  await links.save({ ...profile, maps: map === null ? others : [...others, { unit, map }] }, by)
  const text = `${vehicle}, ${name}: register map ${map === null ? 'by its identity' : map}`
  note(parts, { type: 'device-changed', link, device: id, by, text })
}

export async function forgetModule(parts: Parts, id: string, by: string): Promise<void> {
  const { live, store, links } = parts
  const { link, name, vehicle } = moduleOf(parts, id)
  await store.unkeep('module', id)
  links.running(link)?.forget(id)
  live.modules.delete(id)
  note(parts, { type: 'device-changed', link, device: id, by, text: `${vehicle}, ${name}: forgotten` })
}

function moduleOf({ live }: Parts, id: string): VehicleModule {
  const module = live.modules.get(id)
  if (module === undefined)
    throw new Fault(
      'not-found',
      'There is no such module',
      'It may have been forgotten; look at the list again.',
    )
  return module
}
