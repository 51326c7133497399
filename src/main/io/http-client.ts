/** HTTP requests under limits: no redirects, a deadline over the whole exchange, a cap on the answer, few sockets that end with their owner. */
import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { Fault } from '../../contract/fault.ts'
import { inWords } from './net-words.ts'

export interface HttpRequest {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Not a byte leaves when the connection is not there by then: for what must not arrive late. */
  readonly leavesWithinMs?: number
  readonly signal?: AbortSignal
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface StreamDoors {
  /** The headers are here. False ends it without a further call. */
  opened(status: number, headers: IncomingHttpHeaders): boolean
  chunk(bytes: Buffer): void
  /** It ended, or never began. Not called after the undo. */
  ended(reason: string): void
}

export interface StreamRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Until the headers are here. */
  readonly openWithinMs: number
  /** No byte for this long ends it. */
  readonly stallMs: number
}

/** Servers close an idle connection after 5 s as a rule: ours is closed before, so that no request meets one half closed. */
const idleMs = 4000

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url
}

function isAddress(url: string): boolean {
  const scheme = URL.parse(url)?.protocol
  return scheme === 'http:' || scheme === 'https:'
}

const noAddress = 'the address must start with http:// or https://'

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}

export class HttpClient {
  readonly #plain: Agent
  readonly #secure: SecureAgent
  readonly #open = new Set<() => void>()
  #closed = false

  constructor(maxSockets: number) {
    const options = { keepAlive: true, maxSockets, maxFreeSockets: 2, timeout: idleMs }
    this.#plain = new Agent(options)
    this.#secure = new SecureAgent(options)
  }

  #send(url: string, pooled: boolean, method: string, headers: Readonly<Record<string, string>>) {
    const options = { method, headers: { 'accept-encoding': 'identity', ...headers } }
    if (url.startsWith('https:'))
      return secureRequest(url, { ...options, agent: pooled ? this.#secure : false })
    return request(url, { ...options, agent: pooled ? this.#plain : false })
  }

  /** Rejects with a Fault in words; any status that came is an answer. */
  async request(options: HttpRequest): Promise<HttpReply> {
    const { method = 'GET' } = options
    try {
      return await this.#once(options)
    } catch (error) {
      // The server closed the idle connection in the very moment we used it: nothing was read, so it may be said again.
      if (method !== 'POST' && error instanceof StaleSocket) return this.#once(options)
      throw error
    }
  }

  #once(options: HttpRequest): Promise<HttpReply> {
    const { url, method = 'GET', body, timeoutMs, maxBytes, signal } = options
    const at = originOf(url)
    return new Promise((resolve, reject) => {
      if (!isAddress(url)) {
        reject(new Fault('bad-input', noAddress))
        return
      }
      if (this.#closed || signal?.aborted === true) {
        reject(new Fault('link-down', `the request to ${at} was given up`))
        return
      }
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const sent = this.#send(url, true, method, { ...options.headers, ...length })
      const abandon = () => fail(new Fault('link-down', `the request to ${at} was given up`))
      const late = () =>
        fail(new Fault('timed-out', `${at} did not answer within ${seconds(timeoutMs)}`, 'Try again later.'))
      const timer = setTimeout(late, timeoutMs)
      const { leavesWithinMs } = options
      const unsent = () =>
        fail(new Fault('timed-out', `${at} could not be reached in time, so nothing was sent`, 'Try again.'))
      const leaving = leavesWithinMs === undefined ? undefined : setTimeout(unsent, leavesWithinMs)
      // What is written before the connection is there waits in the socket, and goes nowhere when that is destroyed.
      if (leaving !== undefined)
        sent.on('socket', (socket) => {
          if (socket.connecting) socket.once('connect', () => clearTimeout(leaving))
          else clearTimeout(leaving)
        })
      const finish = () => {
        clearTimeout(timer)
        clearTimeout(leaving)
        this.#open.delete(abandon)
        signal?.removeEventListener('abort', abandon)
      }
      const fail = (error: Error) => {
        finish()
        reject(error)
        sent.destroy()
      }
      this.#open.add(abandon)
      signal?.addEventListener('abort', abandon)
      sent.on('error', (error: Error & { code?: string }) => {
        const stale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        const words = inWords(error, at)
        fail(stale ? new StaleSocket(words) : new Fault('link-down', words))
      })
      sent.on('response', (response) => {
        const tooLarge = () => fail(new Fault('link-down', `${at} answered with more than ${maxBytes} bytes`))
        if (Number(response.headers['content-length'] ?? 0) > maxBytes) return tooLarge()
        const chunks: Buffer[] = []
        let size = 0
        response.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > maxBytes) tooLarge()
          else chunks.push(chunk)
        })
        response.on('error', () => fail(new Fault('link-down', `${at} hung up in the middle of its answer`)))
        response.on('end', () => {
          finish()
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          })
        })
      })
      sent.end(body)
    })
  }

  /** A body without an end, on a connection of its own. Returns its undo. */
  openStream(options: StreamRequest, doors: StreamDoors): () => void {
    const at = originOf(options.url)
    let over = false
    let timer: NodeJS.Timeout | undefined
    const watch = (ms: number, reason: string) => {
      clearTimeout(timer)
      timer = setTimeout(() => end(reason), ms)
    }
    let sent: ClientRequest | null = null
    const undo = () => {
      over = true
      clearTimeout(timer)
      this.#open.delete(undo)
      sent?.destroy()
    }
    const end = (reason: string) => {
      if (over) return
      undo()
      doors.ended(reason)
    }
    if (this.#closed) return () => {}
    this.#open.add(undo)
    if (!isAddress(options.url)) {
      watch(0, noAddress)
      return undo
    }
    sent = this.#send(options.url, false, 'GET', options.headers ?? {})
    sent.on('error', (error) => end(inWords(error, at)))
    sent.on('response', (response: IncomingMessage) => {
      if (over) return
      if (!doors.opened(response.statusCode ?? 0, response.headers)) return undo()
      // One timer moved along, not one per chunk.
      watch(options.stallMs, `nothing came for ${seconds(options.stallMs)}`)
      response.on('data', (chunk: Buffer) => {
        if (over) return
        timer?.refresh()
        doors.chunk(chunk)
      })
      response.on('error', () => end('the server ended it'))
      response.on('end', () => end('the server ended it'))
    })
    watch(options.openWithinMs, `${at} did not answer within ${seconds(options.openWithinMs)}`)
    sent.end()
    return undo
  }

  /** Ends everything that is open. */
  close(): void {
    this.#closed = true
    for (const abandon of [...this.#open]) abandon()
    this.#plain.destroy()
    this.#secure.destroy()
  }
}

class StaleSocket extends Fault {
  constructor(words: string) {
    super('link-down', words)
  }
}
