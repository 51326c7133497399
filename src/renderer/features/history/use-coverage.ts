/** Coverage of the range History shows, and what it says about an empty list. */
import { useEffect, useMemo, useState } from 'react'
import type { Fault } from '../../../contract/fault.ts'
import { asFault } from '../../data/action.ts'
import { useNow } from '../../data/now.ts'
import { useTimelineMarks } from '../../data/timeline.ts'
import { type CoverageBar, coverageBars } from './coverage.ts'
import { endOf, type Span, startOf } from './query.ts'

export interface Coverage {
  readonly fromAt: number
  readonly toAt: number
  /** Null until known. */
  readonly bars: readonly CoverageBar[] | null
  readonly fault: Fault | null
  /** The whole range lies ahead: nothing can be known of it. */
  readonly isFuture: boolean
  /** False where the range begins before the ruler does. */
  readonly isWhole: boolean
}

/** An open range is asked again this often; the bars need no finer grain. */
const renewMs = 30_000
const monthMs = 30 * 86_400_000

/**
 * `isListPending`: the list comes first, so that its rows never wait behind the ruler's reckoning. “All time” has no beginning to
 * draw; its ruler shows the last month.
 */
export function useCoverage(wanted: Span, isListPending: boolean): Coverage {
  const [span, setSpan] = useState(wanted)
  useEffect(() => {
    if (!isListPending) setSpan(wanted)
  }, [wanted, isListPending])
  const now = useNow()
  const step = Math.floor(now / renewMs) * renewMs
  const [began, setBegan] = useState(now)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new span begins at the present second
  useEffect(() => setBegan(now), [span])
  const until = Math.max(step, began)
  const toAt = Math.min(endOf(span) ?? until, until)
  const wantedFromAt = startOf(span, until) ?? until - monthMs
  const fromAt = Math.min(wantedFromAt, toAt - 1000)
  const view = useTimelineMarks(fromAt, toAt, 1)
  const { marks } = view
  const bars = useMemo(
    () => (marks ? coverageBars(marks.coverage, view.fromAt, view.toAt) : null),
    [marks, view.fromAt, view.toAt],
  )
  return {
    fromAt: view.fromAt,
    toAt: view.toAt,
    bars,
    fault: view.fault ? asFault(view.fault) : null,
    isFuture: wantedFromAt >= until,
    isWhole: startOf(span, until) !== null,
  }
}

/** Whether “no alerts” is evidence in this range. */
export function evidenceOf(coverage: Coverage): 'future' | 'partial' | 'unknown' | 'gaps' | 'covered' {
  if (coverage.isFuture) return 'future'
  if (!coverage.isWhole) return 'partial'
  if (!coverage.bars || coverage.bars.length === 0) return 'unknown'
  return coverage.bars.every((bar) => bar.gaps === 0) ? 'covered' : 'gaps'
}
