/** Reads single fields of what a client sent: what is missing or of the wrong kind is null, never guessed. */

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsIn(fields: Fields, name: string): Fields | null {
  const value = fields[name]
  return isFields(value) ? value : null
}

const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Printable, trimmed, not longer than `longest`; null when nothing is left. */
export function textIn(fields: Fields, name: string, longest: number): string | null {
  const value = fields[name]
  if (typeof value !== 'string') return null
  const text = value.slice(0, longest).replace(control, ' ').trim()
  return text === '' ? null : text
}
