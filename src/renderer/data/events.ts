/** The newest events as they come, and every kind and person there has been, for filters and rules. */
import { useEffect, useMemo, useState } from 'react'
import type { DetectionEvent, SeenPerson } from '../../contract/events.ts'
import { type Client, type Output, useClient } from './client.ts'
import { usePipe } from './pipe-status.ts'
import { useTable } from './sources.ts'

/** The contract's `faceKinds`; a page imports only types from there. */
export const faceKinds: readonly ['face-recognized', 'face-unknown'] = ['face-recognized', 'face-unknown']

/** A bounded number of the newest, in no promised order; `events.page` has them all. */
export function useNewestEvents(): readonly DetectionEvent[] | undefined {
  return useTable('events')
}

/** New faces and kinds are rare: asking again this often keeps a filter complete without a stream of its own. */
const askAgainMs = 30_000

/** Most recent first; the last answer stays while the pipe is lost. `undefined` until the first. */
export function useSeenPeople(): readonly SeenPerson[] | undefined {
  return useAsked(askSeen)?.people
}

export function useEventKinds(): readonly string[] | undefined {
  return useAsked(askKinds)?.kinds
}

type Ask<T> = (client: Client, signal: AbortSignal) => Promise<T>

function askSeen(client: Client, signal: AbortSignal): Promise<Output<'faces.seen'>> {
  return client.call('faces.seen', {}, { signal })
}

function askKinds(client: Client, signal: AbortSignal): Promise<Output<'events.kinds'>> {
  return client.call('events.kinds', {}, { signal })
}

/** When each person was last seen, by name; a sighting of this moment counts before the app is asked again. */
export function useLastSeen(): ReadonlyMap<string, number> {
  const seen = useSeenPeople()
  const newest = useNewestEvents()
  return useMemo(() => lastSeenOf(seen ?? [], newest ?? []), [seen, newest])
}

export function lastSeenOf(
  seen: readonly Pick<SeenPerson, 'person' | 'lastAt'>[],
  newest: readonly Pick<DetectionEvent, 'person' | 'lastAt'>[],
): ReadonlyMap<string, number> {
  const last = new Map<string, number>()
  for (const { person, lastAt } of [...seen, ...newest]) {
    if (person !== null) last.set(person, Math.max(last.get(person) ?? lastAt, lastAt))
  }
  return last
}

/** Asked when first shown, after a reconnection, and every half minute while shown. */
function useAsked<T>(ask: Ask<T>): T | undefined {
  const client = useClient()
  const isReady = usePipe().is === 'ready'
  const [answer, setAnswer] = useState<T>()
  useEffect(() => {
    if (!isReady) return
    const ended = new AbortController()
    const askNow = (): Promise<void> =>
      ask(client, ended.signal).then(
        (given) => {
          if (!ended.signal.aborted) setAnswer(given)
        },
        () => {}, // The last answer stays; the next round asks again.
      )
    void askNow()
    const timer = setInterval(() => void askNow(), askAgainMs)
    return () => {
      clearInterval(timer)
      ended.abort()
    }
  }, [client, isReady, ask])
  return answer
}
