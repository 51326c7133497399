/** The budget: a burst goes through, what follows is paced, debt is exact. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Budget } from '../../../src/main/io/budget.ts'

test('a burst costs nothing, the next one waits an interval', () => {
  const budget = new Budget(10, 5)
  const waits = Array.from({ length: 7 }, () => budget.take(1000))
  expect(waits).toEqual([0, 0, 0, 0, 0, 100, 200])
  expect(budget.owedMs(1150)).toBe(50)
  expect(budget.take(1300)).toBe(0)
})

test('a reader that pauses as told never exceeds burst + rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }),
      (perSecond, burst, gaps) => {
        const budget = new Budget(perSecond, burst)
        let now = 0
        let taken = 0
        for (const gap of gaps) {
          now += gap
          now += budget.take(now)
          taken += 1
          expect(taken).toBeLessThanOrEqual(burst + (now * perSecond) / 1000 + 1)
        }
      },
    ),
  )
})

test('a budget of nothing is refused', () => {
  expect(() => new Budget(0, 1)).toThrow(RangeError)
  expect(() => new Budget(1, 0)).toThrow(RangeError)
})
