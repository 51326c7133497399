/** Reads single fields of what a vehicle sent: what is missing or of the wrong kind is null, never guessed. */

export type Fields = Readonly<Record<string, unknown>>

export const noFields: Fields = {}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsIn(fields: Fields, name: string): Fields | null {
  const value = fields[name]
  return isFields(value) ? value : null
}

export function listIn(fields: Fields, name: string): readonly unknown[] | null {
  const value = fields[name]
  return Array.isArray(value) ? value : null
}

const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text for screens and keys: printable, trimmed, not longer than `longest`; null when nothing is left. */
export function textIn(fields: Fields, name: string, longest: number): string | null {
  const value = fields[name]
  if (typeof value !== 'string') return null
  const text = value.slice(0, longest).replace(control, ' ').trim().normalize('NFC')
  return text === '' ? null : text
}

/** A finite number not further from 0 than `most`. */
export function numberIn(fields: Fields, name: string, most = 1e15): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most ? value : null
}

/** C programs write flags as 0 and 1 too. */
export function flagIn(fields: Fields, name: string): boolean | null {
  const value = fields[name]
  if (value === 0 || value === 1) return value === 1
  return typeof value === 'boolean' ? value : null
}

/** The first of these names that has a usable value. */
export function firstOf<T>(names: readonly string[], read: (name: string) => T | null): T | null {
  for (const name of names) {
    const found = read(name)
    if (found !== null) return found
  }
  return null
}

/** A Modbus unit address as a number or as text (`0x02`, `2`); null outside 1..247. */
export function unitIn(fields: Fields, ...names: readonly string[]): number | null {
  return firstOf(names, (name) => {
    const value = fields[name]
    const unit = typeof value === 'string' && value.length <= 6 && value !== '' ? Number(value) : value
    return typeof unit === 'number' && Number.isInteger(unit) && unit >= 1 && unit <= 247 ? unit : null
  })
}
