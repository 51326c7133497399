/** Judging addresses and ports as they are typed. */
import type { LinkProfile } from '../../../../contract/links.ts'
import type { Complaint } from './kind.ts'

export function hostComplaint(host: string): Complaint | null {
  if (host === '') return 'host-missing'
  if (host.includes('://') || host.includes('/')) return 'host-is-url'
  if (/\s/.test(host) || host.length > 255) return 'host-odd'
  // Four numbers are meant as an address, so each must fit a byte; `[::1]` and `::1` are left to the system.
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)
  if (bytes) return bytes.slice(1).some((byte) => Number(byte) > 255) ? 'host-odd' : null
  return /^[A-Za-z0-9.\-:[\]%]+$/.test(host) ? null : 'host-odd'
}

export function portComplaint(text: string, others: readonly LinkProfile[]): Complaint | null {
  if (!/^\d{1,5}$/.test(text)) return 'port-range'
  const port = Number(text)
  if (port > 65535) return 'port-range'
  const taken = others.some((other) => 'port' in other && other.port === port && port !== 0)
  return taken ? 'port-taken' : null
}

export function socketUrlComplaint(text: string): Complaint | null {
  if (text === '' || text === 'ws://' || text === 'wss://') return 'url-missing'
  if (/^https?:/i.test(text)) return 'url-http'
  if (!/^wss?:\/\//i.test(text)) return 'url-scheme'
  return urlComplaint(text)
}

export function webUrlComplaint(text: string): Complaint | null {
  if (text === '' || text === 'http://' || text === 'https://') return 'web-missing'
  if (/^wss?:/i.test(text)) return 'web-ws'
  if (!/^https?:\/\//i.test(text)) return 'web-scheme'
  if (urlComplaint(text) !== null) return urlComplaint(text) === 'url-secret' ? 'url-secret' : 'web-odd'
  const { search, hash } = new URL(text)
  return search === '' && hash === '' ? null : 'web-odd'
}

function urlComplaint(text: string): Complaint | null {
  if (!URL.canParse(text)) return 'url-odd'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'url-secret'
  return url.hostname === '' || text.length > 2048 ? 'url-odd' : null
}

/** As a browser sends it: scheme, name, port, and nothing after. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text) && new URL(text).origin === text.toLowerCase()
}

export function isLoopback(host: string): boolean {
  const bare = host
    .trim()
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
}

/** A number of seconds between two, as typed. */
export function isSeconds(text: string, least: number, most: number): boolean {
  const seconds = text === '' ? Number.NaN : Number(text)
  return seconds >= least && seconds <= most && Number.isInteger(seconds * 1000)
}
