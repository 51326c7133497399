/** Keeps the list of sightings in step with the filter, the live events and the pipe. */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { useNewestEvents } from '../../data/events.ts'
import { appNow } from '../../data/now.ts'
import { usePipe } from '../../data/pipe-status.ts'
import { changedSighting } from './sighting-choice.ts'
import { SightingPages, type Sightings } from './sighting-pages.ts'
import { type SightingQuery, toEventFilter } from './sighting-query.ts'

export interface SightingsView {
  readonly pages: SightingPages
  readonly sightings: Sightings
  readonly retry: () => void
}

export function useSightings(query: SightingQuery): SightingsView {
  const client = useClient()
  const isReady = usePipe().is === 'ready'
  const newest = useNewestEvents()
  const pages = useMemo(
    () => new SightingPages((ask, signal) => client.call('events.page', ask, { signal })),
    [client],
  )
  const sightings = useSyncExternalStore(pages.subscribe, pages.snapshot)
  const retry = useCallback(() => void pages.show(toEventFilter(query, appNow())), [pages, query])
  useEffect(() => retry(), [retry])
  const changed = useCell(changedSighting)
  useEffect(() => {
    if (!newest) return
    const isTold = changed === null || newest.some(({ id }) => id === changed.id)
    pages.take(isTold ? newest : [...newest, changed])
  }, [newest, changed, pages])
  const wasReady = useRef(isReady)
  useEffect(() => {
    if (!isReady) pages.lost()
    else if (!wasReady.current) void pages.catchUp()
    wasReady.current = isReady
  }, [isReady, pages])
  useEffect(() => () => pages.abort(), [pages])
  return { pages, sightings, retry }
}
