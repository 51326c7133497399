/** Keeps the list in step with the query and with what happens meanwhile: changed alerts are replaced in place, new ones only counted. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useClient } from '../../data/client.ts'
import { onNextCommit } from '../../data/commit.ts'
import { appNow } from '../../data/now.ts'
import { usePipe } from '../../data/pipe-status.ts'
import { AlertPages, type Stretch } from './alert-pages.ts'
import { matches, type Query, toFilter } from './query.ts'

export interface History {
  readonly pages: AlertPages
  readonly stretch: Stretch
  /** Matching alerts that reached the disk since the list was begun. */
  readonly newer: number
  /** Begins the list again at its newest alert. */
  readonly renew: () => Promise<void>
  /** Begins it at an instant, as soon as the query next changes. */
  readonly beginAt: (at: number) => void
}

export function useHistory(query: Query): History {
  const client = useClient()
  const pipe = usePipe()
  const isReady = pipe.is === 'ready'
  const pages = useMemo(
    () => new AlertPages((ask, signal) => client.call('alerts.page', ask, { signal })),
    [client],
  )
  const stretch = useSyncExternalStore(pages.subscribe, pages.snapshot)
  const [newer, setNewer] = useState(0)
  const known = useRef(query)
  const jumpAt = useRef<number | null>(null)
  known.current = query

  const renew = useCallback(async () => {
    setNewer(0)
    performance.mark('history-asked')
    const at = jumpAt.current
    jumpAt.current = null
    await pages.show(toFilter(known.current, appNow()), at)
    // Read by the bench: from the filter's change to the rows handed to React.
    performance.measure('history-first-page', 'history-asked')
  }, [pages])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the query itself is what begins the list again
  useEffect(() => void renew(), [renew, query])

  useEffect(() => {
    // A list that could not be read while the pipe was cut is asked for again when it is back.
    if (isReady && pages.snapshot().failure !== null) void renew()
  }, [isReady, pages, renew])

  useEffect(() => {
    let arrived = 0
    const flush = () => {
      const count = arrived
      arrived = 0
      setNewer((before) => before + count)
    }
    return client.journal('alerts.journal', {
      after: 'now',
      onEntries: (entries) => {
        const { filter } = pages.snapshot()
        for (const { transition, alert } of entries) {
          if (transition.kind !== 'raise') pages.replace(alert)
          else if (matches(filter, alert)) arrived += 1
        }
        if (arrived > 0) onNextCommit(flush)
      },
    })
  }, [client, pages])

  useEffect(() => () => pages.abort(), [pages])
  const beginAt = useCallback((at: number) => {
    jumpAt.current = at
  }, [])
  return { pages, stretch, newer, renew, beginAt }
}
