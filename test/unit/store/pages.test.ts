/** History: every page of every filter is exactly what a plain look through all alerts gives, in the same order. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Alert, AlertFilter, type PageCursor, Priority } from '../../../src/contract/alerts.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { silentLog } from '../../../src/main/log.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import { hasWords, wordsOf } from '../../../src/main/store/search-text.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { alert, camera, id, start } from './scratch-alerts.ts'

const dir = mkdtempSync(join(tmpdir(), 'watchfloor-pages-'))
const places = ['Cổng Bắc', 'Đường Trần Phú', 'Harbour gate', null]
let store: Store
let all: Alert[] = []
const people = new Map<string, string>()

beforeAll(async () => {
  store = await openStore({ dir, log: silentLog, appVersion: '0' })
  const total = 1500
  await Promise.all(
    Array.from({ length: total }, (_, n) =>
      store.raise(
        alert(n, {
          source: LinkId.parse(['hub', 'relay', 'north'][n % 3] ?? 'hub'),
          priority: Priority.options[n % 4] ?? 'low',
          device: n % 11 === 0 ? null : camera(n % 9),
          location: places[n % 4] ?? null,
          text: `Blue light number ${n} ${n % 97 === 0 ? 'convoy' : ''}`,
          kind: n % 50 === 7 ? 'device-silent' : 'blue-light',
          // Late ones, a stuck clock, and one from the far future.
          raisedAt: n % 13 === 0 ? start : n === 777 ? 9e15 : start + (n % 29 === 0 ? -n * 60_000 : n * 1000),
        }),
      ),
    ),
  )
  for (let n = 0; n < total; n += 6) {
    await store.act(
      { kind: 'acknowledge', alert: id(n), by: 'Nguyễn Lan', at: start, note: 'xe cứu hoả' },
      [],
    )
    people.set(id(n), 'Nguyễn Lan xe cứu hoả')
  }
  const details = await store.list({}, 0, total)
  all = details.map(({ alert: one }) => one)
  expect(all).toHaveLength(total)
}, 60_000)

afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

function passes(one: Alert, filter: AlertFilter): boolean {
  const texts = [
    one.text,
    one.source,
    one.device,
    one.deviceName,
    one.group,
    one.location,
    people.get(one.id) ?? null,
  ]
  return (
    one.raisedAt >= (filter.from ?? Number.NEGATIVE_INFINITY) &&
    one.raisedAt <= (filter.to ?? Number.POSITIVE_INFINITY) &&
    (filter.sources?.includes(one.source) ?? true) &&
    (filter.kinds?.includes(one.kind) ?? true) &&
    (filter.priorities?.includes(one.priority) ?? true) &&
    (filter.states?.includes(one.state) ?? true) &&
    (filter.devices === undefined || (one.device !== null && filter.devices.includes(one.device))) &&
    hasWords(wordsOf(...texts), wordsOf(filter.text ?? ''))
  )
}

const some = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 })
const anyFilter = fc.record(
  {
    from: fc.integer({ min: start - 3_600_000, max: start + 1_000_000 }),
    to: fc.integer({ min: start, max: start + 1_500_000 }),
    sources: some('hub', 'relay', 'nowhere'),
    kinds: some('blue-light', 'device-silent', 'storage'),
    priorities: some('critical', 'high', 'low'),
    states: some('unacknowledged-active', 'acknowledged-active', 'cleared'),
    devices: some('cam-1', 'cam-2', 'cam-8', 'cam-none'),
    text: fc.constantFrom(
      'blue',
      'con',
      'tran phu',
      'ĐƯỜNG',
      'lan hoa',
      'number 1',
      'cam 2',
      'zzz',
      '!!',
      'bac 14',
    ),
  },
  { requiredKeys: [] },
)

it('gives every page as a look through everything would', async () => {
  await fc.assert(
    fc.asyncProperty(anyFilter, fc.integer({ min: 1, max: 400 }), async (raw, limit) => {
      const filter = AlertFilter.parse(raw)
      const expected = all
        .filter((one) => passes(one, filter))
        .sort((a, b) => b.raisedAt - a.raisedAt || b.seq - a.seq)
        .map(({ seq }) => seq)
      const got: number[] = []
      let after: PageCursor | null = null
      do {
        const page = await store.page(filter, after, limit)
        if (page.total !== null) expect(page.total).toBe(expected.length)
        expect(page.rows.length).toBeLessThanOrEqual(limit)
        got.push(...page.rows.map(({ seq }) => seq))
        after = page.next
      } while (after !== null)
      expect(got).toEqual(expected)
      const bySeq = await store.list(filter, 300, limit)
      const later = expected.filter((seq) => seq > 300).sort((a, b) => a - b)
      expect(bySeq.map(({ alert: one }) => one.seq)).toEqual(later.slice(0, limit))
    }),
    { numRuns: 150 },
  )
})

it('finds words whatever their case and accents, and people by name', async () => {
  const found = async (text: string) => (await store.page({ text }, null, 500)).rows.length
  expect(await found('đường trần phú')).toBe(await found('DUONG TRAN PHU'))
  expect(await found('nguyen lan')).toBe(250)
  expect(await found('cuu hoa')).toBe(250)
  expect(await found('"; DROP TABLE alerts --')).toBe(0)
})
