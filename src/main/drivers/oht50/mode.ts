/** What the link as a whole is doing, from its ways to the vehicle: its socket, HTTP, the backend. Pure. */
import type { LinkState } from '../../../contract/links.ts'

export interface Ways {
  /** The vehicle's own socket; null: no address is set. */
  readonly socket: LinkState | null
  /** The best of the backend's topics; null: no address is set. */
  readonly backend: LinkState | null
  readonly http:
    | { readonly is: 'none' | 'unknown' | 'answers' }
    | { readonly is: 'down'; readonly reason: string; readonly attempt: number; readonly retryAt: number }
  readonly previous: LinkState
  readonly now: number
}

export const noSocketWords = 'no socket address is set, so it is asked'

function whyNoSocket(socket: LinkState | null, previous: LinkState): string {
  if (socket === null) return noSocketWords
  if (socket.is === 'waiting' || socket.is === 'refused') return socket.reason
  if (socket.is === 'silent') return 'the socket is open but brings nothing'
  // While it is dialled again, why it was lost is still the reason.
  if (previous.is === 'polling' && previous.reason !== noSocketWords) return previous.reason
  return 'the socket is not open yet'
}

export function mode({ socket, backend, http, previous, now }: Ways): LinkState {
  if (socket?.is === 'live') return socket
  const serves = http.is === 'answers'
  if (backend?.is === 'live' && !serves) return backend
  if (serves) {
    const since = previous.is === 'polling' ? previous.since : now
    const before = previous.is === 'polling' && previous.retryAt > 0 ? previous.retryAt : now
    const retryAt = socket === null ? 0 : socket.is === 'waiting' ? socket.retryAt : before
    return { is: 'polling', since, retryAt, reason: whyNoSocket(socket, previous) }
  }
  const other = socket ?? backend
  if (other !== null) return other
  if (http.is === 'down')
    return { is: 'waiting', retryAt: http.retryAt, attempt: http.attempt, reason: http.reason }
  return { is: 'opening', attempt: 1 }
}

const rank: readonly LinkState['is'][] = [
  'live',
  'silent',
  'greeting',
  'opening',
  'waiting',
  'listening',
  'polling',
  'refused',
  'stopped',
]

/** The one that works best. */
export function bestOf(states: readonly LinkState[]): LinkState | null {
  let best: LinkState | null = null
  for (const state of states)
    if (best === null || rank.indexOf(state.is) < rank.indexOf(best.is)) best = state
  return best
}

/** When it is tried next is no news of its own. */
export function isSame(a: LinkState, b: LinkState): boolean {
  if (a === b) return true
  const bare = (state: LinkState) => JSON.stringify({ ...state, retryAt: 0, attempt: 0 })
  return bare(a) === bare(b)
}
