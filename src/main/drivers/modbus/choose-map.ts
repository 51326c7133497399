/** Which register map says what a module's numbers mean: the one chosen by hand, else the one its identity fits. */
import type { LinkProfile } from '../../../contract/links.ts'
import type { ModuleIdentity, RegisterMap, VehicleModule } from '../../../contract/modules.ts'
import { versionWords } from './identity.ts'

export interface Choice {
  readonly map: RegisterMap | null
  readonly by: VehicleModule['mapChosen']
  /** Empty when there is nothing odd about it. */
  readonly trouble: string
  /** The module says it is of another type than the map is for: nothing is written by it. */
  readonly isWrongType: boolean
}

type ByHand = Extract<LinkProfile, { driver: 'modbus-bus' }>['maps']

export function chooseMap(
  unit: number,
  identity: ModuleIdentity | null,
  byHand: ByHand,
  maps: readonly RegisterMap[],
): Choice {
  const wanted = byHand.find((entry) => entry.unit === unit)?.map
  const chosen = maps.find(({ id }) => id === wanted)
  if (chosen !== undefined) {
    const type = chosen.match?.type
    const isWrongType = type !== undefined && identity !== null && identity.type !== type
    const trouble = isWrongType
      ? `The map "${chosen.id}", chosen by hand, is for type ${type}; this module says it is of type ${identity.type}. Nothing is written to it.`
      : ''
    return { map: chosen, by: 'hand', trouble, isWrongType }
  }
  const gone =
    wanted === undefined ? '' : `The map "${wanted}", chosen by hand, is not there; choose another. `
  const map = identity === null ? null : fitting(identity, maps)
  if (map !== null) return { map, by: 'identity', trouble: gone.trim(), isWrongType: false }
  const who =
    identity === null
      ? 'This module does not say what it is'
      : `No register map is for type ${identity.type}, firmware ${versionWords(identity.firmware)}`
  return { map: null, by: 'none', trouble: `${gone}${who}: choose one by hand.`, isWrongType: false }
}

/** One that names the firmware before one that fits any; the user's own last among equals, as they were read. */
function fitting({ type, firmware }: ModuleIdentity, maps: readonly RegisterMap[]): RegisterMap | null {
  const ofType = maps.filter(({ match }) => match?.type === type)
  const exact = ofType.find(({ match }) => {
    const range = match?.firmware
    return range !== undefined && firmware >= range[0] && firmware <= range[1]
  })
  return exact ?? ofType.find(({ match }) => match?.firmware === undefined) ?? null
}
