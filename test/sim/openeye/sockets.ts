/** The statistics socket of the simulated server: who may open one, what it says by itself, what it answers. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Building } from './building.ts'
import type { User } from './options.ts'
import { utc } from './times.ts'

const socketsPerUser = 5

interface Peer {
  readonly id: string
  readonly user: User
  readonly number: number
  /** Only the document's dialect keeps it. Null: everything. */
  wanted: Set<string> | null
}

/** The deployed server evaluates a text as Python, where these three words of JSON mean nothing: the text is dropped. */
function holdsWord(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true
  return typeof value === 'object' && Object.values(value ?? {}).some(holdsWord)
}

export class Sockets {
  readonly #building: Building
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: {}, maxPayload: 1024 * 1024 })
  readonly #peers = new Map<WebSocket, Peer>()
  readonly #userOf: (token: string) => User | null
  readonly #numberOf: (user: User) => number
  /** Texts that got no reply. */
  dropped = 0
  refused = 0

  constructor(building: Building, userOf: (token: string) => User | null, numberOf: (user: User) => number) {
    this.#building = building
    this.#userOf = userOf
    this.#numberOf = numberOf
  }

  get count(): number {
    return this.#peers.size
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulated')
    const { refuseSockets } = this.#building.faults
    const user = this.#userOf(searchParams.get('token') ?? '')
    const isFull = user !== null && this.#of(user).length >= socketsPerUser
    const isGood = pathname === '/api/ws/statistics' && user !== null && !isFull
    const isDocument = this.#building.dialect === 'document'
    if (refuseSockets !== 0 || (!isGood && !isDocument)) {
      this.refused += 1
      const status = refuseSockets || 403
      socket.end(
        `HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Refused'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      )
      return
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => {})
      if (user === null || !isGood) {
        this.refused += 1
        opened.close(1008, isFull ? 'too_many_connections' : 'invalid token')
        return
      }
      this.#greet(opened, user)
    })
  }

  /** To all, or to those who want that type where subscriptions count. */
  tell(message: { readonly type: string } & Readonly<Record<string, unknown>>): void {
    if (this.#building.faults.mute) return
    const text = JSON.stringify(message)
    for (const [socket, { wanted }] of this.#peers)
      if (wanted === null || wanted.has(message.type)) socket.send(text)
  }

  figures() {
    const users = new Map<number, number>()
    for (const { number } of this.#peers.values()) users.set(number, (users.get(number) ?? 0) + 1)
    return {
      total_connections: this.#peers.size,
      total_users: users.size,
      connections_by_user: Object.fromEntries(users),
    }
  }

  countOf(user: User): number {
    return this.#of(user).length
  }

  cut(): void {
    for (const socket of this.#peers.keys()) socket.terminate()
  }

  #of(user: User): Peer[] {
    return [...this.#peers.values()].filter((peer) => peer.user === user)
  }

  #greet(socket: WebSocket, user: User): void {
    const peer: Peer = { id: randomUUID(), user, number: this.#numberOf(user), wanted: null }
    this.#peers.set(socket, peer)
    socket.on('close', () => this.#peers.delete(socket))
    socket.on('message', (bytes) => this.#hear(socket, peer, String(bytes)))
    if (this.#building.faults.mute) return
    this.#say(socket, {
      type: 'connection_status',
      status: 'connected',
      connection_id: peer.id,
      user: { id: peer.number, username: user.user },
      message: 'WebSocket connection established successfully',
    })
  }

  #say(socket: WebSocket, message: object): void {
    if (!this.#building.faults.mute) socket.send(JSON.stringify(message))
  }

  #hear(socket: WebSocket, peer: Peer, text: string): void {
    let message: unknown
    try {
      message = JSON.parse(text)
    } catch {
      message = null
    }
    const isDocument = this.#building.dialect === 'document'
    if (typeof message !== 'object' || message === null || (!isDocument && holdsWord(message))) {
      this.dropped += 1
      return
    }
    const fields: Record<string, unknown> = Object.fromEntries(Object.entries(message))
    const types = Array.isArray(fields.event_types) ? fields.event_types.map(String) : []
    switch (fields.type) {
      case 'ping':
        this.#say(socket, { type: 'pong', timestamp: fields.timestamp ?? null })
        return
      case 'subscribe':
        if (isDocument) peer.wanted = new Set([...(peer.wanted ?? []), ...types])
        this.#say(socket, { type: 'subscription_confirmed', event_types: types })
        return
      case 'unsubscribe':
        if (isDocument) {
          peer.wanted ??= new Set(['statistics_update', 'camera_event', 'alert'])
          for (const type of types) peer.wanted.delete(type)
        }
        this.#say(socket, { type: 'unsubscription_confirmed', event_types: types })
        return
      default:
        this.dropped += 1
    }
  }

  tellFigures(): void {
    const now = Date.now()
    const timestamp = utc(now, this.#building.dialect)
    this.tell({ type: 'statistics_update', timestamp, data: this.#building.figures(now) })
  }
}
