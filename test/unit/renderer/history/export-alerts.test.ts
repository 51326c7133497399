/** The export asks until there is no more, can be cancelled, and names its file. */
import { expect, test } from 'vitest'
import type { PageCursor } from '../../../../src/contract/alerts.ts'
import {
  exportAlerts,
  exportFileName,
  type FetchPiece,
} from '../../../../src/renderer/features/history/export-alerts.ts'
import { wallTime } from '../../../../src/renderer/features/history/wall-time.ts'

function pieces(count: number): FetchPiece {
  return async ({ after }) => {
    const n = after?.seq ?? 0
    const next: PageCursor | null = n + 1 < count ? { raisedAt: 0, seq: n + 1 } : null
    return { text: `piece ${n}\n`, rows: 2000, next }
  }
}

test('pieces arrive in order with progress', async () => {
  const seen: number[] = []
  const out = await exportAlerts(pieces(3), {}, 'csv', new AbortController().signal, (rows) =>
    seen.push(rows),
  )
  expect(out).toEqual({ pieces: ['piece 0\n', 'piece 1\n', 'piece 2\n'], rows: 6000 })
  expect(seen).toEqual([2000, 4000, 6000])
})

test('cancelling stops before the next piece', async () => {
  const stop = new AbortController()
  const run = exportAlerts(pieces(1_000_000), {}, 'json', stop.signal, (rows) => {
    if (rows >= 4000) stop.abort()
  })
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
})

test('the file name carries the range', () => {
  const wall = (at: number): string => wallTime(at, 'UTC')
  const from = Date.UTC(2026, 2, 9, 14, 5)
  expect(exportFileName({ from, to: from + 3_600_000 }, 'csv', wall)).toBe(
    'watchfloor-alerts-20260309T140500-20260309T150500.csv',
  )
  expect(exportFileName({}, 'ndjson', wall)).toBe('watchfloor-alerts-first-now.ndjson')
})
