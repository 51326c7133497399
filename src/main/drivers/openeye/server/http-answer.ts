/** Answers over HTTP as OpenEye's framework words them: JSON, and `{detail}` for whatever went wrong. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

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

export function respond(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    ...plainHeaders,
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  response.end(bytes)
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
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= most) chunks.push(chunk)
      else {
        request.pause()
        resolve({ ok: false, answer: tooLong })
      }
    })
    request.on('end', () => resolve({ ok: true, bytes: Buffer.concat(chunks) }))
    request.on('error', () => resolve({ ok: false, answer: null }))
    request.on('close', () => resolve({ ok: false, answer: null }))
  })
}
