/** Between the words of a frame and the values of a register map. */
import type { Register } from '../../../contract/modules.ts'

export function isBit(register: Register): boolean {
  return register.table === 'coil' || register.table === 'discrete'
}

/** Addresses it takes: 32-bit types have two words, high word first. */
export function widthOf({ type }: Register): 1 | 2 {
  return type === 'u32' || type === 's32' ? 2 : 1
}

/** 253 × 0.1 is 25.3, not 25.300000000000004. */
function scaled(raw: number, scale: number): number {
  return scale === 1 ? raw : Number((raw * scale).toPrecision(12))
}

/** `words` as they came, 0..65535, as many as the register is wide. */
export function decode({ type, scale }: Register, words: readonly number[]): number {
  const [first = 0, second = 0] = words
  switch (type) {
    case 'u16':
      return scaled(first, scale)
    case 's16':
      return scaled(first >= 0x8000 ? first - 0x10000 : first, scale)
    case 'u32':
      return scaled(first * 0x10000 + second, scale)
    case 's32':
      return scaled((first << 16) | second, scale)
    case 'bool':
      return first === 0 ? 0 : 1
  }
}

/** Null where the number makes no sense: outside its range, or a word the map has no name for. */
export function sensible({ range }: Register, value: number): number | null {
  if (!Number.isFinite(value)) return null
  return range !== undefined && (value < range[0] || value > range[1]) ? null : value
}

export type Encoded =
  | { readonly ok: true; readonly words: readonly number[]; readonly value: number }
  | { readonly ok: false; readonly why: string }

const limits = {
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffffffff],
  s32: [-0x80000000, 0x7fffffff],
  bool: [0, 1],
} as const

/** `value` in the register's unit. What cannot be said exactly is refused, not rounded. */
export function encode(register: Register, value: number): Encoded {
  const { type, scale, range, unit } = register
  const shown = `${value}${unit === '' ? '' : ` ${unit}`}`
  if (!Number.isFinite(value)) return { ok: false, why: 'the value is no number' }
  if (range !== undefined && (value < range[0] || value > range[1]))
    return { ok: false, why: `${shown} is outside ${range[0]} to ${range[1]}` }
  const raw = Math.round(value / scale)
  if (Math.abs(raw * scale - value) > Math.abs(scale) * 1e-6)
    return { ok: false, why: `${shown} cannot be written exactly: this register has steps of ${scale}` }
  const [least, most] = limits[type]
  if (raw < least || raw > most) return { ok: false, why: `${shown} does not fit this register (${type})` }
  if (register.enum !== undefined && register.enum[String(raw)] === undefined) {
    const named = Object.entries(register.enum).map(([number, word]) => `${number} (${word})`)
    return { ok: false, why: `${shown} has no meaning there; it takes ${named.join(', ')}` }
  }
  const words = widthOf(register) === 2 ? [(raw >>> 16) & 0xffff, raw & 0xffff] : [raw & 0xffff]
  return { ok: true, words, value: scaled(raw, scale) }
}

/** `0 (off)`, `25.3 °C`. */
export function valueWords(register: Register, value: number): string {
  const word = register.enum?.[String(Math.round(value / register.scale))]
  if (word !== undefined) return `${value} (${word})`
  return register.unit === '' ? String(value) : `${value} ${register.unit}`
}
