/** The screens' WebSocket at `/rpc`: limits, then Host and Origin, then the token as the first message, then the contract. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Role } from '../../../contract/kinds.ts'
import { apiVersion } from '../../../contract/version.ts'
import { longestUploadBytes } from '../../../rpc/frame.ts'
import { greet } from '../../../rpc/greet.ts'
import type { Served } from '../../../rpc/server.ts'
import { socketWire } from '../../../rpc/socket-wire.ts'
import type { App } from '../../app.ts'
import { wsLimits } from '../../io/peer.ts'
import type { Access } from './access.ts'
import { isOwnOrigin } from './names.ts'

interface Parts {
  readonly app: App
  readonly access: Access
  readonly http: Server
  names(): ReadonlySet<string>
}

const maxScreens = 100
const pingMs = 5000

/** Returns what closes every screen. */
export function serveScreens({ app, access, http, names }: Parts): () => void {
  const server = new WebSocketServer({ noServer: true, ...wsLimits, maxPayload: longestUploadBytes })
  const sessions = new Map<Served, Role>()

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {}) // a reset before the upgrade ends only this socket
    const refused = refusal(request, names())
    if (refused !== null) {
      socket.end(`HTTP/1.1 ${refused}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    if (server.clients.size >= maxScreens) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    server.handleUpgrade(request, socket, head, (screen) => void welcome(screen))
  })

  async function welcome(screen: WebSocket): Promise<void> {
    watchPulse(screen)
    const wire = socketWire(screen)
    const session = await greet(wire, {
      version: apiVersion,
      authenticate(token) {
        const role = access.roleOf(token ?? '')
        return role === null ? null : { role, user: role }
      },
    })
    if (session === null) {
      app.log.warn('screen-refused')
      return
    }
    const served = app.serve(wire, session, () => {
      sessions.delete(served)
      app.log.info('screen-left', { session: session.id })
    })
    sessions.set(served, session.role)
    app.log.info('screen-joined', { session: session.id, role: session.role })
  }

  const stopRotate = access.onRotate((rotated) => {
    for (const [served, role] of sessions) if (role === rotated) served.close(1008, 'token changed')
  })

  return () => {
    stopRotate()
    for (const screen of server.clients) screen.close(1001, 'Watchfloor is closing')
    server.close()
  }
}

function refusal(request: IncomingMessage, names: ReadonlySet<string>): string | null {
  if (!names.has((request.headers.host ?? '').toLowerCase())) return '421 Misdirected Request'
  if (request.url !== '/rpc') return '404 Not Found'
  return isOwnOrigin(request.headers.origin, names) ? null : '403 Forbidden'
}

/** A screen whose cable was pulled is let go within two pulses. */
function watchPulse(screen: WebSocket): void {
  let answered = true
  screen.on('pong', () => {
    answered = true
  })
  const pulse = setInterval(() => {
    if (!answered) return screen.terminate()
    answered = false
    screen.ping()
  }, pingMs)
  screen.on('close', () => clearInterval(pulse))
}
