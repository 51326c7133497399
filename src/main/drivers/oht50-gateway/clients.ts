/** All clients on their sockets: who is let in, and what is told to all of them, each message made once and each tick written once. */
import type { IncomingMessage } from 'node:http'
import { hasQueryToken, headerToken } from '../../accounts/bearer.ts'
import type { Peer, PeerDoors } from '../../io/peer.ts'
import { textFrame, textOfFrame } from '../../io/text-frame.ts'
import { Board, type Message } from './board.ts'
import { Client, type House } from './client.ts'
import type { Asked } from './command-words.ts'
import { Commands } from './commands.ts'
import { type Parts, show } from './parts.ts'
import { type Wish, wants, wishKey } from './topics.ts'
import { time } from './wire-words.ts'

const everyone = 'all clients'

/** Clients that get exactly the same. */
interface Audience {
  readonly wish: Wish
  readonly clients: Set<Client>
}

export class Clients implements House {
  readonly #parts: Parts
  readonly #board: Board
  readonly #commands: Commands
  readonly #all = new Set<Client>()
  readonly #withoutToken = new Map<Client, () => void>()
  readonly #audiences = new Map<string, Audience>()
  readonly #changed: () => void
  readonly #undo: readonly (() => void)[]
  readonly #startedAt: number
  #pending: Message[] = []
  #isClosed = false

  /** `changed`: somebody came or went. */
  constructor(parts: Parts, changed: () => void) {
    const { context, view, limits } = parts
    this.#parts = parts
    this.#changed = changed
    this.#startedAt = context.clock.monotonic()
    this.#board = new Board(context, view, (message) => this.#tell(message))
    this.#commands = new Commands(parts)
    this.#undo = [
      context.clock.every(limits.heartbeatMs, () => this.#beat()),
      context.clock.every(limits.statusMs, () => this.#board.tellStatus()),
      context.clock.every(Math.min(1000, limits.behindForMs), () => this.#dropBehind()),
    ]
  }

  /** Those that are told something. */
  get count(): number {
    return this.#all.size - this.#withoutToken.size
  }

  get uptimeMs(): number {
    return Math.round(this.#parts.context.clock.monotonic() - this.#startedAt)
  }

  /** Not read before its token was looked at. */
  welcome(peer: Peer, request: IncomingMessage): PeerDoors {
    const { context } = this.#parts
    const client = new Client(peer, this.#parts, this)
    this.#all.add(client)
    peer.pause()
    void this.#receive(client, request)
      .catch((error: unknown) => {
        context.log.error('gateway-admission', { error: String(error) })
        client.end('internal error', 1011)
      })
      .finally(() => peer.resume(context.clock.monotonic()))
    return {
      message: (bytes, isBinary) => client.message(bytes, isBinary),
      drained: () => client.outbox.drained(),
      closed: () => client.closed(),
    }
  }

  async #receive(client: Client, request: IncomingMessage): Promise<void> {
    const { context, limits } = this.#parts
    if (hasQueryToken(request))
      return this.#refuse(
        client,
        'token in the address',
        'no token in the address: send a header or an auth message',
      )
    const token = headerToken(request)
    if (token !== undefined) return this.#judge(client, token)
    if (!context.profile.viewersNeedToken) return this.#let(client, null)
    if (this.#withoutToken.size >= limits.maxWithoutToken) {
      this.#parts.book.counters.refusedPeers += 1
      client.end('too many clients without a token: try again', 1013)
      return
    }
    const late = () => this.#refuse(client, 'no token', `no token within ${limits.tokenWithinMs / 1000} s`)
    this.#withoutToken.set(client, context.clock.after(limits.tokenWithinMs, late))
    client.askForToken()
  }

  admit(client: Client, token: string): void {
    this.#judge(client, token).catch((error: unknown) => {
      this.#parts.context.log.error('gateway-admission', { error: String(error) })
      client.end('internal error', 1011)
    })
  }

