/** What a link's profile must look like before it is saved or tried, and what its row says before the driver has spoken. */
import type { KeptSecret } from '../contract/accounts.ts'
import { Fault, never } from '../contract/fault.ts'
import { type Link, type LinkProfile, noCounters } from '../contract/links.ts'

/** Throws a Fault whose tip says what to write. */
export function checkProfile(profile: LinkProfile): void {
  switch (profile.driver) {
    case 'blue-light-client':
      checkUrl(profile.url, ['ws:', 'wss:'], 'is not a WebSocket address', webSocketTip)
      return
    case 'openeye-client':
      checkUrl(profile.url, ['http:', 'https:'], 'is not the address of an OpenEye server', httpTip)
      return
    case 'blue-light-hub':
    case 'openeye-server':
      return
    default:
      never(profile, 'driver')
  }
}

const webSocketTip = 'It looks like ws://192.168.1.20:8765 or wss://relay.example.org/path.'
const httpTip = 'It looks like http://192.168.1.30:8000 or https://openeye.example.org.'

function checkUrl(text: string, protocols: readonly string[], problem: string, tip: string): void {
  const url = URL.parse(text)
  // Before anything quotes the address.
  if (url !== null && (url.username !== '' || url.password !== ''))
    throw new Fault(
      'bad-input',
      'The address carries a password',
      'Leave it out: addresses are shown on screen and in logs.',
    )
  if (url === null || !protocols.includes(url.protocol))
    throw new Fault('bad-input', `"${text}" ${problem}`, tip)
}

/** Whom the link's secret is for. What is kept for one server must not be sent to another. */
export function audienceOf(profile: LinkProfile): string | null {
  return 'url' in profile ? (URL.parse(profile.url)?.origin ?? null) : null
}

/** Where the link is or goes; never with a secret in it. */
function addressOf(profile: LinkProfile): string {
  switch (profile.driver) {
    case 'blue-light-hub':
      return `ws://${profile.host}:${profile.port}`
    case 'openeye-server':
      return `http://${profile.host}:${profile.port}`
    case 'blue-light-client':
    case 'openeye-client':
      return profile.url
    default:
      return never(profile, 'driver')
  }
}

export function firstRow(profile: LinkProfile, role: Link['role'], secret: KeptSecret, now: number): Link {
  return {
    id: profile.id,
    name: profile.name,
    driver: profile.driver,
    role,
    address: addressOf(profile),
    state: profile.enabled ? { is: 'opening', attempt: 1 } : { is: 'stopped' },
    stateSince: now,
    lastUsefulAt: null,
    budgetMs: 60_000,
    peers: 0,
    queueDepth: 0,
    counters: noCounters,
    secret,
    profile,
  }
}
