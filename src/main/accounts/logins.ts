/** A name and a password against the kept accounts. A wrong name and a wrong password are the same answer for the same work. */
import type { Clock } from '../io/clock.ts'
import type { LinkBook } from '../link-book.ts'
import type { Attempts } from './attempts.ts'
import type { Passwords } from './passwords.ts'
import { Rates } from './rates.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'
import type { KeptUser, Vault } from './vault.ts'

export interface LoginParts {
  readonly context: { readonly clock: Clock }
  readonly limits: { readonly loginsPerMinute: number }
  readonly book: LinkBook
  readonly vault: Vault
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly attempts: Attempts
}

export type LoggedIn =
  | { readonly is: 'in'; readonly token: string; readonly user: KeptUser }
  | { readonly is: 'wrong' }
  | { readonly is: 'too-often'; readonly afterS: number; readonly perMinute: number }
  | { readonly is: 'busy' }

export const longestPassword = 1000
export const longestName = 200

export class Logins {
  readonly #parts: LoginParts
  readonly #byAddress: Rates
  readonly #byUser: Rates

  constructor(parts: LoginParts) {
    this.#parts = parts
    this.#byAddress = new Rates(parts.limits.loginsPerMinute)
    this.#byUser = new Rates(parts.limits.loginsPerMinute)
  }

  async check(asked: string, password: string, address: string): Promise<LoggedIn> {
    const { vault, passwords, tokens, sessions, attempts, book, context } = this.#parts
    const name = asked.normalize('NFC')
    const now = context.clock.monotonic()
    const known = vault.user(name)
    const waitMs = this.#byAddress.take(address, now).waitMs || this.#byUser.take(name, now).waitMs
    if (waitMs > 0) {
      attempts.refused('login', address, known?.user ?? null, 'too many attempts')
      return { is: 'too-often', afterS: Math.ceil(waitMs / 1000), perMinute: this.#byAddress.perMinute }
    }
    const verdict = await passwords.check(password, known?.password)
    if (verdict === 'busy') {
      attempts.refused('login', address, known?.user ?? null, 'too many logins at once')
      return { is: 'busy' }
    }
    // It may have been removed or changed while its password was computed.
    const user = vault.user(name)
    const isSame = user?.id === known?.id && user?.password.hash === known?.password.hash
    if (verdict === 'wrong' || user === undefined || !isSame) {
      book.counters.refusedPeers += 1
      attempts.refused('login', address, known?.user ?? null, 'wrong name or password')
      return { is: 'wrong' }
    }
    sessions.usage(user.id).lastLoginAt = context.clock.now()
    book.useful(context.clock.now(), context.clock.monotonic())
    attempts.accepted('login', address, user.user)
    return { is: 'in', token: await tokens.issue(user), user }
  }
}
