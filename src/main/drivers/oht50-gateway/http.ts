/** The HTTP half of the gateway: login, health, and a plain no to everything else. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { never } from '../../../contract/fault.ts'
import { headerToken } from '../../accounts/bearer.ts'
import { Logins, longestName, longestPassword } from '../../accounts/logins.ts'
import { Rates } from '../../accounts/rates.ts'
import { type Answer, ok, readBody, respond, respondEarly, trouble } from '../../io/http-answer.ts'
import { readJson } from '../../io/json.ts'
import type { Clients } from './clients.ts'
import { isFields } from './fields.ts'
import { wireLimits } from './limits.ts'
import { type Parts, show } from './parts.ts'
import { time } from './wire-words.ts'

export const serviceName = 'watchfloor-gateway'

function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown'
}

export class Http {
  readonly #parts: Parts
  readonly #clients: Clients
  readonly #logins: Logins
  readonly #rates: Rates

  constructor(parts: Parts, clients: Clients) {
    this.#parts = parts
    this.#clients = clients
    this.#logins = new Logins(parts)
    this.#rates = new Rates(parts.limits.requestsPerMinute)
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { profile, clock, log } = this.#parts.context
    const { origin } = request.headers
    const cors: Answer['headers'] =
      origin !== undefined && profile.origins.includes(origin)
        ? { 'access-control-allow-origin': origin, vary: 'origin' }
        : {}
    response.on('error', () => {})
    this.#answer(request)
      .catch((error: unknown) => {
        log.error('gateway-request', { error: String(error) })
        return trouble(500, 'Internal Server Error')
      })
      .then((answer) => {
        if (answer === null) return
        const whole = { ...answer, headers: { ...answer.headers, ...cors } }
        if (request.complete) respond(response, whole)
        else respondEarly(request, response, whole, clock)
      })
      .catch(() => response.destroy())
  }

  async #answer(request: IncomingMessage): Promise<Answer | null> {
    const { method = 'GET', url = '' } = request
    const path = (url.split('?', 1)[0] ?? '').slice(0, 200)
    show(this.#parts, 'in', addressOf(request), 0, `${method} ${path}`)
    const { waitMs } = this.#rates.take(addressOf(request), this.#parts.context.clock.monotonic())
    if (waitMs > 0) return tooMany(waitMs)
    if (method === 'OPTIONS')
      return {
        ...ok({}),
        headers: {
          allow: 'GET, POST, OPTIONS',
          'access-control-allow-methods': 'GET, POST, OPTIONS',
          'access-control-allow-headers': 'authorization, content-type',
        },
      }
    switch (path) {
      case '/health':
        return method === 'GET' ? ok(this.#health()) : notMethod('GET')
      case '/api/v1/status':
        return method === 'GET' ? this.#status(request) : notMethod('GET')
      case '/api/v1/auth/login':
        return method === 'POST' ? this.#login(request) : notMethod('POST')
      default:
        return trouble(
          404,
          'There is /health, /api/v1/status, POST /api/v1/auth/login, and WebSocket on any path',
        )
    }
  }

  #health(): object {
    const { book } = this.#parts
    return {
      success: true,
      status: 'ok',
      service: serviceName,
      uptime_ms: this.#clients.uptimeMs,
      clients: this.#clients.count,
      messages_sent: book.counters.messagesOut,
      sources: this.#sources(),
    }
  }

  /** By link: what it speaks of, and how old its newest word is. */
  #sources(): object[] {
    const { view, context } = this.#parts
    const now = context.clock.now()
    return [...view.vehicles()].map(({ link, vehicle, source, readings }) => {
      const said = Object.values(readings).filter((reading) => reading !== null)
      const newest = said.reduce<(typeof said)[number] | null>(
        (best, one) => (best === null || one.at > best.at ? one : best),
        null,
      )
      const ageMs = newest === null ? null : Math.max(0, now - newest.at)
      const state = newest === null ? 'silent' : (ageMs ?? 0) <= newest.budgetMs ? 'live' : 'stale'
      return { link, vehicle_id: vehicle, source, state, age_ms: ageMs }
    })
  }

  /** More than health tells: where a token is needed to watch, it is needed here. */
  async #status(request: IncomingMessage): Promise<Answer> {
    const { context, tokens, attempts, view, book } = this.#parts
    const token = headerToken(request)
    if (token !== undefined || context.profile.viewersNeedToken) {
      const verified = await tokens.verify(token ?? null)
      if (!verified.ok) {
        attempts.refused('request', addressOf(request), null, verified.why)
        return trouble(401, 'Could not validate credentials', { 'www-authenticate': 'Bearer' })
      }
    }
    const modules = [...view.modules()]
    return ok({
      ...this.#health(),
      timestamp: time(context.clock.now()),
      clients_connected: this.#clients.count,
      vehicles: [...new Set([...view.vehicles()].map(({ vehicle }) => vehicle))],
      modules: {
        total: modules.length,
        online: modules.filter(({ state }) => state === 'online').length,
      },
      lidars: [...view.lidars()].map(({ link, health, isScanning }) => ({
        link,
        health,
        scanning: isScanning,
      })),
      refused: book.counters.refusedPeers,
    })
  }

  async #login(request: IncomingMessage): Promise<Answer | null> {
    const kind = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
    if (kind !== 'application/json')
      return trouble(415, 'Send {"username":"…","password":"…"} as application/json', { connection: 'close' })
    const body = await readBody(request, wireLimits.bodyBytes)
    if (!body.ok) return body.answer
    const read = readJson(body.bytes)
    const { username, password } = read.ok && isFields(read.value) ? read.value : {}
    const isName = typeof username === 'string' && username !== '' && username.length <= longestName
    const isPassword = typeof password === 'string' && password !== '' && password.length <= longestPassword
    if (!isName || !isPassword) return trouble(422, 'username and password are texts')
    const entered = await this.#logins.check(username, password, addressOf(request))
    switch (entered.is) {
      case 'in':
        return ok({
          success: true,
          access_token: entered.token,
          token_type: 'bearer',
          expires_in: Math.floor(this.#parts.tokens.lifeMs / 1000),
          role: entered.user.role,
        })
      case 'wrong':
        return trouble(401, 'Incorrect username or password', { 'www-authenticate': 'Bearer' })
      case 'busy':
        return trouble(503, 'Too many logins at once; try again', { 'retry-after': '2' })
      case 'too-often':
        return trouble(429, `Too many attempts; try again in ${entered.afterS} s`, {
          'retry-after': String(entered.afterS),
        })
      default:
        return never(entered, 'login')
    }
  }
}

function notMethod(allow: string): Answer {
  return trouble(405, 'Method Not Allowed', { allow })
}

function tooMany(waitMs: number): Answer {
  const afterS = Math.ceil(waitMs / 1000)
  return trouble(429, `Too many requests; try again in ${afterS} s`, { 'retry-after': String(afterS) })
}
