/** Asks a camera what it has: OPTIONS, DESCRIBE, redirects, and which of its tracks can be shown. */
import { Fault } from '../../../contract/fault.ts'
import { type Address, addressOf, controlUrl } from './address.ts'
import { Connection, type ConnectionParts } from './connection.ts'
import { readSdp, type Track } from './sdp.ts'
import { header, type Reply } from './wire.ts'

export interface Described {
  readonly connection: Connection
  readonly video: Track
  /** For SETUP, and for PLAY. */
  readonly trackUrl: string
  readonly sessionUrl: string
  /** The requests it names; empty where it names none. */
  readonly methods: ReadonlySet<string>
}

const mostRedirects = 3

/** Rejects with a Fault; then nothing is left open. `opened` gets every connection as it begins, so that it can be closed. */
export async function describe(
  parts: ConnectionParts,
  begun: (connection: Connection) => void,
): Promise<Described> {
  let { address, login } = parts
  let connection = await openTo(parts, begun)
  let methods = await optionsOf(connection, address)
  for (let redirects = 0; ; redirects++) {
    const reply = await connection.ask('DESCRIBE', address.url, { Accept: 'application/sdp' })
    if (reply.status < 300 || reply.status > 399) return { ...chosen(reply, address), connection, methods }
    const next = addressOf(header(reply.headers, 'location') ?? '')
    if (next === null || redirects >= mostRedirects)
      throw new Fault('link-down', 'the camera sends us from one address to the next', 'Enter the last one.')
    const isSame = next.host === address.host && next.port === address.port
    // What is kept for one camera must not be sent to another.
    if (next.host !== address.host) login = null
    address = next
    if (isSame) continue
    connection.close()
    connection = await openTo({ ...parts, address, login }, begun)
    methods = await optionsOf(connection, address)
  }
}

async function openTo(parts: ConnectionParts, begun: (connection: Connection) => void): Promise<Connection> {
  const connection = new Connection(parts)
  begun(connection)
  await connection.opened
  return connection
}

/** Some answer it with 405 or 501, which is an answer too. */
export async function optionsOf(connection: Connection, address: Address): Promise<ReadonlySet<string>> {
  const reply = await connection.ask('OPTIONS', address.url)
  const named = reply.status === 200 ? (header(reply.headers, 'public') ?? '') : ''
  return new Set(named.split(',').map((one) => one.trim().toUpperCase()))
}

function chosen(reply: Reply, address: Address): Pick<Described, 'video' | 'trackUrl' | 'sessionUrl'> {
  if (reply.status !== 200) throw troubleOf(reply, 'DESCRIBE')
  const { video, control, media } = readSdp(reply.body)
  if (video === null) {
    const what =
      media.length === 0 ? 'nothing that can be read' : `only ${[...new Set(media)].join(', ').slice(0, 80)}`
    throw new Fault(
      'link-down',
      `this address has no video: it offers ${what}`,
      'Look the path up in the camera.',
    )
  }
  const base =
    header(reply.headers, 'content-base') ?? header(reply.headers, 'content-location') ?? address.url
  const safeBase = addressOf(base)?.url ?? address.url
  return { video, trackUrl: controlUrl(safeBase, video.control), sessionUrl: controlUrl(safeBase, control) }
}

/** What the camera answered, in words. */
export function troubleOf({ status, reason }: Pick<Reply, 'status' | 'reason'>, method: string): Fault {
  switch (status) {
    case 404:
    case 454:
      return new Fault(
        'link-down',
        `the camera has no stream at this address (${status})`,
        'Look its RTSP path up in the camera, and correct the address.',
      )
    case 461:
      return new Fault(
        'link-down',
        'the camera does not send over TCP (461)',
        'Switch on RTSP over TCP in the camera.',
      )
    case 453:
    case 503:
      return new Fault(
        'link-down',
        `the camera has no room for another viewer (${status})`,
        'Close another player, or allow more connections in the camera.',
      )
    default:
      return new Fault(
        'link-down',
        `the camera answers ${method} with ${status} ${reason}`.trim().slice(0, 200),
      )
  }
}
