/** A WebSocket server, with plain HTTP where asked: node:http and ws with every limit set, refusing browsers that came from elsewhere. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIP, Socket } from 'node:net'
import { hostname } from 'node:os'
import { WebSocketServer } from 'ws'
import type { Clock } from './clock.ts'
import { Peer, type PeerDoors, type PeerLimits, peerLimits, wsLimits } from './peer.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly clock: Clock
  /** All connections, and those of one address. Loopback is where relays and simulators live: only the first counts. */
  readonly maxPeers?: number
  readonly maxPeersPerAddress?: number
  readonly limits?: Partial<PeerLimits>
  /** The longest message a peer may send, inflated or not. */
  readonly maxPayload?: number
  /** Compresses what is sent to peers that ask for it, in bounded memory. Off unless set. */
  readonly compresses?: boolean
  /** Pages of these origins may connect too, beside those of this very host. */
  readonly origins?: readonly string[]
  /** The path that may become a WebSocket; every one unless set. */
  readonly socketPath?: string
  /** One of the subprotocols a peer offers; without it the first one is agreed to. */
  readonly subprotocol?: string
  /** Plain requests whose Host and Origin were let in; without it each is told that this is a WebSocket port. */
  readonly request?: (request: IncomingMessage, response: ServerResponse) => void
  readonly peer: (peer: Peer, request: IncomingMessage) => PeerDoors
  readonly refused: (reason: string) => void
}

export interface Listener {
  /** The address really bound, with the port the system chose where 0 was asked. */
  readonly host: string
  readonly port: number
  readonly peers: number
  close(): Promise<void>
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
}

/** `host` of a Host header or origin, without port and brackets, lower case. */
function hostOf(authority: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(authority)
  return (bracketed?.[1] ?? authority.replace(/:\d+$/, '')).toLowerCase()
}

/**
 * DNS rebinding needs a name the attacker owns, so addresses and this machine's own names are safe.
 * A device sends no Origin; a page must come from this very host.
 */
function refusal(
  request: IncomingMessage,
  ownNames: ReadonlySet<string>,
  origins: readonly string[],
): string | null {
  const authority = request.headers.host ?? ''
  const host = hostOf(authority)
  if (isIP(host) === 0 && !ownNames.has(host))
    return `host ${host.slice(0, 80) || '(none)'} is not this machine`
  const origin = request.headers.origin
  if (origin === undefined || origins.includes(origin)) return null
  const from = URL.canParse(origin) ? new URL(origin).host : ''
  return from === authority.toLowerCase() ? null : `pages from ${origin.slice(0, 80)} may not connect`
}

function reject(socket: Socket, status: string, reason: string): void {
  const body = `${reason}\n`
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

const notHttp = ['400 Bad Request', 'not HTTP'] as const
const answers: Readonly<Record<string, readonly [string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request was not finished in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too long'],
}

/** Each message on its own and small windows: a socket keeps no compressor, and what it inflates ends at `maxPayload`. */
const deflate = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  concurrencyLimit: 2,
  zlibDeflateOptions: { level: 3, memLevel: 5, chunkSize: 4096 },
  zlibInflateOptions: { chunkSize: 4096 },
} as const

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}

function bind(server: Server, host: string, port: number): Promise<{ address: string; port: number }> {
  return new Promise((resolve, fail) => {
    server.once('error', fail)
    server.listen({ host, port }, () => {
      server.removeListener('error', fail)
      const bound = server.address()
      if (bound === null || typeof bound === 'string') fail(new Error('no address'))
      else resolve(bound)
    })
  })
}

/** Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) when the port cannot be had. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { clock, maxPeers = 2000, maxPeersPerAddress = 200, origins = [], subprotocol } = options
  const limits: PeerLimits = { ...peerLimits, ...options.limits }
  const peers = new Set<Peer>()
  const perAddress = new Map<string, number>()
  const ownNames = new Set(['localhost', hostname().toLowerCase(), `${hostname().toLowerCase()}.local`])

  const server = createServer(
    {
      headersTimeout: 5000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 500,
      maxHeaderSize: 8192,
      keepAliveTimeout: options.request === undefined ? 1000 : 5000,
      // Some HTTP clients offer HTTP/2 (`Upgrade: h2c`) with each request; whoever does not take it answers as usual.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.trim().toLowerCase() === 'websocket',
    },
    (request, response) => {
      if (options.request !== undefined) {
        const why = refusal(request, ownNames, origins)
        if (why === null) return options.request(request, response)
        options.refused(why)
        response.writeHead(403, { connection: 'close', 'content-type': 'application/json' })
        response.end(JSON.stringify({ detail: why }))
        return
      }
      response.writeHead(426, { connection: 'close', 'content-type': 'text/plain; charset=utf-8' })
      response.end('This is a WebSocket port for devices.\n')
    },
  )
  // A few above the cap, so that a refused peer is told why.
  server.maxConnections = maxPeers + 64
  server.on('drop', () => options.refused('too many connections'))
  server.on('connection', (socket) => socket.on('error', () => {}))
  server.on('clientError', (error, duplex) => {
    const code = 'code' in error ? error.code : ''
    // Whoever hung up asked for nothing more.
    if (code === 'ECONNRESET' || code === 'EPIPE') return duplex.destroy()
    const [status, reason] = answers[String(code)] ?? notHttp
    options.refused(reason)
    // Behind an answer that has begun, a second one would be taken for its rest.
    const isSilent = duplex instanceof Socket && duplex.writable && duplex.bytesWritten === 0
    if (isSilent) reject(duplex, status, reason)
    else duplex.destroy()
  })

  const sockets = new WebSocketServer({
    ...wsLimits,
    noServer: true,
    clientTracking: false,
    ...(options.maxPayload === undefined ? {} : { maxPayload: options.maxPayload }),
    ...(options.compresses === true ? { perMessageDeflate: deflate } : {}),
    ...(subprotocol === undefined
      ? {}
      : { handleProtocols: (offered: Set<string>) => offered.has(subprotocol) && subprotocol }),
  })
  sockets.on('wsClientError', (_error, socket) => {
    options.refused('not a WebSocket handshake')
    socket.destroy()
  })

  server.on('upgrade', (request, duplex, head) => {
    const socket = request.socket
    const address = socket.remoteAddress ?? 'unknown'
    const ofAddress = perAddress.get(address) ?? 0
    const crowded =
      peers.size >= maxPeers || (!isLoopback(address) && ofAddress >= maxPeersPerAddress)
        ? 'too many connections'
        : null
    if (options.socketPath !== undefined && pathOf(request) !== options.socketPath) {
      options.refused('no such path')
      return reject(socket, '404 Not Found', 'no such path')
    }
    const why = crowded ?? refusal(request, ownNames, origins)
    if (why !== null) {
      options.refused(why)
      return reject(socket, crowded === null ? '403 Forbidden' : '503 Service Unavailable', why)
    }
    sockets.handleUpgrade(request, duplex, head, (webSocket) => {
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
      const name = `${address}:${socket.remotePort ?? 0}`
      const peer = new Peer(webSocket, socket, name, clock.monotonic(), limits, (created) => {
        const doors = options.peer(created, request)
        return {
          message: doors.message,
          ...(doors.drained === undefined ? {} : { drained: doors.drained }),
          closed(code, reason) {
            peers.delete(created)
            const left = (perAddress.get(address) ?? 1) - 1
            if (left > 0) perAddress.set(address, left)
            else perAddress.delete(address)
            doors.closed(code, reason)
          },
        }
      })
      peers.add(peer)
    })
  })

  const bound = await bind(server, options.host, options.port)
  server.on('error', () => {})
  const stopSweeping = clock.every(limits.sweepEveryMs, () => {
    const now = clock.monotonic()
    for (const peer of peers) peer.sweep(now)
  })

  return {
    host: bound.address,
    port: bound.port,
    get peers() {
      return peers.size
    },
    async close() {
      stopSweeping()
      for (const peer of peers) peer.close(1001, 'going away')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const force = setTimeout(() => {
        for (const peer of peers) peer.terminate()
        server.closeAllConnections()
      }, 500)
      await closed
      clearTimeout(force)
    },
  }
}
