/** What the link as a whole is doing, from its two ways to the server: the socket and HTTP. Pure. */
import { never } from '../../../../contract/fault.ts'
import type { LinkState } from '../../../../contract/links.ts'

/** So long without a live socket before asking counts as the way it works now. */
export const pollAfterMs = 3000

export interface Ways {
  /** The socket's own state. */
  readonly socket: LinkState
  /** Since the socket was last live, or since the start. */
  readonly withoutSocketMs: number
  /** The socket is not tried before then, and why. */
  readonly held: { readonly retryAt: number; readonly reason: string } | null
  /** `limited`: the server is there, and wants fewer requests until then. */
  readonly http:
    | { readonly is: 'answers' | 'unknown' | 'down' }
    | { readonly is: 'limited'; readonly until: number }
  /** Why the socket was lost the last time; empty while that is not known. */
  readonly lastReason: string
  readonly previous: LinkState
  readonly now: number
}

export const limitWords = "the server's limit of 100 requests a minute is reached: asking again in a minute"

function whyNoSocket(socket: LinkState, lastReason: string): string {
  if (socket.is === 'waiting') return socket.reason
  if (socket.is === 'silent') return 'the socket is open but brings nothing'
  return lastReason === '' ? 'the socket is not open yet' : lastReason
}

export function mode({ socket, withoutSocketMs, held, http, lastReason, previous, now }: Ways): LinkState {
  switch (socket.is) {
    case 'stopped':
    case 'refused':
    case 'live':
      return socket
    case 'opening':
    case 'greeting':
    case 'silent':
    case 'waiting':
    case 'listening':
    case 'polling':
      break
    default:
      return never(socket, 'link state')
  }
  const isServed = http.is === 'answers' || http.is === 'limited'
  if (isServed && withoutSocketMs >= pollAfterMs) {
    const since = previous.is === 'polling' ? previous.since : now
    if (http.is === 'limited') return { is: 'polling', since, retryAt: http.until, reason: limitWords }
    const before = previous.is === 'polling' && previous.reason !== limitWords ? previous.retryAt : now
    const retryAt = held?.retryAt ?? (socket.is === 'waiting' ? socket.retryAt : before)
    return { is: 'polling', since, retryAt, reason: held?.reason ?? whyNoSocket(socket, lastReason) }
  }
  if (held !== null) return { is: 'waiting', ...held, attempt: socket.is === 'opening' ? socket.attempt : 1 }
  return socket
}
