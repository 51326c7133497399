/** Dials a WebSocket under the same limits as a listener: no redirects, no compression, a handshake deadline, a keepalive. */
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Clock } from './clock.ts'
import { inWords } from './net-words.ts'
import { Peer, type PeerDoors, type PeerLimits, peerLimits, wsLimits } from './peer.ts'

export interface DialOptions {
  readonly url: string
  /** The address in words and on screen, where the URL itself carries a secret. */
  readonly shownAs?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly limits?: Partial<PeerLimits>
  readonly opened: (peer: Peer) => PeerDoors
  /** It never opened. `refused`: trying again would not help until somebody changes something. */
  readonly failed: (reason: string, refused: boolean) => void
}

/** Returns its undo: gives up whatever stage it is in, without a further call to the doors. */
export function dial(options: DialOptions): () => void {
  const { url, clock } = options
  const shownAs = options.shownAs ?? url
  const limits: PeerLimits = { ...peerLimits, ...options.limits }
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  if (scheme !== 'ws:' && scheme !== 'wss:') {
    const undo = clock.after(0, () => options.failed('the address must start with ws:// or wss://', true))
    return undo
  }
  const socket = new WebSocket(url, {
    ...wsLimits,
    handshakeTimeout: 5000,
    followRedirects: false,
    ...(options.headers && { headers: options.headers }),
  })
  let over = false
  let raw: Socket | null = null
  let stopSweeping: () => void = () => {}
  const fail = (reason: string, refused: boolean) => {
    if (over) return
    over = true
    options.failed(reason, refused)
  }
  socket.on('error', (error) => {
    if (raw === null) fail(inWords(error, shownAs), false)
  })
  socket.on('close', () => fail('closed during the handshake', false))
  socket.on('unexpected-response', (_request, response) => {
    const status = response.statusCode ?? 0
    response.destroy()
    const denied = status === 401 || status === 403
    fail(denied ? `refused by the peer (HTTP ${status})` : `not a WebSocket there (HTTP ${status})`, denied)
    socket.terminate()
  })
  socket.on('upgrade', (response) => {
    raw = response.socket
  })
  socket.on('open', () => {
    if (over || raw === null) return socket.terminate()
    over = true
    const peer = new Peer(socket, raw, shownAs, clock.monotonic(), limits, (created) => {
      const doors = options.opened(created)
      return {
        message: doors.message,
        closed(code, reason) {
          stopSweeping()
          doors.closed(code, reason)
        },
      }
    })
    stopSweeping = clock.every(limits.sweepEveryMs, () => peer.sweep(clock.monotonic()))
  })
  return () => {
    over = true
    stopSweeping()
    socket.terminate()
  }
}
