/** Coverage bars: time nobody speaks of is never counted as watched. */
import { expect, test } from 'vitest'
import { coverageBars } from '../../../../src/renderer/features/history/coverage.ts'

test('data from end to end is full coverage, a silent stretch is a gap', () => {
  const bars = coverageBars(
    [
      { source: 'hub', state: 'data', fromAt: -50, toAt: 60 },
      { source: 'hub', state: 'silent', fromAt: 60, toAt: 80 },
      { source: 'hub', state: 'data', fromAt: 80, toAt: null },
      { source: 'back', state: 'data', fromAt: 0, toAt: null },
    ],
    0,
    100,
  )
  expect(bars.map((bar) => [bar.source, bar.covered, bar.gaps])).toEqual([
    ['back', 1, 0],
    ['hub', 0.8, 1],
  ])
  expect(bars[1]?.pieces.map((piece) => piece.state)).toEqual(['data', 'silent', 'data'])
})

test('time no span speaks of is unknown, and neighbouring reasons are one gap', () => {
  const [bar] = coverageBars(
    [
      { source: 'hub', state: 'disconnected', fromAt: 20, toAt: 30 },
      { source: 'hub', state: 'data', fromAt: 50, toAt: 90 },
    ],
    0,
    100,
  )
  expect(bar).toMatchObject({ covered: 0.4, gaps: 2, longestGapMs: 50 })
  expect(bar?.pieces.map((piece) => [piece.state, piece.toAt - piece.fromAt])).toEqual([
    ['unknown', 20],
    ['disconnected', 10],
    ['unknown', 20],
    ['data', 40],
    ['unknown', 10],
  ])
})

test('where spans overlap the later one wins', () => {
  const [bar] = coverageBars(
    [
      { source: 'hub', state: 'data', fromAt: 0, toAt: null },
      { source: 'hub', state: 'app-off', fromAt: 40, toAt: 100 },
    ],
    0,
    100,
  )
  expect(bar?.covered).toBeCloseTo(0.4)
})

test('no spans, no bars', () => {
  expect(coverageBars([], 0, 100)).toEqual([])
})
