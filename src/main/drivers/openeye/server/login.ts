/** `POST /api/token`: a name and a password for a token. A wrong name and a wrong password are the same answer for the same work. */
import type { IncomingMessage } from 'node:http'
import { never } from '../../../../contract/fault.ts'
import { Logins, longestName, longestPassword } from '../../../accounts/logins.ts'
import { type Answer, ok, readBody, trouble } from '../../../io/http-answer.ts'
import { wireLimits } from './limits.ts'
import type { Parts } from './parts.ts'

function missing(field: string): object {
  return { loc: ['body', field], msg: 'field required', type: 'value_error.missing' }
}

export class Login {
  readonly #logins: Logins

  constructor(parts: Parts) {
    this.#logins = new Logins(parts)
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
    if (
      users.length > 1 ||
      passwords.length > 1 ||
      password.length > longestPassword ||
      user.length > longestName
    )
      return trouble(422, [{ loc: ['body'], msg: 'one username and one password', type: 'value_error' }])
    const entered = await this.#logins.check(user, password, address)
    switch (entered.is) {
      case 'in':
        return ok({ access_token: entered.token, token_type: 'bearer' })
      case 'wrong':
        return trouble(401, 'Incorrect username or password', { 'www-authenticate': 'Bearer' })
      case 'busy':
        return trouble(503, 'Too many logins at once; try again', { 'retry-after': '2' })
      case 'too-often':
        return trouble(429, `Too many attempts; try again in ${entered.afterS} s`, {
          'retry-after': String(entered.afterS),
          'x-ratelimit-limit': entered.perMinute,
          'x-ratelimit-remaining': 0,
        })
      default:
        return never(entered, 'login')
    }
  }
}
