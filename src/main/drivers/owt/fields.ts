/** Reads single fields of what a stranger sent: what is missing or of the wrong kind is null, never guessed. */

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text for screens and keys: printable, trimmed, not longer than `longest`; null when nothing is left. A number is its digits. */
export function textIn(fields: Fields, name: string, longest: number): string | null {
  const value = fields[name]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value !== 'string') return null
  const text = value.slice(0, longest).replace(control, ' ').trim().normalize('NFC')
  return text === '' ? null : text
}

export function numberIn(fields: Fields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function flagIn(fields: Fields, name: string): boolean | null {
  const value = fields[name]
  return typeof value === 'boolean' ? value : null
}
