/** How it goes, in the link's words. */
import type { Stream } from './stream.ts'

export interface Going {
  readonly tokenTrouble: string
  readonly wantsToken: boolean
  /** Why HTTP does not answer; null: it does, or is not asked. */
  readonly http: string | null
  readonly backend: readonly Pick<Stream, 'state' | 'url'>[]
  /** Vehicles it speaks of that are not ours. */
  readonly others: readonly string[]
}

export function noteWords({ tokenTrouble, wantsToken, http, backend, others }: Going): string {
  const words: string[] = []
  if (tokenTrouble !== '') words.push(tokenTrouble)
  else if (wantsToken) words.push('no token is kept, so the deployed firmware will refuse orders')
  if (http !== null) words.push(`HTTP: ${http}`)
  const away = backend.filter(({ state }) => state.is === 'waiting' || state.is === 'refused')
  const topics = away.map(({ url }) => url.slice(url.lastIndexOf('/') + 1))
  if (topics.length > 0) words.push(`the backend's ${topics.join(', ')} cannot be had`)
  if (others.length > 0) words.push(`it also speaks of other vehicles: ${others.join(', ')}`)
  return words.join('; ')
}
