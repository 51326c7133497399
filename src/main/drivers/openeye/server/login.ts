/** `POST /api/token`: a name and a password for a token. A wrong name and a wrong password are the same answer for the same work. */
import type { IncomingMessage } from 'node:http'
import { type Answer, ok, readBody, trouble } from './http-answer.ts'
import { wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'
import { Rates } from './rates.ts'

const longestPassword = 1000

function missing(field: string): object {
  return { loc: ['body', field], msg: 'field required', type: 'value_error.missing' }
}

export class Login {
  readonly #parts: Parts
  readonly #byAddress: Rates
  readonly #byUser: Rates

  constructor(parts: Parts) {
    this.#parts = parts
    this.#byAddress = new Rates(parts.limits.loginsPerMinute)
    this.#byUser = new Rates(parts.limits.loginsPerMinute)
  }

  /** Null: nobody is there to be answered. */
  async answer(request: IncomingMessage, address: string): Promise<Answer | null> {
    const kind = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
    if (kind !== 'application/x-www-form-urlencoded')
      return trouble(415, 'Send username and password as application/x-www-form-urlencoded', {
        connection: 'close',
      })
    const body = await readBody(request, wireLimits.formBytes)
    if (!body.ok) return body.answer
    const form = new URLSearchParams(body.bytes.toString('utf8'))
    const [users, passwords] = [form.getAll('username'), form.getAll('password')]
    const [user = '', password = ''] = [users[0], passwords[0]]
    const absent = [...(user === '' ? ['username'] : []), ...(password === '' ? ['password'] : [])]
    if (absent.length > 0) return trouble(422, absent.map(missing))
    if (users.length > 1 || passwords.length > 1 || password.length > longestPassword || user.length > 200)
      return trouble(422, [{ loc: ['body'], msg: 'one username and one password', type: 'value_error' }])
    return this.#check(user.normalize('NFC'), password, address)
  }

  async #check(name: string, password: string, address: string): Promise<Answer> {
    const { vault, passwords, tokens, sessions, attempts, book, context } = this.#parts
    const now = context.clock.monotonic()
    const known = vault.user(name)
    const waitMs = this.#byAddress.take(address, now).waitMs || this.#byUser.take(name, now).waitMs
    if (waitMs > 0) {
      attempts.refused('login', address, known?.user ?? null, 'too many attempts')
      const afterS = Math.ceil(waitMs / 1000)
      return trouble(429, `Too many attempts; try again in ${afterS} s`, {
        'retry-after': String(afterS),
        'x-ratelimit-limit': this.#byAddress.perMinute,
        'x-ratelimit-remaining': 0,
      })
    }
    const verdict = await passwords.check(password, known?.password)
    if (verdict === 'busy') {
      attempts.refused('login', address, known?.user ?? null, 'too many logins at once')
      return trouble(503, 'Too many logins at once; try again', { 'retry-after': '2' })
    }
    // It may have been removed or changed while its password was computed.
    const user = vault.user(name)
    const isSame = user?.id === known?.id && user?.password.hash === known?.password.hash
    if (verdict === 'wrong' || user === undefined || !isSame) {
      book.counters.refusedPeers += 1
      attempts.refused('login', address, known?.user ?? null, 'wrong name or password')
      return trouble(401, 'Incorrect username or password', { 'www-authenticate': 'Bearer' })
    }
    sessions.usage(user.id).lastLoginAt = context.clock.now()
    book.useful(context.clock.now(), context.clock.monotonic())
    attempts.accepted('login', address, user.user)
    return ok({ access_token: await tokens.issue(user), token_type: 'bearer' })
  }
}
