/** HTTP by hand: what a well-behaved client would never send, and what one never shows of an answer. */
import { EventEmitter, once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Stand } from './stand.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** One connection; what came stays until the end. */
export class Raw {
  readonly socket: Socket
  readonly closed: Promise<void>
  readonly #chunks: Buffer[] = []
  readonly #events = new EventEmitter()
  #isClosed = false

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => {
      this.#chunks.push(chunk)
      this.#events.emit('moved')
    })
    this.closed = new Promise((resolve) =>
      this.socket.on('close', () => {
        this.#isClosed = true
        this.#events.emit('moved')
        resolve()
      }),
    )
  }

  say(text: string | Buffer): this {
    this.socket.write(text)
    return this
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get text(): string {
    return this.bytes.toString('latin1')
  }

  async until<T>(look: (bytes: Buffer) => T | null | undefined | false): Promise<T> {
    for (;;) {
      const found = look(this.bytes)
      if (found !== null && found !== undefined && found !== false) return found
      if (this.#isClosed) throw new Error(`closed, having said: ${this.text.slice(0, 500)}`)
      await once(this.#events, 'moved')
    }
  }

  /** The next answers, in their order. */
  replies(count: number): Promise<Reply[]> {
    return this.until((bytes) => {
      const all = repliesIn(bytes)
      return all.length >= count && all
    })
  }
}

function headersIn(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1)
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
}

/** Whole answers that say how long they are. */
export function repliesIn(bytes: Buffer): Reply[] {
  const replies: Reply[] = []
  let from = 0
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', from)
    if (end < 0) return replies
    const head = bytes.toString('latin1', from, end)
    const headers = headersIn(head)
    const length = Number(headers['content-length'] ?? 0)
    if (bytes.length < end + 4 + length) return replies
    const body = bytes.subarray(end + 4, end + 4 + length)
    replies.push({ status: Number(head.split(' ')[1]), headers, body })
    from = end + 4 + length
  }
}

/** The body so far of one answer without an end, whether in chunks or not. */
export function bodyIn(bytes: Buffer): { readonly headers: Record<string, string>; readonly body: Buffer } {
  const end = bytes.indexOf('\r\n\r\n')
  const headers = headersIn(bytes.toString('latin1', 0, Math.max(0, end)))
  if (end < 0) return { headers, body: Buffer.alloc(0) }
  if (headers['transfer-encoding'] !== 'chunked') return { headers, body: bytes.subarray(end + 4) }
  const parts: Buffer[] = []
  let at = end + 4
  for (;;) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) break
    const length = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (length === 0) break
    parts.push(bytes.subarray(line + 2, line + 2 + length))
    at = line + 2 + length + 2
  }
  return { headers, body: Buffer.concat(parts) }
}

export function head(
  line: string,
  headers: Readonly<Record<string, string | number>> = {},
  host = '127.0.0.1',
): string {
  const all = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${all.join('')}\r\n`
}

/** One request on a connection of its own, and its one answer. */
export async function ask(stand: Stand, request: string | Buffer): Promise<Reply> {
  const raw = new Raw(stand.port).say(request)
  const [reply] = await raw.replies(1)
  raw.socket.destroy()
  if (reply === undefined) throw new Error('no answer')
  return reply
}

export function json(reply: Reply): unknown {
  return JSON.parse(reply.body.toString('utf8'))
}
