/** Commands as clients write them, read strictly: what a command does not understand of its parameters refuses it. Pure. */
import { commandWords } from '../../../contract/vehicle-command-words.ts'
import type { VehicleCommand } from '../../../contract/vehicles.ts'
import { type Fields, fieldsIn, textIn } from './fields.ts'

export type CommandId = string | number | null

/** `command` null: STOP REQUEST. */
export type Asked =
  | {
      readonly is: 'command'
      readonly id: CommandId
      readonly name: string
      readonly command: VehicleCommand | null
      /** Null: the only vehicle there is; for a STOP REQUEST every one. */
      readonly vehicle: string | null
      /** Only by this link; null: by whichever can. */
      readonly link: string | null
      /** From when it is read, ms. Null: the usual. */
      readonly deadlineMs: number | null
      /** By the clocks of both, epoch ms. */
      readonly expiresAt: number | null
    }
  | {
      readonly is: 'no-command'
      readonly id: CommandId
      readonly name: string
      readonly vehicle: string | null
      readonly reason: string
    }

/** What was asked for, for the timeline. */
export function askedWords(asked: Asked): string {
  if (asked.is === 'no-command') return asked.name === '' ? 'a command without a name' : asked.name
  return asked.command === null ? 'STOP REQUEST' : commandWords(asked.command)
}

export function isStop(asked: Asked): boolean {
  return asked.is === 'command' && asked.command === null
}

export const commandNames = ['emergency_stop', 'move', 'stop', 'reset', 'dock', 'module', 'write_register']
const moduleCommands = ['reset', 'start', 'stop', 'status'] as const
const plain = { move: 'move', stop: 'halt', halt: 'halt', reset: 'reset', dock: 'dock' } as const
const stopNames: ReadonlySet<string> = new Set(['emergency_stop', 'estop'])

function idIn(fields: Fields): CommandId | undefined {
  const { id } = fields
  if (typeof id === 'number' && Number.isFinite(id)) return id
  return typeof id === 'string' && id.length <= 100 ? id : undefined
}

/** `2`, `"2"`, `"0x02"`. */
function unitOf(said: unknown): number | null {
  const fits = typeof said === 'string' && /^(?:0x[0-9a-f]{1,2}|\d{1,3})$/i.test(said)
  const unit = typeof said === 'number' ? said : fits ? Number(said) : Number.NaN
  return Number.isInteger(unit) && unit >= 1 && unit <= 247 ? unit : null
}

type Read = VehicleCommand | string

function strange(parameters: Fields, known: readonly string[]): string | null {
  const names = Object.keys(parameters).filter((name) => !known.includes(name))
  return names.length === 0 ? null : `it takes no ${names.slice(0, 5).join(', ').slice(0, 100)}`
}

function moduleCommand(all: Fields, parameters: Fields): Read {
  const odd = strange(parameters, ['module', 'unit', 'command', 'reason'])
  if (odd !== null) return odd
  const unit = unitOf(all.module ?? parameters.module ?? parameters.unit)
  if (unit === null) return 'which module: module is its address, 1 to 247 or "0x02"'
  const command = moduleCommands.find((one) => one === parameters.command)
  return command === undefined
    ? `parameters.command is one of ${moduleCommands.join(', ')}`
    : { do: 'module', unit, command }
}

function writeRegister(all: Fields, parameters: Fields): Read {
  const odd = strange(parameters, ['module', 'unit', 'register', 'value', 'reason'])
  if (odd !== null) return odd
  const unit = unitOf(all.module ?? parameters.module ?? parameters.unit)
  if (unit === null) return 'which module: module is its address, 1 to 247 or "0x02"'
  const register = textIn(parameters, 'register', 60)
  if (register === null) return 'parameters.register is the name of a register'
  const { value } = parameters
  if (typeof value !== 'number' || !Number.isFinite(value))
    return 'parameters.value is a number in the unit of the register'
  return { do: 'write-register', unit, register, value }
}

function commandOf(name: string, all: Fields, parameters: Fields): Read | null {
  if (stopNames.has(name)) return null
  if (name === 'module') return moduleCommand(all, parameters)
  if (name === 'write_register') return writeRegister(all, parameters)
  if (!Object.hasOwn(plain, name)) return `there is no command ${name}: there are ${commandNames.join(', ')}`
  // Someone who says where to move must not get another movement than that.
  return strange(parameters, ['reason']) ?? { do: plain[name as keyof typeof plain] }
}

function instantOf(said: unknown): number | null | undefined {
  if (said === undefined || said === null) return null
  const at = typeof said === 'number' ? (said < 1e12 ? said * 1000 : said) : Date.parse(String(said))
  return Number.isFinite(at) ? at : undefined
}

/** Fields stand beside `type`, or in `data`. */
export function readCommand(message: Fields): Asked {
  const all = { ...fieldsIn(message, 'data'), ...message }
  const id = idIn(all)
  const name = (textIn(all, 'command', 64) ?? '').toLowerCase()
  const vehicle = textIn(all, 'vehicle_id', 60) ?? textIn(all, 'vehicle', 60)
  const no = (reason: string): Asked => ({ is: 'no-command', id: id ?? null, name, vehicle, reason })
  const isStop = stopNames.has(name)
  // A STOP REQUEST is taken however carelessly it is written.
  if (id === undefined && !isStop)
    return no('a command needs an id, a text or a number: its answer carries it')
  if (name === '') return no(`which command: there are ${commandNames.join(', ')}`)
  const parameters = fieldsIn(all, 'parameters') ?? {}
  const command = commandOf(name, all, parameters)
  if (typeof command === 'string') return no(command)
  const deadline = all.deadline_ms ?? null
  const deadlineMs = typeof deadline === 'number' && Number.isFinite(deadline) ? deadline : null
  if (deadline !== null && deadlineMs === null && !isStop) return no('deadline_ms is a number of ms')
  const expiresAt = instantOf(all.expires_at)
  if (expiresAt === undefined && !isStop) return no('expires_at is a time: ISO 8601, or since 1970')
  return {
    is: 'command',
    id: id ?? null,
    name: isStop ? 'emergency_stop' : name,
    command,
    vehicle: isStop && vehicle?.toLowerCase() === 'all' ? null : vehicle,
    link: textIn(all, 'link', 64),
    deadlineMs,
    expiresAt: expiresAt ?? null,
  }
}
