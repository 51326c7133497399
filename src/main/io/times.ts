/** Reads the instants devices write: ISO with Z, with an offset or without a zone, integer ms, seconds. */

/** What an ISO time without a zone means. */
export type Zone = 'utc' | 'local'

const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(Z|z|[+-]\d\d:?\d\d)?$/
const decimal = /^\d{9,17}(?:\.\d+)?$/
/** ECMAScript's last instant. */
const lastInstantMs = 8.64e15
/** A number below this is seconds: as ms it would lie before September 2001. */
const secondsBelow = 1e12

function readNumber(value: number): number | null {
  if (!Number.isFinite(value) || value < 0) return null
  const ms = Math.round(value < secondsBelow ? value * 1000 : value)
  return ms <= lastInstantMs ? ms : null
}

/** Epoch ms, or null when it is not an instant. */
export function readInstant(value: unknown, zone: Zone = 'utc'): number | null {
  if (typeof value === 'number') return readNumber(value)
  if (typeof value !== 'string' || value.length > 40) return null
  // The common form, `2024-01-15T10:30:15(.000)Z`, needs no regular expression.
  if (
    (value.length === 20 || value.length === 24) &&
    value[10] === 'T' &&
    value[4] === '-' &&
    value.endsWith('Z')
  ) {
    const at = Date.parse(value)
    return Number.isNaN(at) ? null : at
  }
  const match = iso.exec(value)
  if (match === null) return decimal.test(value) ? readNumber(Number(value)) : null
  const zoned = match[1] === undefined && zone === 'utc' ? `${value}Z` : value
  const ms = Date.parse(zoned.replace(' ', 'T').replace(',', '.').replace('z', 'Z'))
  return Number.isNaN(ms) ? null : ms
}
