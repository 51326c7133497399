/** Finds the newest rows that pass both a filter and a text, without knowing beforehand which of the two is rarer. */
import type { AlertRow } from './alert-rows.ts'

/** One place that was looked at: its row when it passes, else null. */
export interface Looked {
  readonly place: number
  readonly row: AlertRow | null
}

export interface Found {
  readonly rows: AlertRow[]
  /** There is at least one more after the last row. */
  readonly more: boolean
  /** Where the search stood when its time was over; null when it came to an end. */
  readonly stoppedAt: number | null
}

interface Way {
  readonly looks: Iterator<Looked>
  readonly rows: AlertRow[]
  reached: number
}

const firstTurnMs = 0.25
const longestTurnMs = 8

/**
 * Two ways lead to the same rows: down the filter, testing the text of each row, or down the text's matches, testing the
 * filter. Either may be a million times longer. They take turns, and the first to arrive has the answer: never more than
 * twice the better one.
 */
export function searchedPage(ways: readonly Iterator<Looked>[], limit: number, timeMs: number): Found {
  const endAt = performance.now() + timeMs
  const going: Way[] = ways.map((looks) => ({ looks, rows: [], reached: Number.POSITIVE_INFINITY }))
  for (let turnMs = firstTurnMs; ; turnMs = Math.min(turnMs * 2, longestTurnMs)) {
    for (const way of going) {
      const found = goOn(way, limit, performance.now() + turnMs)
      if (found !== null) return found
    }
    if (performance.now() < endAt) continue
    const [furthest] = going.toSorted((a, b) => a.reached - b.reached)
    return { rows: furthest?.rows ?? [], more: false, stoppedAt: furthest?.reached ?? 0 }
  }
}

function goOn(way: Way, limit: number, untilMs: number): Found | null {
  for (let looks = 1; looks % 8 !== 0 || performance.now() < untilMs; looks += 1) {
    const next = way.looks.next()
    if (next.done) return { rows: way.rows, more: false, stoppedAt: null }
    const { place, row } = next.value
    if (row !== null && way.rows.length === limit) return { rows: way.rows, more: true, stoppedAt: null }
    if (row !== null) way.rows.push(row)
    way.reached = place
  }
  return null
}
