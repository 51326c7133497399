/** Which requests read a register map: neighbours together, nothing the map does not name unless it allows the gap. */
import type { Register, RegisterMap } from '../../../contract/modules.ts'
import type { ModbusRequest } from './transaction.ts'
import { isBit, widthOf } from './values.ts'

/** Registers one request reads. */
export interface Block {
  readonly table: Register['table']
  readonly address: number
  /** Words, or bits of a table of bits. */
  readonly quantity: number
  /** By address; at least one. */
  readonly registers: readonly Register[]
}

const mostWords = 125
const functionOf = { coil: 1, discrete: 2, holding: 3, input: 4 } as const

export function requestOf(unit: number, { table, address, quantity }: Block): ModbusRequest {
  return { unit, fn: functionOf[table], address, quantity }
}

/** By poll group; groups without a readable register are absent. `refused`: names the module said it has not. */
export function planOf(map: RegisterMap, refused: ReadonlySet<string>): Map<string, Block[]> {
  const plan = new Map<string, Block[]>()
  for (const [poll, { gapWords = 0 }] of Object.entries(map.polls)) {
    const wanted = map.registers.filter(
      (register) => register.poll === poll && register.access !== 'w' && !refused.has(register.name),
    )
    const blocks = blocksOf(wanted, gapWords)
    if (blocks.length > 0) plan.set(poll, blocks)
  }
  return plan
}

function blocksOf(registers: readonly Register[], gapWords: number): Block[] {
  const sorted = registers.toSorted((a, b) => a.table.localeCompare(b.table) || a.address - b.address)
  const runs: Register[][] = []
  for (const register of sorted) {
    const run = runs.at(-1)
    const first = run?.[0]
    const last = run?.at(-1)
    const fits =
      first !== undefined &&
      last !== undefined &&
      first.table === register.table &&
      register.address - (last.address + widthOf(last)) <= gapWords &&
      register.address + widthOf(register) - first.address <= mostWords
    if (run !== undefined && fits) run.push(register)
    else runs.push([register])
  }
  return runs.map(blockOf)
}

function blockOf(registers: readonly Register[]): Block {
  const first = registers[0]
  const last = registers.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('a block holds a register')
  const end = last.address + (isBit(last) ? 1 : widthOf(last))
  return { table: first.table, address: first.address, quantity: end - first.address, registers }
}

/** Two smaller blocks of one the module refused: at the widest gap, else in the middle. Null: it is a single register. */
export function splitBlock({ registers }: Block): readonly [Block, Block] | null {
  if (registers.length < 2) return null
  let at = Math.floor(registers.length / 2)
  let widest = 0
  for (const [index, register] of registers.entries()) {
    const before = registers[index - 1]
    if (before === undefined) continue
    const gap = register.address - (before.address + widthOf(before))
    if (gap > widest) {
      widest = gap
      at = index
    }
  }
  return [blockOf(registers.slice(0, at)), blockOf(registers.slice(at))]
}

/** The words (or bits as 0 and 1) of one register out of what its block read. */
export function rawOf(block: Block, register: Register, raw: readonly number[]): readonly number[] {
  const at = register.address - block.address
  return raw.slice(at, at + widthOf(register))
}
