/** Trends of registers in the database: put together, read by spans, bounded in days and rows, carried over from the version before. */
import { expect, it } from 'vitest'
import { openDatabaseFile } from '../../../src/main/store/database-file.ts'
import { migrations } from '../../../src/main/store/migrations.ts'
import type { TrendPoint } from '../../../src/main/store/store.ts'
import { scratchDir, scratchStore, start } from './scratch.ts'

const stepMs = 30_000
const begin = Math.floor(start / stepMs) * stepMs

function point(n: number, more: Partial<TrendPoint> = {}): TrendPoint {
  return {
    module: 'bus/2',
    register: 'soc',
    at: begin + n * stepMs,
    least: n - 1,
    most: n + 1,
    last: n,
    ...more,
  }
}

it('gives back what was added, of that register only, from and up to the instants asked for', async () => {
  const store = await scratchStore()
  await store.addTrends([0, 1, 2, 3].map((n) => point(n)))
  await store.addTrends([point(1, { register: 'voltage' }), point(1, { module: 'bus/3' })])
  const points = await store.trendPoints('bus/2', 'soc', begin + stepMs, begin + 3 * stepMs, stepMs)
  expect(points).toEqual([point(1), point(2)])
  expect(await store.trendPoints('bus/9', 'soc', 0, begin * 2, stepMs)).toEqual([])
})

it('the same interval told again is put together, and told twice is the same as once', async () => {
  const store = await scratchStore()
  const later = point(1, { least: -5, most: 1, last: 0 })
  for (const one of [point(1), later, later]) await store.addTrends([one])
  expect(await store.trendPoints('bus/2', 'soc', 0, begin * 2, stepMs)).toEqual([
    point(1, { least: -5, most: 2, last: 0 }),
  ])
})

it('longer spans have the least and the greatest of all in them and the last of the last', async () => {
  const store = await scratchStore()
  const spanMs = 4 * stepMs
  const from = Math.ceil(begin / spanMs) * spanMs
  const at = (n: number) => ({ at: from + n * stepMs })
  await store.addTrends([0, 1, 2, 3, 4].map((n) => point(n, at(n))))
  expect(await store.trendPoints('bus/2', 'soc', from, begin * 2, spanMs)).toEqual([
    point(3, { ...at(0), least: -1, most: 4, last: 3 }),
    point(4, at(4)),
  ])
})

it('is pruned by age and by number, the oldest first, and a series without points is forgotten', async () => {
  const store = await scratchStore()
  const many = 1200
  for (const register of ['a', 'b', 'c'])
    await store.addTrends(Array.from({ length: many }, (_, n) => point(n, { register })))
  await store.addTrends([point(0, { register: 'old' })])
  expect(await store.pruneTrends(begin + 200 * stepMs, 1_000_000)).toBe(3 * 200 + 1)
  const left = async (register: string) =>
    (await store.trendPoints('bus/2', register, 0, begin * 2, stepMs)).map(({ last }) => last)
  expect((await left('a'))[0]).toBe(200)
  expect(await left('old')).toEqual([])
  // Three are left: a third of the room for each.
  expect(await store.pruneTrends(0, 300)).toBe(3 * 900)
  expect(await left('b')).toEqual(Array.from({ length: 100 }, (_, n) => many - 100 + n))
  expect(await store.pruneTrends(0, 300)).toBe(0)
})

it('a version 5 database is carried over with what it holds', async () => {
  const dir = scratchDir()
  const { db } = openDatabaseFile({ dir, now: start, steps: migrations.slice(0, 5) })
  db.exec(
    `INSERT INTO settings VALUES ('kept', '1'); INSERT INTO kept VALUES ('module', 'bus/2', '{"id":"bus/2"}')`,
  )
  db.close()
  const store = await scratchStore(dir)
  expect((await store.health()).schemaVersion).toBe(migrations.length)
  expect(await store.settings()).toEqual({ kept: 1 })
  expect(await store.kept('module')).toEqual([{ id: 'bus/2' }])
  await store.addTrends([point(1)])
  expect(await store.trendPoints('bus/2', 'soc', 0, begin * 2, stepMs)).toEqual([point(1)])
})

it('outlives a restart', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  await store.addTrends([point(1), point(2)])
  await store.close()
  const again = await scratchStore(dir)
  expect(await again.trendPoints('bus/2', 'soc', 0, begin * 2, stepMs)).toEqual([point(1), point(2)])
})
