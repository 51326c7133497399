/** What registers were: once a second, with gaps where they were not known, bounded in time and number. */
import { beforeEach, expect, it } from 'vitest'
import type { RegisterMap } from '../../../src/contract/modules.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { samplesKept, Trends } from '../../../src/main/vehicles/trends.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { bus, moduleRow } from './stand.ts'

const map = {
  id: 'motor',
  polls: { main: { everyMs: 100, budgetMs: 1500 } },
  registers: [{ name: 'speed', poll: 'main' }],
} as unknown as RegisterMap
const id = `${bus}/4`

let clock: HandClock
let live: Live
let trends: Trends

beforeEach(() => {
  clock = new HandClock()
  live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  trends = new Trends({ live, clock, maps: [map] })
})

function speed(value: number | null): void {
  live.modules.set(moduleRow(4, { map: 'motor', values: { speed: value }, readAt: { main: clock.now() } }))
}

it('is taken each second, null where it was not fresh, from the instant that is asked for', () => {
  const start = clock.now()
  for (const value of [1, 2, null, 4]) {
    speed(value)
    clock.advance(1000)
  }
  clock.advance(2000)
  expect(trends.trend(id, 'speed', 0)).toEqual({
    at: [1, 2, 3, 4, 5, 6].map((n) => start + n * 1000),
    value: [1, 2, null, 4, null, null],
  })
  expect(trends.trend(id, 'speed', start + 4000)).toMatchObject({ value: [4, null, null] })
  expect(trends.trend(id, 'torque', 0)).toEqual({ at: [], value: [] })
  trends.close()
})

it('keeps the newest 2,000, ascending', () => {
  for (let n = 0; n < samplesKept + 10; n++) {
    speed(n)
    clock.advance(1000)
  }
  const { at, value } = trends.trend(id, 'speed', 0)
  expect(value).toHaveLength(samplesKept)
  expect([value[0], value.at(-1)]).toEqual([10, samplesKept + 9])
  expect(at.every((one, n) => n === 0 || one > (at[n - 1] ?? 0))).toBe(true)
})

it('goes with its module', () => {
  speed(1)
  clock.advance(1000)
  live.modules.delete(id)
  expect(() => trends.trend(id, 'speed', 0)).toThrow('There is no such module')
  speed(2)
  expect(trends.trend(id, 'speed', 0)).toEqual({ at: [], value: [] })
})
