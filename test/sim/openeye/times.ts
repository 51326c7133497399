/** Times as the deployed server writes them: no zone, microseconds; some in UTC, some in the machine's own time. */
import type { Dialect } from './options.ts'

/** Python leaves the fraction out when it is nothing; the last three digits are made up, our clock has none. */
function withMicroseconds(iso: string): string {
  const [whole = '', milliseconds = ''] = iso.replace('Z', '').split('.')
  return milliseconds === '000' ? whole : `${whole}.${milliseconds}208`
}

export function utc(at: number, dialect: Dialect): string {
  const iso = new Date(at).toISOString()
  return dialect === 'document' ? iso : withMicroseconds(iso)
}

export function local(at: number, dialect: Dialect): string {
  if (dialect === 'document') return new Date(at).toISOString()
  const shifted = at - new Date(at).getTimezoneOffset() * 60_000
  return withMicroseconds(new Date(shifted).toISOString())
}
