/** Writes one register and reads it back. Never sent twice: where no answer came, reading tells what the module has now. */
import type { Register, RegisterMap } from '../../../contract/modules.ts'
import type { Clock } from '../../io/clock.ts'
import type { Delivery } from '../../order.ts'
import type { Module } from './module.ts'
import { requestOf } from './plan.ts'
import { exceptionWords } from './rows.ts'
import type { ModbusOutcome, ModbusRequest, Urgency } from './transaction.ts'
import { decode, encode, isBit, valueWords, widthOf } from './values.ts'

export interface WriteDoors {
  readonly clock: Clock
  readonly writable: boolean
  readonly ask: (request: ModbusRequest, urgency: Urgency, deadlineAt?: number) => Promise<ModbusOutcome>
}

/** Some modules take a write first and act on it a little later. */
const lookAgainAfterMs = [0, 60, 200]

export const readOnlyWords =
  'This link may only read. Allow writing in its settings, once its register maps were checked against the vehicle.'

function refused(reason: string): Delivery {
  return { is: 'refused', reason }
}

/** Null when it may be written to. */
export function whyNot(module: Module | null, unit: number, writable: boolean): string | null {
  if (!writable) return readOnlyWords
  if (module === null) return `No module was ever heard at unit ${unit}.`
  if (module.isWrongType)
    return `${module.name} says it is of another type than its register map is for. Choose the right map first.`
  if (!module.mayBeWritten)
    return `${module.name} (unit ${unit}) does not answer; nothing is written to a module that was not heard.`
  return null
}

export function registerOf(map: RegisterMap | null, name: string): Register | undefined {
  return map?.registers.find((register) => register.name === name)
}

/** `value` in the register's unit; `deadlineAt` epoch ms. */
export async function writeRegister(
  doors: WriteDoors,
  module: Module | null,
  order: {
    readonly unit: number
    readonly register: string
    readonly value: number
    readonly deadlineAt: number
  },
): Promise<Delivery> {
  const { clock, ask } = doors
  const { unit, value } = order
  const not = whyNot(module, unit, doors.writable)
  if (not !== null || module === null) return refused(not ?? '')
  const register = registerOf(module.map, order.register)
  if (register === undefined)
    return refused(`${module.name}’s map "${module.map?.id ?? 'none'}" has no register "${order.register}".`)
  if (register.access === 'r') return refused(`${register.text} can only be read.`)
  const encoded = encode(register, value)
  if (!encoded.ok) return refused(`Not written: ${encoded.why}.`)
  const leftMs = order.deadlineAt - clock.now()
  const late = 'Its deadline passed before it could be sent: nothing was written.'
  if (leftMs <= 0) return { is: 'unreachable', reason: late }
  const startedAt = clock.monotonic()
  const outcome = await ask(writeOf(unit, register, encoded.words), 'command', startedAt + leftMs)
  const shown = valueWords(register, encoded.value)
  switch (outcome.is) {
    case 'expired':
      return { is: 'unreachable', reason: late }
    case 'closed':
      return {
        is: 'unreachable',
        reason: 'The port closed: whether it arrived is not known. Look at the value when the bus is back.',
      }
    case 'exception':
      return refused(`${module.name} refuses: ${exceptionWords(outcome.code)}.`)
    case 'written':
    case 'timeout':
      break
    default:
      return refused(`${module.name} gave an answer that fits no write.`)
  }
  if (outcome.is === 'timeout' && outcome.why === 'noise')
    return { is: 'unreachable', reason: 'The line is never quiet: nothing was written.' }
  const answered = outcome.is === 'written'
  const noAnswer =
    outcome.is === 'timeout' && outcome.why !== 'silence'
      ? 'The answer to the write does not fit it'
      : 'No answer to the write'
  if (register.access === 'w') {
    if (!answered)
      return {
        is: 'unreachable',
        reason: `${noAnswer}: whether it arrived is not known, and this register cannot be read.`,
      }
    const roundTripMs = clock.monotonic() - startedAt
    return {
      is: 'delivered',
      roundTripMs,
      said: `${module.name} took ${shown}. This register cannot be read, so it is not verified.`,
    }
  }
  const kept = await readBack(doors, unit, register, encoded.value)
  const roundTripMs = clock.monotonic() - startedAt
  if (kept === null)
    return {
      is: 'unreachable',
      reason: answered
        ? `${module.name} took the write, but could not be read afterwards: not verified.`
        : `${noAnswer}, and ${module.name} could not be read afterwards: whether it arrived is not known.`,
    }
  if (kept !== encoded.value)
    return refused(
      `${answered ? `${module.name} took the write but kept` : `${noAnswer}, and ${module.name} has`} ${valueWords(register, kept)}.`,
    )
  const said = answered ? `Written and read back: ${shown}.` : `${noAnswer}, but it reads back ${shown}.`
  return { is: 'delivered', roundTripMs, said }
}

function writeOf(unit: number, register: Register, words: readonly number[]): ModbusRequest {
  const { address } = register
  const [first = 0] = words
  if (isBit(register)) return { unit, fn: 5, address, bits: [first !== 0] }
  return widthOf(register) === 1 ? { unit, fn: 6, address, words: [first] } : { unit, fn: 16, address, words }
}

/** What the register holds now: looked at again for a moment while it is not what was written. Null: it could not be read. */
async function readBack(
  { clock, ask }: WriteDoors,
  unit: number,
  register: Register,
  wanted: number,
): Promise<number | null> {
  const { table, address } = register
  const block = { table, address, quantity: isBit(register) ? 1 : widthOf(register), registers: [register] }
  let kept: number | null = null
  for (const waitMs of lookAgainAfterMs) {
    if (waitMs > 0) await new Promise<void>((resolve) => clock.after(waitMs, resolve))
    const outcome = await ask(requestOf(unit, block), 'command')
    if (outcome.is === 'words') kept = decode(register, outcome.words)
    else if (outcome.is === 'bits') kept = outcome.bits[0] === true ? 1 : 0
    else if (outcome.is === 'closed') return null
    if (kept === wanted) return kept
  }
  return kept
}

/** Every output its map knows to stop something, all at once; delivered only when every one of them reads back. */
export async function requestStop(
  doors: WriteDoors,
  modules: readonly Module[],
  deadlineAt: number,
): Promise<Delivery> {
  if (!doors.writable) return refused(readOnlyWords)
  const targets = modules.flatMap((module) =>
    (module.map?.registers ?? []).flatMap(({ name, onStop }) =>
      onStop === undefined ? [] : [{ module, register: name, value: onStop }],
    ),
  )
  if (targets.length === 0)
    return refused('No module of this bus has an output that is known to stop anything.')
  const startedAt = doors.clock.monotonic()
  const done = await Promise.all(
    targets.map(async ({ module, ...target }) => {
      const delivery = await writeRegister(doors, module, { unit: module.unit, ...target, deadlineAt })
      const words = delivery.is === 'delivered' ? (delivery.said ?? '') : delivery.reason
      return { is: delivery.is, words: `${module.name}, ${target.register}: ${words}` }
    }),
  )
  const said = done.map(({ words }) => words).join(' ')
  if (done.every(({ is }) => is === 'delivered'))
    return { is: 'delivered', roundTripMs: doors.clock.monotonic() - startedAt, said }
  return done.some(({ is }) => is === 'refused') ? refused(said) : { is: 'unreachable', reason: said }
}
