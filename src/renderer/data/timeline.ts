/** The ruler's marks and gaps for a span of time, and the newest happenings. */
import { useEffect, useState } from 'react'
import type { TimelineEntry } from '../../contract/timeline.ts'
import { asFault } from './action.ts'
import { Cell, useCell } from './cell.ts'
import type { Output } from './client.ts'
import { useClient } from './client.ts'
import { onNextCommit } from './commit.ts'
import { usePipe } from './pipe-status.ts'
import type { Sources } from './sources.ts'

export type Marks = Output<'timeline.marks'>

export interface MarksView {
  readonly marks: Marks | null
  readonly fromAt: number
  readonly toAt: number
  readonly fault: Error | null
}

/** Asked again each time `fromAt` or `toAt` moves, and after a reconnection; the last answer stays until the next. */
export function useTimelineMarks(fromAt: number, toAt: number, slices: number): MarksView {
  const client = useClient()
  const pipe = usePipe()
  const [view, setView] = useState<MarksView>({ marks: null, fromAt, toAt, fault: null })
  const isReady = pipe.is === 'ready'
  useEffect(() => {
    if (!isReady) return
    const ended = new AbortController()
    client.call('timeline.marks', { fromAt, toAt, slices }, { signal: ended.signal }).then(
      (marks) => {
        if (!ended.signal.aborted) setView({ marks, fromAt, toAt, fault: null })
      },
      (error: unknown) => {
        if (!ended.signal.aborted) setView((before) => ({ ...before, fault: asFault(error) }))
      },
    )
    return () => ended.abort()
  }, [client, isReady, fromAt, toAt, slices])
  return view
}

const kept = 200
const recent = new Cell<readonly TimelineEntry[] | undefined>(undefined)

/** Keeps the newest entries: the last ones on disk, then whatever comes. Called once, at start. */
export function watchTimeline({ client }: Sources): void {
  let waiting: readonly TimelineEntry[] = []
  const flush = () => {
    const bySeq = new Map([...(recent.get() ?? []), ...waiting].map((entry) => [entry.seq, entry]))
    waiting = []
    recent.set([...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, kept))
  }
  const take = (entries: readonly TimelineEntry[]) => {
    waiting = [...waiting, ...entries].slice(-kept)
    onNextCommit(flush)
  }
  client.journal('timeline', { after: 'now', onEntries: take })
  const stop = client.onStatus((status) => {
    if (status.is !== 'ready') return
    client.call('timeline.recent', { limit: kept }).then(
      ({ entries }) => {
        stop()
        take(entries)
      },
      () => {}, // The pipe broke in between: the next `ready` asks again.
    )
  })
}

/** Newest first; `undefined` until the app has told. */
export function useRecentTimeline(): readonly TimelineEntry[] | undefined {
  return useCell(recent)
}
