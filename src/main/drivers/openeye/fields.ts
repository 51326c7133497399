/** Reads single fields of what a stranger sent: what is missing or of the wrong kind is null, never guessed. */
import { readJson } from '../../io/json.ts'

export type Fields = Readonly<Record<string, unknown>>

export const noFields: Fields = {}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsIn(fields: Fields, name: string): Fields | null {
  const value = fields[name]
  return isFields(value) ? value : null
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name]
  return Array.isArray(value) ? value : []
}

const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text for screens and keys: printable, trimmed, not longer than `longest`; null when nothing is left. */
export function textIn(fields: Fields, name: string, longest: number): string | null {
  const value = fields[name]
  if (typeof value !== 'string') return null
  const text = value.slice(0, longest).replace(control, ' ').trim().normalize('NFC')
  return text === '' ? null : text
}

export function countIn(fields: Fields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

export function numberIn(fields: Fields, name: string): number | null {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** 0..1; what is outside is clamped. */
export function shareIn(fields: Fields, name: string): number | null {
  const value = numberIn(fields, name)
  return value === null ? null : Math.min(1, Math.max(0, value))
}

export function flagIn(fields: Fields, name: string): boolean | null {
  const value = fields[name]
  return typeof value === 'boolean' ? value : null
}

/** The claim `exp` of a JSON Web Token in epoch ms, unverified: its signature is the server's affair. */
export function expiryOf(token: string): number | null {
  const payload = token.split('.')[1]
  if (payload === undefined) return null
  const read = readJson(Buffer.from(payload, 'base64url'))
  if (!read.ok || !isFields(read.value)) return null
  const exp = numberIn(read.value, 'exp')
  return exp === null || exp <= 0 || exp > 8.64e12 ? null : exp * 1000
}
