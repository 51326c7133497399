/** Live events and pages as one list: every sighting once, in order, grown ones in place, no hole after a lost pipe. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DetectionEvent, EventPage } from '../../../../src/contract/events.ts'
import {
  compareEvents,
  type FetchEvents,
  merged,
  SightingPages,
} from '../../../../src/renderer/features/faces/sighting-pages.ts'
import { makeEvent, pageOf, picture } from './make-event.ts'

function store(count: number, at = (n: number) => 1000 + n) {
  const events = Array.from({ length: count }, (_, n) => makeEvent(n + 1, at(n)))
  const fetch: FetchEvents = async (ask) => pageOf(events, ask)
  return { events, fetch }
}

const seqs = (pages: SightingPages): number[] => pages.snapshot().rows.map(({ seq }) => seq)
const downFrom = (most: number, least = 1): number[] =>
  Array.from({ length: most - least + 1 }, (_, n) => most - n)

describe('sighting pages', () => {
  test('older pages follow the first without gap or double, also within one instant', async () => {
    const { fetch } = store(700, (n) => 1000 + Math.floor(n / 7))
    const pages = new SightingPages(fetch)
    await pages.show({})
    expect(pages.snapshot()).toMatchObject({ pending: false, olderBeyond: true })
    while (pages.snapshot().olderBeyond) await pages.growOlder()
    expect(seqs(pages)).toEqual(downFrom(700))
  })

  test('a live event comes on top, and the same event from a page is not shown twice', async () => {
    const { events, fetch } = store(10)
    const pages = new SightingPages(fetch)
    await pages.show({})
    pages.take([makeEvent(11, 5000), ...events])
    expect(seqs(pages)).toEqual(downFrom(11))
  })

  test('live events that came before the first page are not lost', async () => {
    const answers: ((page: EventPage) => void)[] = []
    const pages = new SightingPages(() => new Promise((answer) => answers.push(answer)))
    const shown = pages.show({})
    pages.take([makeEvent(3, 3000)])
    expect(seqs(pages)).toEqual([])
    answers[0]?.({ rows: [makeEvent(2, 2000), makeEvent(1, 1000)], next: null })
    await shown
    expect(seqs(pages)).toEqual([3, 2, 1])
  })

  test('a sighting that gets another name changes in place, and leaves a list that asks for the old one', async () => {
    const { events } = store(6)
    const fetch: FetchEvents = async (ask) => pageOf(events, ask)
    const [all, ofOne] = [new SightingPages(fetch), new SightingPages(fetch)]
    await all.show({})
    await ofOne.show({ people: ['Person 1'] })
    expect(seqs(ofOne)).toEqual([6, 1])
    const [first] = events
    if (first === undefined) throw new Error('no events')
    for (const pages of [all, ofOne]) pages.take([{ ...first, person: 'Person 3' }])
    expect(all.snapshot().rows.at(-1)).toMatchObject({ seq: 1, person: 'Person 3' })
    expect(seqs(all)).toEqual(downFrom(6))
    expect(seqs(ofOne)).toEqual([6])
  })

  test('an event that grows changes in place; an old page does not shrink it again', async () => {
    const { fetch } = store(3)
    const pages = new SightingPages(fetch)
    await pages.show({})
    const grown = makeEvent(2, 1001, { lastAt: 9000, count: 40 })
    pages.take([grown])
    expect(pages.snapshot().rows[1]).toBe(grown)
    await pages.catchUp()
    expect(pages.snapshot().rows[1]).toBe(grown)
    expect(seqs(pages)).toEqual([3, 2, 1])
  })

  test('live events that do not fit the filter stay out', async () => {
    const { fetch } = store(5)
    const pages = new SightingPages(fetch)
    await pages.show({ people: ['Person 1'] })
    pages.take([makeEvent(6, 6000), makeEvent(7, 7000, { person: null, kind: 'face-unknown' })])
    expect(seqs(pages)).toEqual([6, 1])
  })

  test('a live event older than the stretch waits for its page', async () => {
    const { events, fetch } = store(200)
    const pages = new SightingPages(fetch)
    await pages.show({})
    pages.take(events)
    expect(seqs(pages)).toEqual(downFrom(200, 141))
    await pages.growOlder()
    expect(seqs(pages)).toEqual(downFrom(200))
  })

  test('a late event inside the stretch takes its place by source time', async () => {
    const { fetch } = store(4, (n) => 1000 * (n + 1))
    const pages = new SightingPages(fetch)
    await pages.show({})
    pages.take([makeEvent(5, 2500)])
    expect(seqs(pages)).toEqual([4, 3, 5, 2, 1])
  })

  test('after a lost pipe what was missed is filled in, not only what is newest', async () => {
    const { events, fetch } = store(100)
    const pages = new SightingPages(fetch)
    await pages.show({})
    pages.lost()
    for (let n = 101; n <= 600; n += 1) events.push(makeEvent(n, 1000 + n))
    // The table is back before the pages are.
    pages.take(events.slice(-50))
    await pages.catchUp()
    while (pages.snapshot().olderBeyond) await pages.growOlder()
    expect(seqs(pages)).toEqual(downFrom(600))
  })

  test('a list that was empty when the pipe was lost is read anew', async () => {
    const { events, fetch } = store(0)
    const pages = new SightingPages(fetch)
    await pages.show({})
    pages.lost()
    for (let n = 1; n <= 40; n += 1) events.push(makeEvent(n, 1000 + n))
    pages.take(events.slice(-5))
    await pages.catchUp()
    expect(seqs(pages)).toEqual(downFrom(40))
  })

  test('after a long absence the list starts anew', async () => {
    const { events, fetch } = store(100)
    const pages = new SightingPages(fetch)
    await pages.show({})
    const { epoch } = pages.snapshot()
    pages.lost()
    for (let n = 101; n <= 3000; n += 1) events.push(makeEvent(n, 1000 + n))
    await pages.catchUp()
    expect(pages.snapshot().epoch).toBe(epoch + 1)
    expect(seqs(pages)).toEqual(downFrom(3000, 2941))
  })

  test('a new filter aborts the one before, whose late answer changes nothing', async () => {
    const waiting: { signal: AbortSignal; answer: (page: EventPage) => void }[] = []
    const pages = new SightingPages((_, signal) => new Promise((answer) => waiting.push({ signal, answer })))
    const first = pages.show({ people: ['a'] })
    const second = pages.show({ people: ['b'] })
    expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true, false])
    waiting[1]?.answer({ rows: [makeEvent(2, 2)], next: null })
    waiting[0]?.answer({ rows: [makeEvent(1, 1)], next: null })
    await Promise.all([first, second])
    expect(seqs(pages)).toEqual([2])
  })

  test('a first page that fails leaves nothing that answers another question', async () => {
    let isBroken = false
    const { events } = store(5)
    const pages = new SightingPages(async (ask) => {
      if (isBroken) throw new Error('the pipe is lost')
      return pageOf(events, ask)
    })
    await pages.show({})
    isBroken = true
    await pages.show({ people: ['Person 1'] })
    expect(pages.snapshot()).toMatchObject({ rows: [], pending: false, olderBeyond: false })
    expect(pages.snapshot().failure).toBeInstanceOf(Error)
    isBroken = false
    await pages.catchUp()
    expect(seqs(pages)).toEqual([1])
    expect(pages.snapshot().failure).toBeNull()
  })
})

describe('merging', () => {
  test('nothing new gives the same array, so nothing is drawn again', () => {
    const rows = [makeEvent(2, 2), makeEvent(1, 1)]
    expect(merged(rows, [...rows])).toBe(rows)
    expect(merged(rows, [makeEvent(2, 2)])).toBe(rows)
  })

  test('a picture that arrives later is taken', () => {
    const rows = [makeEvent(1, 1)]
    const pictured = makeEvent(1, 1, { evidence: picture(), pictureAt: 1 })
    expect(merged(rows, [pictured])).toEqual([pictured])
  })

  test('in whatever pieces and order they come: each once, newest first, in its fullest state', () => {
    const growth = fc.array(
      fc.record({ seq: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 9 }) }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(fc.array(growth, { maxLength: 5 }), (pieces) => {
        const made = pieces.map((piece) =>
          piece.map(({ seq, count }) =>
            makeEvent(seq, 1000 + (seq % 4), { count, lastAt: 1000 + (seq % 4) + count }),
          ),
        )
        const rows = made.reduce<readonly DetectionEvent[]>((all, piece) => merged(all, piece), [])
        const expected = new Map<number, number>()
        for (const { seq, count } of made.flat()) expected.set(seq, Math.max(expected.get(seq) ?? 0, count))
        expect(new Map(rows.map(({ seq, count }) => [seq, count]))).toEqual(expected)
        expect(rows).toHaveLength(expected.size)
        expect(rows).toEqual(rows.toSorted(compareEvents))
      }),
    )
  })
})
