/** Events page by page: every page of every filter is exactly what a plain look through all of them gives, in the same order. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type DetectionEvent, type EventCursor, EventFilter } from '../../../src/contract/events.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { silentLog } from '../../../src/main/log.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { NewEvent, Store } from '../../../src/main/store/store.ts'
import { scratchStore, start } from './scratch.ts'
import { event, eye } from './scratch-events.ts'

const spanMs = 40

const names = ['Lan', 'Minh', 'Hoa', 'An', 'Bình', 'Chi', 'Dũng', 'Giang', 'Khánh', 'Long'] as const

/** Few times, people and cameras, so that equal times and every mixture meet. */
const anyEvent = fc.record({
  link: fc.constantFrom('hub', 'relay'),
  camera: fc.option(fc.constantFrom(1, 2, 3), { freq: 5 }),
  kind: fc.constantFrom('face-recognized', 'face-unknown', 'motion_detected'),
  person: fc.option(fc.constantFrom(...names, 'Lan', 'Lan'), { freq: 2 }),
  at: fc.integer({ min: 0, max: spanMs }),
  staysMs: fc.nat(20),
})
type Drawn = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never
const some = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3, size: 'max' })
const anyFilter = fc.record(
  {
    from: fc.integer({ min: start - 10, max: start + spanMs }),
    to: fc.integer({ min: start, max: start + spanMs + 10 }),
    links: some('hub', 'relay', 'nowhere'),
    cameras: some('hub/cam-1', 'hub/cam-2', 'hub/cam-none'),
    kinds: some('face-recognized', 'face-unknown', 'motion_detected', 'no-such'),
    people: fc.array(fc.constantFrom(...names, 'nobody'), { maxLength: 15, size: 'max' }),
  },
  { requiredKeys: [] },
)

it('pages as a plain look through all of them would', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { minLength: 100, maxLength: 250, size: 'max' }),
      fc.array(fc.tuple(anyFilter, fc.integer({ min: 1, max: 40 })), { minLength: 25, maxLength: 25 }),
      fc.option(fc.nat(spanMs + 20)),
      async (events, asked, pruneBefore) => {
        await withStore(async (store) => {
          const stored = await Promise.all(events.map((one, n) => store.addEvent(entering(one, n))))
          let all = stored.map((one) => one.event)
          if (pruneBefore !== null) {
            const before = start + pruneBefore
            all = all.filter(({ lastAt }) => lastAt >= before)
            expect(await store.pruneEvents(before)).toBe(stored.length - all.length)
          }
          for (const [filter, limit] of [[{}, 7] as const, ...asked]) {
            const parsed = EventFilter.parse(filter)
            const wanted = all.filter((one) => passes(one, parsed)).sort(newestFirst)
            expect(await pagesOf(store, parsed, limit)).toEqual(pieces(wanted, limit))
          }
          expect(await store.eventKinds()).toEqual([...new Set(all.map(({ kind }) => kind))].sort())
          expect(await store.seenPeople()).toEqual(seenIn(all))
        })
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
})

it('goes on inside one time, when the clock of the source is stuck', async () => {
  const store = await scratchStore()
  const all = await Promise.all(
    Array.from({ length: 600 }, (_, n) => store.addEvent(event(n, { at: start }))),
  )
  const seqs = all.map(({ event: { seq } }) => seq).sort((a, b) => b - a)
  for (const filter of [{}, { people: ['Lan'] }, { cameras: [eye(1)] }]) {
    const pages = await pagesOf(store, filter, 90)
    expect(pages.flat().map(({ seq }) => seq)).toEqual(seqs)
  }
})

it('gives nothing from a cursor before the range, not even of its own time', async () => {
  const store = await scratchStore()
  for (let n = 0; n < 3; n += 1) await store.addEvent(event(n, { at: start }))
  const cursor = { at: start, seq: 3 }
  expect((await store.eventPage({}, cursor, 10)).rows).toHaveLength(2)
  expect(await store.eventPage({ from: start + 1 }, cursor, 10)).toEqual({ rows: [], next: null })
})

it('goes on from a cursor whose event is gone', async () => {
  const store = await scratchStore()
  for (let n = 0; n < 6; n += 1) await store.addEvent(event(n, { lastAt: start + (n === 3 ? 0 : 99_000) }))
  const { next } = await store.eventPage({}, null, 3)
  expect(next?.at).toBe(start + 3000)
  expect(await store.pruneEvents(start + 1)).toBe(1)
  const { rows } = await store.eventPage({}, next, 10)
  expect(rows.map(({ at }) => at - start)).toEqual([2000, 1000, 0])
})

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-event-pages-'))
  const store = await openStore({ dir, log: silentLog, appVersion: '0' })
  try {
    await use(store)
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function entering(one: Drawn, n: number): NewEvent {
  const at = start + one.at
  return event(n, {
    link: LinkId.parse(one.link),
    camera: one.camera === null ? null : eye(one.camera),
    kind: one.kind,
    person: one.person,
    at,
    lastAt: at + one.staysMs,
  })
}

async function pagesOf(store: Store, filter: EventFilter, limit: number): Promise<DetectionEvent[][]> {
  const pages: DetectionEvent[][] = []
  for (let after: EventCursor | null = null; ; ) {
    const page = await store.eventPage(filter, after, limit)
    pages.push([...page.rows])
    if (page.next === null) return pages
    after = page.next
  }
}

function passes(one: DetectionEvent, filter: EventFilter): boolean {
  return (
    one.at >= (filter.from ?? 0) &&
    one.at <= (filter.to ?? Number.POSITIVE_INFINITY) &&
    (filter.links?.includes(one.link) ?? true) &&
    (filter.cameras === undefined || (one.camera !== null && filter.cameras.includes(one.camera))) &&
    (filter.kinds?.includes(one.kind) ?? true) &&
    (filter.people === undefined || (one.person !== null && filter.people.includes(one.person)))
  )
}

function newestFirst(a: DetectionEvent, b: DetectionEvent): number {
  return b.at - a.at || b.seq - a.seq
}

function pieces<T>(rows: readonly T[], size: number): T[][] {
  if (rows.length === 0) return [[]]
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size))
}

function seenIn(all: readonly DetectionEvent[]) {
  const seen = Map.groupBy(
    all.filter(({ person }) => person !== null),
    ({ person }) => person,
  )
  return [...seen]
    .map(([person, rows]) => ({
      person,
      sightings: rows.length,
      lastAt: Math.max(...rows.map(({ lastAt }) => lastAt)),
    }))
    .sort((a, b) => b.lastAt - a.lastAt || ((a.person ?? '') < (b.person ?? '') ? -1 : 1))
}
