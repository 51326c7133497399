/** Where a request carries its token. More than one, or one twice, is none: which of them counts would be a guess. */
import type { IncomingMessage } from 'node:http'

export const subprotocol = 'bearer'

function fromHeader(request: IncomingMessage): string[] {
  const { authorization } = request.headers
  if (authorization === undefined) return []
  const match = /^bearer (\S+)$/i.exec(authorization)
  return [match?.[1] ?? '']
}

function fromQuery(query: string): string[] {
  return new URLSearchParams(query).getAll('token')
}

/** `Sec-WebSocket-Protocol: bearer, <token>`: the only header a browser's WebSocket can write. */
function fromSubprotocol(request: IncomingMessage): string[] {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
  return offered[0] === subprotocol ? offered.slice(1) : []
}

function only(tokens: readonly string[]): string | null {
  const [token] = tokens
  return tokens.length === 1 && token !== undefined && token !== '' ? token : null
}

export function queryOf(request: IncomingMessage): string {
  const url = request.url ?? ''
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}

export function socketToken(request: IncomingMessage): string | null {
  return only([...fromQuery(queryOf(request)), ...fromHeader(request), ...fromSubprotocol(request)])
}

/** Of a socket that must not bring one in its address. Undefined: it brings none; null: several, or one that is none. */
export function headerToken(request: IncomingMessage): string | null | undefined {
  const tokens = [...fromHeader(request), ...fromSubprotocol(request)]
  return tokens.length === 0 ? undefined : only(tokens)
}

export function hasQueryToken(request: IncomingMessage): boolean {
  return fromQuery(queryOf(request)).length > 0
}

/** `mayQuery`: pictures, which a page shows with `<img>` and can give no header. */
export function requestToken(request: IncomingMessage, mayQuery: boolean): string | null {
  return only([...fromHeader(request), ...(mayQuery ? fromQuery(queryOf(request)) : [])])
}
