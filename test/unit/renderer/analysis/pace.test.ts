/** Which pictures are due: as many as asked however unevenly they come, never a burst. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Pace } from '../../../../src/renderer/analysis/pace.ts'

function taken(pace: Pace, times: readonly number[]): number[] {
  return times.filter((at) => pace.isDue(at))
}

const rates = fc.integer({ min: 1, max: 30 })

it('takes every picture of a camera that is not faster than asked, though each comes up to a third late', () => {
  fc.assert(
    fc.property(
      rates,
      fc.array(fc.double({ min: 0, max: 0.33, noNaN: true }), { minLength: 50 }),
      (rate, late) => {
        const times = late.map((part, n) => ((n + part) * 1000) / rate)
        expect(taken(new Pace(rate), times)).toHaveLength(times.length)
      },
    ),
  )
})

it('takes as many as asked of a faster camera, whatever the ratio of the two', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 30, max: 120 }), (rate, fps) => {
      const seconds = 10
      const times = Array.from({ length: fps * seconds }, (_one, n) => (n * 1000) / fps)
      expect(Math.abs(taken(new Pace(rate), times).length - rate * seconds)).toBeLessThanOrEqual(1)
    }),
  )
})

it('makes up for nothing: within any second there are at most as many as asked, and one', () => {
  const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20_000 })), {
    maxLength: 300,
  })
  fc.assert(
    fc.property(rates, gaps, (rate, between) => {
      let at = 0
      const times = between.map((gap) => (at += gap))
      const got = taken(new Pace(rate), times)
      for (const from of got) {
        const within = got.filter((one) => one >= from && one < from + 1000).length
        expect(within).toBeLessThanOrEqual(rate + 1)
      }
    }),
  )
})

it('says how long it is until one can be due', () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 5000 }), (rate, later) => {
      const pace = new Pace(rate)
      expect(pace.waitMs(100)).toBe(0)
      pace.isDue(100)
      const waitMs = pace.waitMs(100 + later)
      expect(waitMs).toBeLessThanOrEqual(1000 / rate)
      expect(pace.isDue(100 + later)).toBe(waitMs === 0)
    }),
  )
})
