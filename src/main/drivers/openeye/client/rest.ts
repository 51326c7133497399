/** Every HTTP request of one link: within the budget, counted, shown to the inspector without secrets, its answer read as JSON. */
import { Fault } from '../../../../contract/fault.ts'
import type { Clock } from '../../../io/clock.ts'
import type { HttpClient, HttpReply } from '../../../io/http-client.ts'
import { readJson } from '../../../io/json.ts'
import type { Counters } from '../../../link-book.ts'
import { tap, type Watched } from '../../../tap.ts'
import type { ClockOffset } from './clock-offset.ts'
import { limitWords } from './mode.ts'
import type { Redactor } from './redact.ts'
import type { RequestBudget } from './request-budget.ts'

export interface Ask {
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `login` is as urgent as an order, but waits like a poll while the server wants fewer requests. */
  readonly by: 'poll' | 'order' | 'login'
  readonly json?: unknown
  readonly form?: string
  readonly multipart?: { readonly contentType: string; readonly body: Buffer }
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

export interface Answer {
  readonly status: number
  /** Null where the body was no JSON. */
  readonly value: unknown
  readonly body: Buffer
  readonly date: string | undefined
}

const pollTimeoutMs = 5000
const orderTimeoutMs = 15_000
const largestJson = 2 * 1024 * 1024
/** How long the server's anger over too many requests is respected. */
const limitedMs = 60_000

interface Parts {
  readonly context: Watched & { readonly profile: { readonly url: string }; readonly clock: Clock }
  readonly http: HttpClient
  readonly budget: RequestBudget
  readonly redactor: Redactor
  readonly offset: ClockOffset
  readonly counters: Counters
}

/** The deployed server means "too many requests" by a bare 500: its 429 is thrown where nobody catches it. */
function isLimit({ status, headers, body }: HttpReply): boolean {
  if (status === 429) return true
  const isJson = headers['content-type']?.includes('json') === true
  return (
    status === 500 &&
    !isJson &&
    body.length < 200 &&
    body.toString('latin1').includes('Internal Server Error')
  )
}

function bodyOf(ask: Ask): { headers: Record<string, string>; body?: string | Buffer } {
  if (ask.multipart !== undefined)
    return { headers: { 'content-type': ask.multipart.contentType }, body: ask.multipart.body }
  if (ask.form !== undefined)
    return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: ask.form }
  if (ask.json !== undefined)
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(ask.json) }
  return { headers: {} }
}

export class Rest {
  readonly #parts: Parts
  readonly #base: string
  /** Monotonic; polls and logins are not sent before. */
  #limitedUntil = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#base = parts.context.profile.url.replace(/\/+$/, '')
  }

  urlOf(path: string): string {
    return `${this.#base}${path}`
  }

  /** Ms for which the server wants no polls; 0 when it is content. */
  get limitedMs(): number {
    return Math.max(0, this.#limitedUntil - this.#parts.context.clock.monotonic())
  }

  /** Rejects with a Fault when there is no answer, or the server's limit or ours is reached. */
  async send(ask: Ask, token: string | null): Promise<Answer> {
    const { context, http, budget } = this.#parts
    const { path, method = 'GET', by } = ask
    if (by !== 'order' && this.limitedMs > 0) throw new Fault('busy', limitWords)
    if (!budget.take(by === 'poll' ? 'poll' : 'order', context.clock.monotonic()))
      throw new Fault('busy', 'Too many requests to this server within a minute', 'Try again in a moment.')
    const { headers, body } = bodyOf(ask)
    const timeoutMs = ask.timeoutMs ?? (by === 'poll' ? pollTimeoutMs : orderTimeoutMs)
    const sentAt = context.clock.now()
    this.#tapOut(method, path, body === undefined ? 0 : Buffer.byteLength(body))
    try {
      const reply = await http.request({
        url: this.urlOf(path),
        method,
        headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        ...(body === undefined ? {} : { body }),
        timeoutMs,
        maxBytes: ask.maxBytes ?? largestJson,
      })
      return this.#answer(ask, reply, sentAt)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      tap(context, 'in', context.profile.url, 0, `${method} ${this.#shown(path)}`, error.message)
      throw error
    }
  }

  #answer(ask: Ask, reply: HttpReply, sentAt: number): Answer {
    const { context, offset, counters } = this.#parts
    const { status, headers, body } = reply
    counters.messagesIn += 1
    counters.bytesIn += body.length
    offset.note(headers.date, sentAt, context.clock.now())
    const limited = isLimit(reply)
    const { path, method = 'GET' } = ask
    const trouble = limited
      ? 'the limit of requests, or a name the server does not accept'
      : status >= 400
        ? 'refused'
        : ''
    const words = `${status} ${method} ${this.#shown(path)}`
    tap(context, 'in', context.profile.url, body.length, words, trouble)
    if (limited) {
      if (ask.by !== 'order') {
        this.#limitedUntil = context.clock.monotonic() + limitedMs
        throw new Fault('busy', limitWords)
      }
      const message =
        'The server failed without a word: too many requests within a minute, or a name it does not accept'
      throw new Fault('busy', message, 'Try again in a minute.')
    }
    const isJson = headers['content-type']?.includes('json') === true
    const read = isJson ? readJson(body) : null
    if (read?.ok === false) counters.badMessages += 1
    return { status, value: read?.ok === true ? read.value : null, body, date: headers.date }
  }

  /** A stream was opened on a connection of its own. */
  tapStream(camera: string, status: number): void {
    const { context, counters } = this.#parts
    counters.messagesOut += 1
    counters.messagesIn += 1
    const words = `${status} GET ${this.#shown(`/api/cameras/${camera}/stream`)}`
    tap(context, 'in', context.profile.url, 0, words, status === 200 ? '' : 'no stream')
  }

  #shown(path: string): string {
    return this.#parts.redactor.clean(path)
  }

  #tapOut(method: string, path: string, sizeBytes: number): void {
    const { context, counters } = this.#parts
    counters.messagesOut += 1
    tap(context, 'out', context.profile.url, sizeBytes, `${method} ${this.#shown(path)}`)
  }
}
