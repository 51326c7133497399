/**
 * Requests to the vehicle's single-threaded HTTP server: questions one at a time, orders at once. A STOP REQUEST waits for nothing: it
 * leaves beside whatever is on its way, and ends commands that are not done, so that none of them can arrive after it.
 */
import { Fault } from '../../../contract/fault.ts'
import { HttpClient, type HttpReply } from '../../io/http-client.ts'
import { readJson } from '../../io/json.ts'
import type { LinkContext } from '../../link.ts'
import type { Counters } from '../../link-book.ts'
import { tap } from '../../tap.ts'
import { type VehicleProfile, withoutSlash } from './profile.ts'
import type { Redactor } from './secret.ts'

export const answerWithinMs = 1000
const largestReply = 262_144
/** The firmware reads a request once, this many bytes of it. */
const largestRequest = 2047
/** Stops on their way at once: each ends within its second. */
const mostStops = 16

export interface Answer {
  readonly status: number
  /** Null when it was not JSON. */
  readonly value: unknown
}

interface Parts {
  readonly context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'inspected' | 'tell'>
  readonly counters: Counters
  readonly redactor: Redactor
}

export class Courier {
  readonly #parts: Parts
  readonly #base: string
  /** Stops have connections of their own: nothing else can use them up. */
  readonly #stops = new HttpClient(mostStops)
  readonly #others = new HttpClient(4)
  #token: string | null = null
  #commands: Promise<unknown> = Promise.resolve()
  #commandsOpen = 0
  /** Ends the commands that are waiting or on their way. */
  #stopped = new AbortController()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#base = withoutSlash(parts.context.profile.httpUrl)
  }

  set token(token: string | null) {
    this.#token = token
  }

  get hasToken(): boolean {
    return this.#token !== null
  }

  /** A command is on its way: the server should not be asked anything else meanwhile. */
  get isBusy(): boolean {
    return this.#commandsOpen > 0
  }

  /** Rejects with a Fault when no answer came. */
  ask(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.#send(this.#others, 'GET', path, null, { ...(signal && { signal }) })
  }

  /** Goes out now or not at all. `deadlineAt` is epoch ms. */
  stop(path: string, deadlineAt: number): Promise<Answer> {
    this.#stopped.abort()
    this.#stopped = new AbortController()
    return this.#order(this.#stops, path, '{}', deadlineAt)
  }

  async command(path: string, body: string, deadlineAt: number): Promise<Answer> {
    const { signal } = this.#stopped
    const before = this.#commands
    this.#commandsOpen += 1
    const sent = before.then(async () => {
      if (signal.aborted) throw new Fault('link-down', 'a stop was requested meanwhile, so it was not sent')
      try {
        return await this.#order(this.#others, path, body, deadlineAt, signal)
      } catch (error) {
        if (!signal.aborted) throw error
        throw new Fault(
          'link-down',
          'it was given up because a stop was requested; whether the vehicle had taken it is not known',
        )
      }
    })
    this.#commands = sent.catch(() => {})
    try {
      return await sent
    } finally {
      this.#commandsOpen -= 1
    }
  }

  #order(
    http: HttpClient,
    path: string,
    body: string,
    deadlineAt: number,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const leftMs = deadlineAt - this.#parts.context.clock.now()
    if (leftMs <= 0)
      return Promise.reject(
        new Fault('timed-out', 'its time was over before it could be sent, so it was not'),
      )
    const leavesWithinMs = Math.min(leftMs, answerWithinMs)
    return this.#send(http, 'POST', path, body, { leavesWithinMs, ...(signal && { signal }) })
  }

  async #send(
    http: HttpClient,
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    more: { readonly leavesWithinMs?: number; readonly signal?: AbortSignal },
  ): Promise<Answer> {
    const { counters } = this.#parts
    // A kept connection may be closed the moment it is used, and an order is not said twice: each has its own.
    const headers: Record<string, string> = { connection: 'close' }
    if (body !== null) headers['content-type'] = 'application/json'
    if (method === 'POST' && this.#token !== null) headers.authorization = `Bearer ${this.#token}`
    const estimate = path.length + this.#base.length + (this.#token?.length ?? 0) + (body?.length ?? 0) + 250
    if (method === 'POST' && estimate > largestRequest)
      throw new Fault('bad-input', `the token is too long: the vehicle reads ${largestRequest} bytes at most`)
    counters.messagesOut += 1
    this.#tap('out', body?.length ?? 0, body === null ? `${method} ${path}` : `${method} ${path} ${body}`)
    try {
      const reply = await http.request({
        url: `${this.#base}${path}`,
        method,
        headers,
        // As text: headers and body then leave in one piece, and the firmware reads once.
        ...(body === null ? {} : { body }),
        timeoutMs: answerWithinMs,
        maxBytes: largestReply,
        ...more,
      })
      return this.#answer(method, path, reply)
    } catch (error) {
      if (error instanceof Fault) this.#tap('in', 0, `${method} ${path}`, error.message)
      throw error
    }
  }

  #answer(method: string, path: string, { status, body }: HttpReply): Answer {
    const { counters } = this.#parts
    counters.messagesIn += 1
    counters.bytesIn += body.length
    const read = readJson(body)
    if (!read.ok) counters.badMessages += 1
    const trouble = status >= 400 ? 'refused' : read.ok ? '' : read.message
    this.#tap('in', body.length, `${status} ${method} ${path} ${body.toString('utf8', 0, 4096)}`, trouble)
    return { status, value: read.ok ? read.value : null }
  }

  #tap(direction: 'in' | 'out', sizeBytes: number, text: string, trouble = ''): void {
    const { context, redactor } = this.#parts
    if (!context.inspected()) return
    tap(context, direction, context.profile.httpUrl, sizeBytes, redactor.clean(text), redactor.clean(trouble))
  }

  close(): void {
    this.#stopped.abort()
    this.#stops.close()
    this.#others.close()
  }
}
