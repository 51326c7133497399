/** What the numbers of a module mean, as data: the maps that come with Watchfloor and those of the data folder, each checked when the app starts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import dockHandler from '../../../resources/register-maps/dock-handler.json' with { type: 'json' }
import dockImu from '../../../resources/register-maps/dock-imu.json' with { type: 'json' }
import motorHandler from '../../../resources/register-maps/motor-handler.json' with { type: 'json' }
import motorTwo from '../../../resources/register-maps/motor-two.json' with { type: 'json' }
import power from '../../../resources/register-maps/power.json' with { type: 'json' }
import powerX10 from '../../../resources/register-maps/power-x10.json' with { type: 'json' }
import safety from '../../../resources/register-maps/safety.json' with { type: 'json' }
import unknown from '../../../resources/register-maps/unknown.json' with { type: 'json' }
import { type Register, RegisterMap } from '../../contract/modules.ts'

const ours: readonly unknown[] = [
  dockHandler,
  dockImu,
  motorHandler,
  motorTwo,
  powerX10,
  power,
  safety,
  unknown,
]

/** Larger than any map of 400 registers: what is beyond it is something else. */
const longestFile = 1_000_000

export interface RegisterMaps {
  readonly maps: readonly RegisterMap[]
  /** A file that was left out, and why, one sentence each. */
  readonly troubles: readonly string[]
}

/** A file of the user's with the id of one of ours takes its place. Never throws for what is in the data folder. */
export function loadRegisterMaps(dataDir: string): RegisterMaps {
  const maps = new Map<string, RegisterMap>()
  for (const content of ours) {
    const map = readMap(content)
    maps.set(map.id, map)
  }
  const troubles: string[] = []
  const folder = join(dataDir, 'register-maps')
  const seen = new Set<string>()
  for (const name of jsonFiles(folder, troubles)) {
    try {
      const map = readMap(parsed(join(folder, name)))
      if (`${map.id}.json` !== name)
        throw new Error(`its id is "${map.id}": name the file ${map.id}.json, or change the id`)
      if (seen.has(map.id)) throw new Error(`there are two maps with the id "${map.id}"`)
      seen.add(map.id)
      maps.set(map.id, map)
    } catch (error) {
      troubles.push(`register-maps/${name} is left out: ${error instanceof Error ? error.message : error}`)
    }
  }
  return { maps: [...maps.values()], troubles }
}

function jsonFiles(folder: string, troubles: string[]): string[] {
  if (!existsSync(folder)) return []
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    troubles.push(
      `The folder register-maps cannot be read: ${error instanceof Error ? error.message : error}`,
    )
    return []
  }
}

function parsed(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  if (text.length > longestFile)
    throw new Error(`it has ${text.length} characters, no register map is that long`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no JSON (${error instanceof Error ? error.message : error})`)
  }
}

/** Throws an Error whose message names the register and says what is wrong. */
export function readMap(content: unknown): RegisterMap {
  const read = RegisterMap.safeParse(content)
  if (!read.success) throw new Error(z.prettifyError(read.error).replaceAll(/\s*\n\s*/g, ' '))
  const map = read.data
  const names = new Set<string>()
  const taken = new Map<string, string>()
  for (const register of map.registers) {
    const wrong = registerTrouble(register, map, names, taken)
    if (wrong !== null) throw new Error(`register "${register.name}": ${wrong}`)
  }
  for (const [name, poll] of Object.entries(map.polls))
    if (poll.budgetMs < poll.everyMs)
      throw new Error(
        `poll "${name}": its values would be stale (budgetMs) before they are read again (everyMs)`,
      )
  const { firmware } = map.match ?? {}
  if (firmware !== undefined && firmware[0] > firmware[1])
    throw new Error('match: the firmware range must begin with the lower number')
  return map
}

const rawRange = {
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffffffff],
  s32: [-0x80000000, 0x7fffffff],
  bool: [0, 1],
} as const

function registerTrouble(
  register: Register,
  map: RegisterMap,
  names: Set<string>,
  taken: Map<string, string>,
): string | null {
  const { name, address, table, type, scale, access, range, onStop, means } = register
  if (names.has(name)) return 'another one has this name'
  names.add(name)
  const words = type === 'u32' || type === 's32' ? 2 : 1
  if (address + words > 0x10000) return 'its second word would lie beyond address 65535'
  for (let at = address; at < address + words; at++) {
    const other = taken.get(`${table}/${at}`)
    if (other !== undefined) return `"${other}" has the address ${at} too`
    taken.set(`${table}/${at}`, name)
  }
  if (!(register.poll in map.polls)) return `there is no poll "${register.poll}" in polls`
  if (scale === 0 || !Number.isFinite(scale)) return 'the scale must not be 0'
  const isBit = table === 'coil' || table === 'discrete'
  if (isBit && type !== 'bool') return `a ${table} is a single bit: type bool`
  if (!isBit && type === 'bool' && scale !== 1) return 'a bool has no scale'
  if ((table === 'discrete' || table === 'input') && access !== 'r')
    return `a ${table} register can only be read`
  if (range !== undefined && range[0] > range[1]) return 'the range must begin with the lower number'
  const [least, most] = rawRange[type].map((raw) => raw * scale).sort((a, b) => a - b) as [number, number]
  if (range !== undefined && (range[1] < least || range[0] > most))
    return `none of its range can be said in ${type} × ${scale} (${least} to ${most})`
  if (onStop !== undefined) {
    if (access !== 'rw') return 'onStop needs access rw: what is written is read back'
    if (onStop < (range?.[0] ?? least) || onStop > (range?.[1] ?? most))
      return 'onStop lies outside its range'
  }
  if (means === 'speed' && register.unit !== 'mm/s') return 'a speed of the vehicle must be in mm/s'
  if (means === 'x-mm' && register.unit !== 'mm') return 'a position of the vehicle must be in mm'
  if (means === 'docking-start' && access === 'r') return 'what starts docking must be writable'
  if (means !== undefined && means !== 'docking-start' && access === 'w')
    return 'what can only be written cannot say anything of the vehicle'
  return null
}
