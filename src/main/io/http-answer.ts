/** Answers over HTTP: JSON, and `{detail}` for whatever went wrong. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Clock } from './clock.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: OutgoingHttpHeaders
}

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function trouble(status: number, detail: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  return { status, body: { detail }, headers }
}

export const noToken = trouble(401, 'Could not validate credentials', { 'www-authenticate': 'Bearer' })

/** What every answer carries. */
export const plainHeaders: OutgoingHttpHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

function start(response: ServerResponse, { status, body, headers = {} }: Answer): Buffer {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    ...plainHeaders,
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  return bytes
}

export function respond(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return
  response.end(start(response, answer))
}

const lingerBytes = 1_048_576
const lingerMs = 1000

/**
 * As `respond`, to a sender that is not done: closed at once, its system may throw our answer away before it was read.
 * So a little more of the body is taken and forgotten first.
 */
export function respondEarly(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  clock: Clock,
): void {
  if (response.headersSent || response.destroyed) return
  const bytes = start(response, { ...answer, headers: { ...answer.headers, connection: 'close' } })
  response.write(bytes)
  let left = lingerBytes
  const end = () => {
    cancel()
    response.end()
  }
  const cancel = clock.after(lingerMs, end)
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) end()
  })
  request.on('end', end)
  request.on('close', end)
  request.resume()
}

export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly answer: Answer | null }

/** At most `most` bytes; what is longer is not read, and its connection ends with the answer. Null: the sender is gone. */
export function readBody(request: IncomingMessage, most: number): Promise<Body> {
  const tooLong = trouble(413, `The body is longer than ${most} bytes`, { connection: 'close' })
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > most) return resolve({ ok: false, answer: tooLong })
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length <= most) {
        chunks.push(chunk)
        return
      }
      request.off('data', take)
      request.pause()
      resolve({ ok: false, answer: tooLong })
    }
    request.on('data', take)
    request.on('end', () => resolve({ ok: true, bytes: Buffer.concat(chunks) }))
    request.on('error', () => resolve({ ok: false, answer: null }))
    request.on('close', () => resolve({ ok: false, answer: null }))
  })
}
