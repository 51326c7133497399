/** What registers were: once a second in memory, by the half minute in a real database, with gaps where they were not known, bounded in time and number. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { RegisterMap } from '../../../src/contract/modules.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { intervalMs } from '../../../src/main/vehicles/trend-keeper.ts'
import { samplesKept, Trends } from '../../../src/main/vehicles/trends.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { bus, moduleRow } from './stand.ts'

const map = {
  id: 'motor',
  polls: { main: { everyMs: 100, budgetMs: 1500 } },
  registers: [{ name: 'speed', poll: 'main' }],
} as unknown as RegisterMap
const id = `${bus}/4`
const minuteMs = 60_000
const hourMs = 60 * minuteMs

let clock: HandClock
let live: Live
let store: Store
let trends: Trends

beforeEach(async () => {
  clock = new HandClock()
  live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-trends-'))
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  trends = begun()
  onTestFinished(async () => {
    await trends.close()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
})

function begun(kept: Pick<Store, 'addTrends' | 'trendPoints'> = store): Trends {
  return new Trends({ live, clock, maps: [map], store: kept, log: silentLog })
}

function speed(value: number | null): void {
  live.modules.set(moduleRow(4, { map: 'motor', values: { speed: value }, readAt: { main: clock.now() } }))
}

function drive(seconds: number, value: (n: number) => number): void {
  for (let n = 0; n < seconds; n++) {
    speed(value(n))
    clock.advance(1000)
  }
}

it('is taken each second, null where it was not fresh, from the instant that is asked for', async () => {
  const start = clock.now()
  for (const value of [1, 2, null, 4]) {
    speed(value)
    clock.advance(1000)
  }
  clock.advance(2000)
  const value = [1, 2, null, 4, null, null]
  expect(await trends.trend(id, 'speed', start)).toEqual({
    at: [1, 2, 3, 4, 5, 6].map((n) => start + n * 1000),
    value,
    least: value,
    most: value,
  })
  expect(await trends.trend(id, 'speed', start + 4000)).toMatchObject({ value: [4, null, null] })
  expect(await trends.trend(id, 'torque', start)).toEqual({ at: [], value: [], least: [], most: [] })
})

it('keeps the newest 2,000, ascending', async () => {
  drive(samplesKept + 10, (n) => n)
  const { at, value } = await trends.trend(id, 'speed', clock.now() - 30 * minuteMs)
  expect([value[0], value.at(-1)]).toEqual([samplesKept + 9 - 1800, samplesKept + 9])
  expect(at.every((one, n) => n === 0 || one > (at[n - 1] ?? 0))).toBe(true)
})

it('goes with its module', async () => {
  speed(1)
  clock.advance(1000)
  live.modules.delete(id)
  await expect(trends.trend(id, 'speed', clock.now() - 5000)).rejects.toThrow('There is no such module')
  speed(2)
  expect(await trends.trend(id, 'speed', clock.now() - 500)).toMatchObject({ at: [] })
})

it('of hours is one point with least, greatest and last per half minute, the one that goes on with them', async () => {
  drive(600, (n) => (n === 300 ? 9999 : n))
  const { at, value, least, most } = await trends.trend(id, 'speed', clock.now() - 8 * hourMs)
  expect(value.length).toBeGreaterThanOrEqual(600 / 30)
  expect(value.length).toBeLessThanOrEqual(600 / 30 + 1)
  expect(
    at.every((one, n) => one % intervalMs === 0 && (n === 0 || one - (at[n - 1] ?? 0) === intervalMs)),
  ).toBe(true)
  expect(value.at(-1)).toBe(599)
  expect(most.filter((one) => one === 9999)).toHaveLength(1)
  const whole = least.findIndex((one, n) => n > 0 && one !== null)
  expect(value[whole]).toBe((least[whole] ?? 0) + 29)
})

it('of hours has also what a slow disk has not taken yet, and is the same once it has', async () => {
  let takeAll = () => {}
  const taken = new Promise<void>((resolve) => {
    takeAll = resolve
  })
  const slow: Pick<Store, 'addTrends' | 'trendPoints'> = {
    addTrends: (points) => taken.then(() => store.addTrends(points)),
    trendPoints: store.trendPoints,
  }
  await trends.close()
  trends = begun(slow)
  drive(600, (n) => n)
  const fromAt = clock.now() - 8 * hourMs
  const before = await trends.trend(id, 'speed', fromAt)
  expect(before.value.length).toBeGreaterThanOrEqual(600 / 30)
  takeAll()
  await trends.close()
  trends = begun()
  expect(await trends.trend(id, 'speed', fromAt)).toEqual(before)
})

it('survives a restart, with a gap where nothing looked', async () => {
  const start = clock.now()
  drive(300, () => 5)
  await trends.close()
  clock.advance(5 * minuteMs)
  trends = begun()
  drive(60, () => 7)
  const recent = await trends.trend(id, 'speed', start)
  expect(new Set(recent.value)).toEqual(new Set([5, null, 7]))
  expect(recent.at.every((one, n) => n === 0 || one > (recent.at[n - 1] ?? 0))).toBe(true)
  const gapAt = recent.at[recent.value.indexOf(null)] ?? 0
  expect(gapAt).toBeGreaterThanOrEqual(start + 300_000)
  expect(gapAt).toBeLessThan(start + 300_000 + 2 * intervalMs)
  const long = await trends.trend(id, 'speed', start - hourMs)
  expect(new Set(long.value)).toEqual(new Set([5, null, 7]))
})

it('a shutdown and a start within one half minute are one point of it', async () => {
  clock.advance(intervalMs - (clock.now() % intervalMs))
  drive(5, () => 1)
  await trends.close()
  trends = begun()
  drive(5, () => 9)
  expect(await trends.trend(id, 'speed', clock.now() - hourMs)).toEqual({
    at: [clock.now() - (clock.now() % intervalMs)],
    value: [9],
    least: [1],
    most: [9],
  })
})

it('of a week is at most 2,000 points, gaps and all', async () => {
  const weekMs = 7 * 24 * hourMs
  const until = Math.floor(clock.now() / intervalMs) * intervalMs
  const points = Array.from({ length: weekMs / intervalMs }, (_, n) => n)
    .filter((n) => Math.floor(n / 30) % 2 === 0)
    .map((n) => ({
      module: id,
      register: 'speed',
      at: until - weekMs + n * intervalMs,
      least: n,
      most: n,
      last: n,
    }))
  await store.addTrends(points)
  speed(1)
  const { at, value } = await trends.trend(id, 'speed', clock.now() - weekMs)
  expect(at.length).toBeGreaterThan(600)
  expect(at.length).toBeLessThanOrEqual(2000)
  expect(value.some((one) => one === null)).toBe(true)
})

it('a database that does not take it costs nothing but the points: what is asked for is answered', async () => {
  const failing = {
    addTrends: () => Promise.reject(new Error('the disk is full')),
    trendPoints: store.trendPoints,
  }
  await trends.close()
  trends = begun(failing)
  drive(90, (n) => n)
  expect((await trends.trend(id, 'speed', clock.now() - minuteMs)).value).toHaveLength(61)
  await trends.close()
})
