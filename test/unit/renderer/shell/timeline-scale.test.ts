/** The ruler's arithmetic: gaps are hatched wherever data is not proven, and the future is no gap. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CoverageSpan } from '../../../../src/contract/timeline.ts'
import {
  gapsOf,
  minuteMs,
  shareOf,
  slices,
  spans,
  ticksOf,
  windowAt,
} from '../../../../src/renderer/features/shell/timeline-scale.ts'

const window = { fromAt: 1000, toAt: 2000 }
const span = (fromAt: number, toAt: number | null, state: CoverageSpan['state'] = 'data'): CoverageSpan => ({
  source: 'hub',
  state,
  fromAt,
  toAt,
})

describe('gaps', () => {
  test('a lane nobody recorded is one gap up to now', () => {
    expect(gapsOf([], 'hub', window, 1800)).toEqual([{ state: 'none', fromAt: 1000, toAt: 1800 }])
  })

  test('an open span of data reaches to now and leaves no gap', () => {
    expect(gapsOf([span(500, null)], 'hub', window, 1800)).toEqual([])
  })

  test('what is not data keeps its reason', () => {
    const coverage = [span(0, 1200), span(1200, 1500, 'silent'), span(1500, null)]
    expect(gapsOf(coverage, 'hub', window, 1800)).toEqual([{ state: 'silent', fromAt: 1200, toAt: 1500 }])
  })

  test('a hole between two spans is a gap', () => {
    const coverage = [span(1700, 1800), span(900, 1100)]
    expect(gapsOf(coverage, 'hub', window, 1800)).toEqual([{ state: 'none', fromAt: 1100, toAt: 1700 }])
  })

  test('another lane proves nothing', () => {
    expect(gapsOf([{ ...span(0, null), source: 'hub/cam' }], 'hub', window, 1800)).toHaveLength(1)
  })

  test('together with the data they cover the window once, whatever the spans', () => {
    const at = fc.integer({ min: 800, max: 2200 })
    const states = fc.array(fc.constantFrom<CoverageSpan['state']>('data', 'silent'), { minLength: 1 })
    fc.assert(
      fc.property(fc.uniqueArray(at), states, (drawn, kinds) => {
        // The store's spans of one source follow each other; so do these.
        const edges = drawn.toSorted((one, other) => one - other)
        const coverage = edges
          .slice(1)
          .map((to, index) => span(edges[index] ?? 0, to, kinds[index % kinds.length] ?? 'data'))
        const gaps = gapsOf(coverage, 'hub', window, 1800)
        const gapped = gaps.reduce((sum, gap) => sum + gap.toAt - gap.fromAt, 0)
        const proven = coverage
          .filter((one) => one.state === 'data')
          .reduce((sum, one) => {
            const to = Math.min(one.toAt ?? 1800, 1800)
            return sum + Math.max(0, to - Math.max(one.fromAt, window.fromAt))
          }, 0)
        expect(gapped + proven).toBe(800)
      }),
    )
  })
})

test('the window holds now and moves in whole steps', () => {
  for (const { spanMs } of spans) {
    const now = 1_766_000_000_123
    const shown = windowAt(now, spanMs)
    expect(shown.toAt).toBeGreaterThan(now)
    expect(shown.toAt - shown.fromAt).toBe(spanMs)
    expect(windowAt(now + 1, spanMs)).toEqual(shown)
    expect(shown.toAt - now).toBeLessThanOrEqual(Math.max(5000, spanMs / slices))
  }
})

test('ticks stand on round times inside the window', () => {
  const shown = { fromAt: 7 * minuteMs, toAt: 67 * minuteMs }
  expect(ticksOf(shown, 15 * minuteMs)).toEqual([15, 30, 45, 60].map((minute) => minute * minuteMs))
})

test('a time outside the window lies at its edge', () => {
  expect([0, 1500, 9000].map((at) => shareOf(window, at))).toEqual([0, 0.5, 1])
})
