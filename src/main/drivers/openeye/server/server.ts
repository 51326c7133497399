/** The OpenEye server: one port for other dashboards, over HTTP and WebSocket, and the users who may log in. */

import { logAttempts } from '../../../accounts/attempts.ts'
import { subprotocol } from '../../../accounts/bearer.ts'
import { KeptAccounts } from '../../../accounts/kept-accounts.ts'
import { Passwords } from '../../../accounts/passwords.ts'
import { Sessions } from '../../../accounts/sessions.ts'
import { Tokens } from '../../../accounts/tokens.ts'
import { Vault } from '../../../accounts/vault.ts'
import { KeepListening } from '../../../keep-listening.ts'
import type { Accounts, LinkContext, RunningLink } from '../../../link.ts'
import { LinkBook } from '../../../link-book.ts'
import type { Delivery } from '../../../order.ts'
import { Dashboards } from './dashboards.ts'
import { Http } from './http.ts'
import { type ServerLimits, wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import { Presence } from './presence.ts'
import type { ServerProfile } from './profile.ts'
import { Sightings } from './sightings.ts'

/** Without anybody connected, this long after the last request the link only listens. */
const usefulForMs = 60_000

function authority(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export class Server implements RunningLink {
  readonly #context: LinkContext<ServerProfile>
  readonly #book: LinkBook
  readonly accounts: Accounts
  readonly #sessions: Sessions
  readonly #presence: Presence
  readonly #dashboards: Dashboards
  readonly #http: Http
  readonly #stopResting: () => void
  readonly #door: KeepListening

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
    this.#book = new LinkBook(context, profile.id, authority(profile.host, profile.port), 2 * usefulForMs)
    const tokens = new Tokens(vault, clock, { audience: 'openeye', minutes: profile.tokenMinutes })
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
      attempts: logAttempts(context, 'openeye'),
    }
    this.#dashboards = new Dashboards(parts, () => {
      this.#book.peers = this.#dashboards.count
    })
    this.#http = new Http(parts)
    this.accounts = new KeptAccounts({
      clock,
      vault,
      passwords,
      sessions: this.#sessions,
      broadcast: (text, by, user) =>
        this.#dashboards.notify(text, by, user === undefined ? null : { user }) ?? 0,
    })
    this.#stopResting = clock.every(5000, () => this.#rest())
    this.#door = new KeepListening(
      { context, profile, book: this.#book, address: authority, name: 'openeye' },
      {
        limits: limits.peer,
        maxPeers: limits.maxPeers,
        maxPeersPerAddress: limits.maxPeersPerAddress,
        maxPayload: wireLimits.messageBytes,
        compresses: true,
        origins: profile.origins,
        socketPath: '/api/ws/statistics',
        subprotocol,
        request: (request, response) => this.#http.take(request, response),
        peer: (peer, request) => this.#dashboards.welcome(peer, request),
      },
    )
  }

  start(): Promise<void> {
    return this.#door.start()
  }

  /** Nobody there is no trouble: it listens, as at first. */
  #rest(): void {
    const { state } = this.#book
    const isQuiet = this.#dashboards.count === 0 && (state.is === 'live' || state.is === 'silent')
    const lastAt = this.#book.usefulAt
    if (isQuiet && this.#context.clock.now() - (lastAt ?? 0) > usefulForMs)
      this.#book.become({ is: 'listening' })
  }

  async deliver(): Promise<Delivery> {
    return { is: 'refused', reason: 'this link serves dashboards and takes no orders' }
  }

  retry(): void {
    this.#door.retry()
  }

  /** It knows no devices. */
  forget(): void {}

  async close(): Promise<void> {
    this.#stopResting()
    this.#dashboards.close()
    // Sockets are told by the listener, with a code of their own.
    this.#sessions.endAll('going away', 'stream')
    await this.#door.close()
    this.#presence.close()
    this.#book.close()
  }
}
