/** The vehicle gateway: one port other programs watch our vehicles through, and command them where their account may. */
import { logAttempts } from '../../accounts/attempts.ts'
import { subprotocol } from '../../accounts/bearer.ts'
import { KeptAccounts } from '../../accounts/kept-accounts.ts'
import { Passwords } from '../../accounts/passwords.ts'
import { Sessions } from '../../accounts/sessions.ts'
import { Tokens } from '../../accounts/tokens.ts'
import { Vault } from '../../accounts/vault.ts'
import { KeepListening } from '../../keep-listening.ts'
import type { Accounts, LinkContext, RunningLink, VehicleView } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { Clients } from './clients.ts'
import { Http } from './http.ts'
import { type GatewayLimits, wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import type { GatewayProfile } from './profile.ts'

const budgetMs = 60_000
const restEveryMs = 5000

export function socketAddress(host: string, port: number): string {
  return `ws://${host.includes(':') ? `[${host}]` : host}:${port}`
}

export class Gateway implements RunningLink {
  readonly accounts: Accounts
  readonly #book: LinkBook
  readonly #clients: Clients
  readonly #http: Http
  readonly #stopResting: () => void
  readonly #door: KeepListening
  #counts = 0
  #closed = false

  /** Rejects when the kept users and key cannot be read. */
  static async open(
    context: LinkContext<GatewayProfile>,
    view: VehicleView,
    limits: GatewayLimits,
  ): Promise<Gateway> {
    return new Gateway(context, view, limits, await Vault.open(context.secret))
  }

  private constructor(
    context: LinkContext<GatewayProfile>,
    view: VehicleView,
    limits: GatewayLimits,
    vault: Vault,
  ) {
    const { profile, clock } = context
    this.#book = new LinkBook(context, profile.id, socketAddress(profile.host, profile.port), budgetMs)
    const tokens = new Tokens(vault, clock, {
      audience: 'oht50',
      minutes: profile.tokenMinutes,
      // As the vehicle's own backend writes them.
      fixed: { type: 'access' },
      shows: ({ role }) => ({ role }),
    })
    const passwords = new Passwords(limits)
    const sessions = new Sessions(clock, () => tokens)
    const parts: Parts = {
      context,
      view,
      limits,
      book: this.#book,
      vault,
      tokens,
      passwords,
      sessions,
      attempts: logAttempts(context, 'gateway'),
    }
    this.#clients = new Clients(parts, () => this.#counted())
    this.#http = new Http(parts, this.#clients)
    this.#stopResting = clock.every(restEveryMs, () => this.#counted())
    this.#door = new KeepListening(
      { context, profile, book: this.#book, address: socketAddress, name: 'gateway' },
      {
        limits: limits.peer,
        maxPeers: limits.maxPeers,
        maxPeersPerAddress: limits.maxPeersPerAddress,
        maxPayload: wireLimits.messageBytes,
        origins: profile.origins,
        subprotocol,
        request: (request, response) => this.#http.take(request, response),
        peer: (peer, request) => this.#clients.welcome(peer, request),
      },
    )
    this.accounts = new KeptAccounts({
      clock,
      vault,
      passwords,
      sessions,
      broadcast: (text, by, user) => this.#clients.notify(text, by, user),
    })
  }

  start(): Promise<void> {
    return this.#door.start()
  }

  /** Nobody there is no trouble: it listens, as at first. */
  #counted(): void {
    if (this.#closed) return
    const { count } = this.#clients
    if (count !== this.#counts) this.#book.peers = count
    this.#counts = count
    const { is } = this.#book.state
    if (count === 0 && (is === 'live' || is === 'silent')) this.#book.become({ is: 'listening' })
  }

  async deliver(): Promise<Delivery> {
    return { is: 'refused', reason: 'this link serves other programs and takes no orders' }
  }

  retry(): void {
    this.#door.retry()
  }

  /** It knows no devices. */
  forget(): void {}

  async close(): Promise<void> {
    this.#closed = true
    this.#stopResting()
    this.#clients.close()
    await this.#door.close()
    this.#book.close()
  }
}
