/** The OpenEye server: one port for other dashboards, over HTTP and WebSocket, and the users who may log in. */
import type { AccountUser } from '../../../../contract/accounts.ts'
import type { Role } from '../../../../contract/roles.ts'
import { type Listener, listen } from '../../../io/listen.ts'
import { portTrouble } from '../../../io/port-trouble.ts'
import type { Accounts, LinkContext, RunningLink } from '../../../link.ts'
import { LinkBook } from '../../../link-book.ts'
import type { Delivery } from '../../../order.ts'
import { logAttempts } from './attempts.ts'
import { subprotocol } from './bearer.ts'
import { Dashboards } from './dashboards.ts'
import { Http } from './http.ts'
import { type ServerLimits, wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import { Passwords } from './passwords.ts'
import { Presence } from './presence.ts'
import type { ServerProfile } from './profile.ts'
import { Sessions } from './sessions.ts'
import { Sightings } from './sightings.ts'
import { Tokens } from './tokens.ts'
import { Vault } from './vault.ts'

const listenAgainMs = 2000
/** Without anybody connected, this long after the last request the link only listens. */
const usefulForMs = 60_000
const ended = 'token ended'

function authority(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export class Server implements RunningLink, Accounts {
  readonly #context: LinkContext<ServerProfile>
  readonly #limits: ServerLimits
  readonly #book: LinkBook
  readonly #vault: Vault
  readonly #passwords: Passwords
  readonly #sessions: Sessions
  readonly #presence: Presence
  readonly #dashboards: Dashboards
  readonly #http: Http
  readonly #stopResting: () => void
  #listener: Listener | null = null
  #attempt = 0
  #cancelAgain: () => void = () => {}
  #closed = false

  /** Rejects when the kept users and key cannot be read. */
  static async open(
    context: LinkContext<ServerProfile>,
    limits: ServerLimits,
    passwords = new Passwords(limits),
  ): Promise<Server> {
    return new Server(context, limits, passwords, await Vault.open(context.secret))
  }

  private constructor(
    context: LinkContext<ServerProfile>,
    limits: ServerLimits,
    passwords: Passwords,
    vault: Vault,
  ) {
    const { profile, clock } = context
    this.#context = context
    this.#limits = limits
    this.#vault = vault
    this.#passwords = passwords
    this.#book = new LinkBook(context, profile.id, authority(profile.host, profile.port), 2 * usefulForMs)
    const tokens = new Tokens(vault, clock, profile.tokenMinutes)
    this.#sessions = new Sessions(clock, () => tokens)
    this.#presence = new Presence(clock, () => this.#dashboards.presenceChanged())
    const parts: Parts = {
      context,
      limits,
      book: this.#book,
      vault,
      tokens,
      passwords,
      sessions: this.#sessions,
      presence: this.#presence,
      sightings: new Sightings(),
      attempts: logAttempts(context),
    }
    this.#dashboards = new Dashboards(parts, () => {
      this.#book.peers = this.#dashboards.count
    })
    this.#http = new Http(parts)
    this.#stopResting = clock.every(5000, () => this.#rest())
  }

  get accounts(): Accounts {
    return this
  }

  /** Resolves whatever the port says: a port in use is a state that is tried again. */
  async start(): Promise<void> {
    const { profile, clock, log } = this.#context
    this.#attempt += 1
    this.#book.become({ is: 'opening', attempt: this.#attempt })
    try {
      const listener = await listen({
        host: profile.host,
        port: profile.port,
        clock,
        limits: this.#limits.peer,
        maxPeers: this.#limits.maxPeers,
        maxPeersPerAddress: this.#limits.maxPeersPerAddress,
        maxPayload: wireLimits.messageBytes,
        compresses: true,
        origins: profile.origins,
        socketPath: '/api/ws/statistics',
        subprotocol,
        request: (request, response) => this.#http.take(request, response),
        peer: (peer, request) => this.#dashboards.welcome(peer, request),
        refused: (reason) => {
          this.#book.counters.refusedPeers += 1
          log.debug('peer-refused', { link: profile.id, reason })
        },
      })
      if (this.#closed) return await listener.close()
      this.#listener = listener
      this.#attempt = 0
      this.#book.address = authority(profile.host, listener.port)
      this.#book.become({ is: 'listening' })
      log.info('openeye-listening', { link: profile.id, host: profile.host, port: listener.port })
    } catch (error) {
      const reason = portTrouble(error, profile.host, profile.port)
      if (this.#attempt === 1) log.warn('openeye-port', { link: profile.id, reason })
      if (this.#closed) return
      const retryAt = clock.now() + listenAgainMs
      this.#book.become({ is: 'waiting', retryAt, attempt: this.#attempt, reason })
      this.#cancelAgain = clock.after(listenAgainMs, () => void this.start())
    }
  }

  /** Nobody there is no trouble: it listens, as at first. */
  #rest(): void {
    const { state } = this.#book
    const isQuiet = this.#dashboards.count === 0 && (state.is === 'live' || state.is === 'silent')
    const lastAt = this.#book.usefulAt
    if (isQuiet && this.#context.clock.now() - (lastAt ?? 0) > usefulForMs)
      this.#book.become({ is: 'listening' })
  }

  async users(): Promise<readonly AccountUser[]> {
    const connections = this.#sessions.connectionsByUser()
    return this.#vault.users.map(({ id, user, role }) => {
      const { requests, lastLoginAt } = this.#sessions.usage(id)
      return { user, role, connections: connections[id] ?? 0, requests, lastLoginAt }
    })
  }

  async save(user: string, role: Role, password: string | undefined): Promise<void> {
    const hash = password === undefined ? undefined : await this.#passwords.hash(password)
    await this.#vault.save(user.normalize('NFC'), role, hash, this.#context.clock.now())
    // A new password ends what was opened with the old one.
    this.#sessions.review(ended)
  }

  async remove(user: string): Promise<void> {
    await this.#vault.remove(user)
    this.#sessions.review(ended)
  }

  async revoke(user: string): Promise<void> {
    await this.#vault.revoke(user, this.#context.clock.now())
    this.#sessions.review(ended)
  }

  async rotateKey(): Promise<void> {
    await this.#vault.rotateKey()
    this.#sessions.endAll(ended)
  }

  broadcast(text: string, by: string, user: string | undefined): number {
    return this.#dashboards.notify(text, by, user === undefined ? null : { user }) ?? 0
  }

  async deliver(): Promise<Delivery> {
    return { is: 'refused', reason: 'this link serves dashboards and takes no orders' }
  }

  retry(): void {
    if (this.#listener !== null || this.#book.state.is !== 'waiting') return
    this.#cancelAgain()
    void this.start()
  }

  /** It knows no devices. */
  forget(): void {}

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelAgain()
    this.#stopResting()
    this.#dashboards.close()
    // Sockets are told by the listener, with a code of their own.
    this.#sessions.endAll('going away', 'stream')
    await this.#listener?.close()
    this.#presence.close()
    this.#book.close()
  }
}
