/** A link profile while it is typed: plain texts, what is wrong with each in a word the screen translates, and the finished profile. */
import type { LinkId, LinkProfile } from '../../../contract/links.ts'

export type Driver = LinkProfile['driver']
export type Ladder = Extract<LinkProfile, { driver: 'blue-light-client' }>['ladder']

export const ladders: readonly Ladder[] = ['lan', 'steady-5s', 'document']

export interface Draft {
  readonly driver: Driver
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly host: string
  readonly port: string
  readonly heartbeatS: string
  readonly url: string
  readonly group: string
  readonly deviceId: string
  readonly ladder: Ladder
}

export type DraftField = 'name' | 'host' | 'port' | 'heartbeatS' | 'url' | 'group' | 'deviceId'

/** Each is the key of a sentence that says what to try. */
export type Complaint =
  | 'name-missing'
  | 'name-long'
  | 'name-taken'
  | 'host-missing'
  | 'host-is-url'
  | 'host-odd'
  | 'port-range'
  | 'port-taken'
  | 'heartbeat-range'
  | 'url-missing'
  | 'url-scheme'
  | 'url-http'
  | 'url-odd'
  | 'url-secret'
  | 'device-missing'
  | 'too-long'

export function emptyDraft(driver: Driver, id: string): Draft {
  return {
    driver,
    id,
    name: '',
    enabled: true,
    host: '127.0.0.1',
    port: driver === 'blue-light-hub' ? '8766' : '',
    heartbeatS: '30',
    url: driver === 'blue-light-client' ? 'ws://' : '',
    group: '',
    deviceId: driver === 'blue-light-client' ? 'watchfloor' : '',
    ladder: 'lan',
  }
}

export function draftOf(profile: LinkProfile): Draft {
  const base = emptyDraft(profile.driver, profile.id)
  if (profile.driver === 'blue-light-hub') {
    return {
      ...base,
      name: profile.name,
      enabled: profile.enabled,
      host: profile.host,
      port: String(profile.port),
      heartbeatS: String(profile.heartbeatMs / 1000),
    }
  }
  const { name, enabled, url, group, deviceId, ladder } = profile
  return { ...base, name, enabled, url, group, deviceId, ladder }
}

/** Complaints by field, empty when the draft can be saved. `others` are the links there are already. */
export function complaints(
  draft: Draft,
  others: readonly LinkProfile[],
): Partial<Record<DraftField, Complaint>> {
  const rest = others.filter((other) => other.id !== draft.id)
  const found: Partial<Record<DraftField, Complaint>> = {}
  const put = (field: DraftField, complaint: Complaint | null): void => {
    if (complaint) found[field] = complaint
  }
  put('name', nameComplaint(draft.name, rest))
  if (draft.driver === 'blue-light-hub') {
    put('host', hostComplaint(draft.host))
    put('port', portComplaint(draft, rest))
    put('heartbeatS', heartbeatComplaint(draft.heartbeatS))
  } else {
    put('url', urlComplaint(draft.url))
    put('group', draft.group.length > 128 ? 'too-long' : null)
    const device = draft.deviceId.trim()
    put('deviceId', device === '' ? 'device-missing' : device.length > 128 ? 'too-long' : null)
  }
  return found
}

function nameComplaint(text: string, rest: readonly LinkProfile[]): Complaint | null {
  const name = text.trim()
  if (name === '') return 'name-missing'
  if (name.length > 80) return 'name-long'
  return rest.some((other) => other.name.toLocaleLowerCase() === name.toLocaleLowerCase())
    ? 'name-taken'
    : null
}

function hostComplaint(text: string): Complaint | null {
  const host = text.trim()
  if (host === '') return 'host-missing'
  if (host.includes('://') || host.includes('/')) return 'host-is-url'
  if (/\s/.test(host) || host.length > 255) return 'host-odd'
  // Four numbers are meant as an address, so each must fit a byte; `[::1]` and `::1` are left to the system.
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)
  if (bytes) return bytes.slice(1).some((byte) => Number(byte) > 255) ? 'host-odd' : null
  return /^[A-Za-z0-9.\-:[\]%]+$/.test(host) ? null : 'host-odd'
}

function portComplaint(draft: Draft, rest: readonly LinkProfile[]): Complaint | null {
  if (!/^\d{1,5}$/.test(draft.port.trim())) return 'port-range'
  const port = Number(draft.port)
  if (port > 65535) return 'port-range'
  const taken = rest.some((other) => other.driver === 'blue-light-hub' && other.port === port && port !== 0)
  return taken ? 'port-taken' : null
}

function heartbeatComplaint(text: string): Complaint | null {
  const seconds = text.trim() === '' ? Number.NaN : Number(text)
  return seconds >= 1 && seconds <= 600 && Number.isInteger(seconds * 1000) ? null : 'heartbeat-range'
}

function urlComplaint(text: string): Complaint | null {
  const typed = text.trim()
  if (typed === '' || typed === 'ws://' || typed === 'wss://') return 'url-missing'
  if (/^https?:/i.test(typed)) return 'url-http'
  if (!/^wss?:\/\//i.test(typed)) return 'url-scheme'
  if (!URL.canParse(typed)) return 'url-odd'
  const url = new URL(typed)
  if (url.username !== '' || url.password !== '') return 'url-secret'
  return url.hostname === '' || typed.length > 2048 ? 'url-odd' : null
}

/** Null while there is anything to complain about. */
export function profileOf(draft: Draft, others: readonly LinkProfile[]): LinkProfile | null {
  if (Object.keys(complaints(draft, others)).length > 0) return null
  const base = { id: draft.id as LinkId, name: draft.name.trim(), enabled: draft.enabled }
  if (draft.driver === 'blue-light-hub') {
    const heartbeatMs = Number(draft.heartbeatS) * 1000
    return { ...base, driver: draft.driver, host: draft.host.trim(), port: Number(draft.port), heartbeatMs }
  }
  return {
    ...base,
    driver: draft.driver,
    url: draft.url.trim(),
    group: draft.group.trim(),
    deviceId: draft.deviceId.trim(),
    ladder: draft.ladder,
  }
}

/** A short id nobody has to type: the driver and a number not taken yet. */
export function freshId(driver: Driver, taken: readonly string[]): string {
  const stem = driver === 'blue-light-hub' ? 'hub' : 'relay'
  let n = 2
  while (taken.includes(`${stem}-${n}`)) n += 1
  return `${stem}-${n}`
}

export function isLoopback(host: string): boolean {
  const bare = host
    .trim()
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
}
