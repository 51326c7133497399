/** What a link's profile must look like before it is saved or tried, and what its row says before the driver has spoken. */
import type { KeptSecret } from '../contract/accounts.ts'
import { Fault, never } from '../contract/fault.ts'
import { type Link, type LinkProfile, noCounters } from '../contract/links.ts'
import { pathTrouble } from './io/jpeg-folder.ts'

/** Throws a Fault whose tip says what to write. */
export function checkProfile(profile: LinkProfile): void {
  switch (profile.driver) {
    case 'blue-light-client':
      checkUrl(profile.url, ['ws:', 'wss:'], 'is not a WebSocket address', webSocketTip)
      return
    case 'openeye-client':
      checkUrl(profile.url, ['http:', 'https:'], 'is not the address of an OpenEye server', httpTip)
      return
    case 'owt-client':
      checkUrl(profile.url, ['ws:', 'wss:'], 'is not the address of a face server', faceServerTip)
      checkNoKey(profile.url)
      return
    case 'rtsp-camera':
      checkUrl(profile.url, ['rtsp:'], 'is not the address of an RTSP camera', rtspTip)
      return
    case 'mjpeg-camera':
      checkUrl(profile.url, ['http:', 'https:'], 'is not the address of a camera', mjpegTip)
      return
    case 'still-camera':
      checkPath(profile.path)
      return
    case 'blue-light-hub':
    case 'device-faces':
    case 'openeye-server':
    case 'webcam':
    case 'modbus-bus':
    case 'rplidar':
    case 'oht50-gateway':
      return
    case 'oht50-client':
      checkVehicleUrls(profile)
      return
    default:
      never(profile, 'driver')
  }
}

/** Each may be left out, not all of them. */
function checkVehicleUrls({ httpUrl, socketUrl, backendUrl }: ProfileOf<'oht50-client'>): void {
  if (httpUrl === '' && socketUrl === '' && backendUrl === '')
    throw new Fault(
      'bad-input',
      'No address of the vehicle',
      'Write at least one, as http://192.168.1.50:8080.',
    )
  if (httpUrl !== '')
    checkUrl(httpUrl, ['http:', 'https:'], 'is not the HTTP address of a vehicle', vehicleTip)
  for (const url of [socketUrl, backendUrl].filter((one) => one !== ''))
    checkUrl(url, ['ws:', 'wss:'], 'is not a WebSocket address', vehicleSocketTip)
}

type ProfileOf<D extends LinkProfile['driver']> = Extract<LinkProfile, { driver: D }>

const vehicleTip = 'It looks like http://192.168.1.50:8080.'
const vehicleSocketTip = 'It looks like ws://192.168.1.50:8081.'
const webSocketTip = 'It looks like ws://192.168.1.20:8765 or wss://relay.example.org/path.'
const rtspTip = 'It looks like rtsp://192.168.1.64:554/stream1.'
const mjpegTip = 'It looks like http://192.168.1.64/video.mjpg.'
const faceServerTip = 'It looks like wss://faces.example.org or ws://192.168.1.40:8081.'
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

/** Only where it is; whether anything is there is the link's to say. */
function checkPath(path: string): void {
  const trouble = pathTrouble(path)
  if (trouble !== null)
    throw new Fault('bad-input', `"${path}" ${trouble}`, 'Write the whole path, as /srv/pictures.')
}

function checkNoKey(text: string): void {
  for (const name of URL.parse(text)?.searchParams.keys() ?? [])
    if (/^(?:api_?)?key$|token$/i.test(name))
      throw new Fault(
        'bad-input',
        'The address carries a key',
        'Leave it out and enter it as the API key: addresses are shown on screen and in logs.',
      )
}

/** Whom the link's secret is for. What is kept for one server must not be sent to another. */
export function audienceOf(profile: LinkProfile): string | null {
  const address =
    'url' in profile ? profile.url : profile.driver === 'oht50-client' ? addressOf(profile) : null
  const url = address === null ? null : URL.parse(address)
  if (url === null) return null
  // Of schemes a browser does not know, `origin` is the word null for every host.
  return url.origin === 'null' ? `${url.protocol}//${url.host.toLowerCase()}` : url.origin
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
    case 'owt-client':
    case 'rtsp-camera':
    case 'mjpeg-camera':
      return profile.url
    case 'still-camera':
      return profile.path
    case 'modbus-bus':
    case 'rplidar':
      return profile.port
    case 'oht50-client':
      return profile.httpUrl || profile.socketUrl || profile.backendUrl
    case 'oht50-gateway':
      return `ws://${profile.host}:${profile.port}`
    case 'webcam':
    case 'device-faces':
      return ''
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
