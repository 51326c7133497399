/** How the simulated server answers a request: JSON, a refusal in FastAPI's words, or bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { User } from './options.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Of a good bearer token. */
  readonly user: User | null
}

/** Ends a request with a status and `{detail}`. */
export class Refused extends Error {
  readonly status: number
  readonly detail: unknown

  constructor(status: number, detail: unknown) {
    super(String(detail))
    this.status = status
    this.detail = detail
  }
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

/** What a crash inside the deployed server's middleware looks like from outside. */
export function crash(response: ServerResponse, status = 500): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': 21 })
  response.end('Internal Server Error')
}

const largestBody = 16 * 1024 * 1024

export async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    if (length > largestBody) throw new Refused(413, 'Request body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export async function formOf(request: IncomingMessage): Promise<FormData> {
  const type = request.headers['content-type'] ?? ''
  try {
    return await new Response(await bodyOf(request), { headers: { 'content-type': type } }).formData()
  } catch {
    throw invalid(['body'], 'Field required', 'missing')
  }
}

export async function fieldsOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await bodyOf(request)).toString()
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text)
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value))
  } catch {
    // Answered below, as anything else that is no object.
  }
  throw invalid(['body'], 'JSON decode error', 'json_invalid')
}

export function invalid(loc: readonly string[], msg: string, type: string): Refused {
  return new Refused(422, [{ loc, msg, type }])
}

export function allow(asked: Asked, ...roles: readonly User['role'][]): User {
  const { user, request } = asked
  if (user === null) {
    const isGiven = request.headers.authorization?.startsWith('Bearer ') === true
    throw new Refused(401, isGiven ? 'Could not validate credentials' : 'Not authenticated')
  }
  if (!roles.includes(user.role)) throw new Refused(403, 'Insufficient permissions')
  return user
}