  async #judge(client: Client, token: string | null): Promise<void> {
    const verified = await this.#parts.tokens.verify(token)
    if (client.isOver) return
    if (!verified.ok) return this.#refuse(client, verified.why, 'invalid token')
    this.#let(client, verified.pass)
  }

  #refuse(client: Client, why: string, said: string): void {
    const { book, attempts } = this.#parts
    book.counters.refusedPeers += 1
    attempts.refused('socket', client.peer.address, null, why)
    client.end(said)
  }

  #let(client: Client, pass: Parameters<Client['enter']>[0]): void {
    const { attempts, book, context } = this.#parts
    if (client.isOver || !client.peer.isOpen) return
    this.#trusted(client)
    if (pass !== null) attempts.accepted('socket', client.peer.address, pass.user.user)
    client.enter(pass)
    book.useful(context.clock.now(), context.clock.monotonic())
    this.#changed()
  }

  #trusted(client: Client): void {
    this.#withoutToken.get(client)?.()
    this.#withoutToken.delete(client)
  }

  frame(key: string): Buffer | null {
    return this.#board.frame(key)
  }

  keys(wish: Wish): string[] {
    // What waits to be told is on the board already: the newcomer gets it with the rest, not twice.
    return this.#board.keys(wish)
  }

  vehicles(): Iterable<string> {
    return this.#board.vehicles()
  }

  moved(client: Client, before: Wish | null): void {
    this.#flush()
    if (before !== null) this.#leave(client, before)
    const { wish } = client
    if (wish === null) return
    const key = wishKey(wish)
    const audience = this.#audiences.get(key) ?? { wish, clients: new Set<Client>() }
    this.#audiences.set(key, audience)
    audience.clients.add(client)
  }

  #leave(client: Client, wish: Wish): void {
    const key = wishKey(wish)
    const audience = this.#audiences.get(key)
    audience?.clients.delete(client)
    if (audience?.clients.size === 0) this.#audiences.delete(key)
  }

  command(client: Client, asked: Asked): void {
    this.#commands.take(client, asked)
  }

  left(client: Client): void {
    this.#all.delete(client)
    this.#trusted(client)
    if (client.wish !== null) this.#leave(client, client.wish)
    this.#commands.left(client)
    this.#changed()
  }

  /** What changes in one turn of the loop leaves in one write for each client. */
  #tell(message: Message): void {
    if (this.#audiences.size === 0) return
    if (this.#pending.length === 0) setImmediate(() => this.#flush())
    this.#pending.push(message)
  }

  #flush(): void {
    const pending = this.#pending
    if (pending.length === 0 || this.#isClosed) return
    this.#pending = []
    const now = this.#parts.context.clock.now()
    for (const { wish, clients } of this.#audiences.values()) {
      const messages = pending.filter(({ topic, vehicle }) => wants(wish, topic, vehicle))
      const [first] = messages
      if (first === undefined) continue
      const keys = messages.map(({ key }) => key)
      const frames =
        messages.length === 1 ? first.frame(now) : Buffer.concat(messages.map((one) => one.frame(now)))
      for (const { outbox } of clients) outbox.send(frames, messages.length, keys)
    }
    if (this.#parts.context.inspected()) for (const message of pending) this.#shown(message.frame(now))
  }

  #shown(frame: Buffer): void {
    show(this.#parts, 'out', everyone, frame.length, textOfFrame(frame))
  }

  #beat(): void {
    const { context, book } = this.#parts
    if (this.count === 0) return
    // Each of them answered a ping within the last seconds, or it would be gone.
    book.useful(context.clock.now(), context.clock.monotonic())
    const frame = textFrame(
      JSON.stringify({
        type: 'heartbeat',
        timestamp: context.clock.now(),
        data: { server_status: 'running', active_connections: this.count, uptime_ms: this.uptimeMs },
      }),
    )
    for (const { clients } of this.#audiences.values())
      for (const { outbox } of clients) outbox.send(frame, 1, [])
  }

  #dropBehind(): void {
    const { context, limits, book } = this.#parts
    const now = context.clock.monotonic()
    for (const client of [...this.#all]) {
      const behindMs = client.outbox.behindMs(now)
      if (behindMs === null || behindMs < limits.behindForMs) continue
      book.counters.pauses += 1
      context.log.warn('gateway-client-behind', { peer: client.peer.address, behindMs: Math.round(behindMs) })
      client.end('reads too slowly', 1013)
    }
  }

  /** A word from here to one user or everybody; how many sockets got it. */
  notify(text: string, from: string, user: string | undefined): number {
    const { clock } = this.#parts.context
    const message = { type: 'notification', timestamp: time(clock.now()), data: { message: text, from } }
    let sockets = 0
    for (const client of this.#all) {
      if (client.wish === null || (user !== undefined && client.name !== user)) continue
      client.say(message)
      sockets += 1
    }
    return sockets
  }

  close(): void {
    this.#isClosed = true
    for (const undo of this.#undo) undo()
    for (const cancel of this.#withoutToken.values()) cancel()
    this.#board.close()
    this.#commands.close()
  }
}
