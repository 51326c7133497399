/** Of values that come thirty times a second two a second are told: the first at once, then the newest, and the last in any case. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Sampled } from '../../../../src/renderer/data/sampled.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('of forty values in two seconds the first, then the newest every half second, and the last', () => {
  const sampled = new Sampled<number | null>(null, 500)
  const told: (number | null)[] = []
  sampled.cell.subscribe(() => told.push(sampled.cell.get()))
  for (let n = 0; n < 40; n++) {
    sampled.offer(n)
    vi.advanceTimersByTime(50)
  }
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual([0, 9, 19, 29, 39])
  expect(vi.getTimerCount()).toBe(0)
})

test('what comes seldom is told at once, each time', () => {
  const sampled = new Sampled<string>('', 500)
  for (const said of ['one', 'two', 'three']) {
    sampled.offer(said)
    expect(sampled.cell.get()).toBe(said)
    vi.advanceTimersByTime(500)
  }
})
