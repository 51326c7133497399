/** The stretch of rows History shows: order, no gaps, no doubles, whichever way it is grown. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AlertPage } from '../../../../src/contract/alerts.ts'
import { AlertPages, type FetchPage } from '../../../../src/renderer/features/history/alert-pages.ts'
import { makeAlert, pageOf } from './make-alert.ts'

function store(count: number, raisedAt: (n: number) => number) {
  const alerts = Array.from({ length: count }, (_, n) => makeAlert(n + 1, raisedAt(n)))
  const asked: number[] = []
  const fetch: FetchPage = async (ask) => {
    asked.push(ask.limit)
    return pageOf(alerts, ask)
  }
  return { alerts, asked, fetch }
}

const seqs = (pages: AlertPages): number[] => pages.snapshot().rows.map((row) => row.seq)

describe('alert pages', () => {
  test('the first page is the newest, and older pages follow without gap or double', async () => {
    const { fetch } = store(950, (n) => 1000 + Math.floor(n / 3))
    const pages = new AlertPages(fetch)
    await pages.show({})
    expect(pages.snapshot()).toMatchObject({
      pending: false,
      total: 950,
      olderBeyond: true,
      newerBeyond: false,
    })
    while (pages.snapshot().olderBeyond) await pages.growOlder()
    expect(seqs(pages)).toEqual(Array.from({ length: 950 }, (_, n) => 950 - n))
  })

  test('a new filter aborts the request before it, and its late answer changes nothing', async () => {
    const waiting: { signal: AbortSignal; answer: (page: AlertPage) => void }[] = []
    const pages = new AlertPages((_ask, signal) => new Promise((answer) => waiting.push({ signal, answer })))
    const first = pages.show({ text: 'a' })
    const second = pages.show({ text: 'ab' })
    expect(waiting.map((one) => one.signal.aborted)).toEqual([true, false])
    waiting[1]?.answer({ rows: [makeAlert(2, 2)], next: null, total: 1 })
    waiting[0]?.answer({ rows: [makeAlert(1, 1)], next: null, total: 1 })
    await Promise.all([first, second])
    expect(seqs(pages)).toEqual([2])
    expect(pages.snapshot().filter).toEqual({ text: 'ab' })
  })

  test('the rows of the filter before stay, marked pending, until the new ones are here', async () => {
    const answers: ((page: AlertPage) => void)[] = []
    const pages = new AlertPages(() => new Promise((answer) => answers.push(answer)))
    const first = pages.show({})
    answers[0]?.({ rows: [makeAlert(1, 1)], next: null, total: 1 })
    await first
    void pages.show({ text: 'x' })
    expect(pages.snapshot()).toMatchObject({ pending: true })
    expect(seqs(pages)).toEqual([1])
  })

  test('a failed page says so, keeps the rows, and can be asked for again', async () => {
    let fail = false
    const { alerts } = store(500, (n) => n)
    const pages = new AlertPages(async (ask) => {
      if (fail) throw new Error('cut')
      return pageOf(alerts, ask)
    })
    await pages.show({})
    fail = true
    await pages.growOlder()
    expect(pages.snapshot()).toMatchObject({ growing: 'none', olderBeyond: true })
    expect(pages.snapshot().failure).toBeInstanceOf(Error)
    fail = false
    await pages.growOlder()
    expect(pages.snapshot().failure).toBeNull()
    expect(seqs(pages)).toHaveLength(260)
  })

  test('a filter that could not be read shows no rows of the filter before', async () => {
    let fail = false
    const { alerts } = store(5, (n) => n)
    const pages = new AlertPages(async (ask) => {
      if (fail) throw new Error('cut')
      return pageOf(alerts, ask)
    })
    await pages.show({})
    fail = true
    await pages.show({ text: 'x' })
    expect(pages.snapshot()).toMatchObject({ rows: [], total: null, pending: false })
    expect(pages.snapshot().failure).toBeInstanceOf(Error)
  })

  test('End reaches the oldest alert of 30,000 in few requests, and the way back up has no gaps', async () => {
    const { alerts, asked, fetch } = store(30_000, (n) => 1_700_000_000_000 + n * 777)
    const pages = new AlertPages(fetch)
    await pages.show({})
    await pages.showOldest()
    expect(seqs(pages).at(-1)).toBe(1)
    expect(pages.snapshot()).toMatchObject({ olderBeyond: false, newerBeyond: true, anchor: 'bottom' })
    expect(asked.length).toBeLessThan(60)
    for (let round = 0; round < 5; round += 1) await pages.growNewer()
    const rows = seqs(pages)
    expect(rows.length).toBeGreaterThan(250)
    expect(rows).toEqual(Array.from({ length: rows.length }, (_, n) => rows.length - n))
    expect(alerts).toHaveLength(30_000)
  })

  test('any set of times, from any instant: grown both ways it is the whole list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 900 }),
        fc.integer({ min: 0, max: 5000 }),
        async (times, at) => {
          const { alerts, fetch } = store(times.length, (n) => times[n] ?? 0)
          const pages = new AlertPages(fetch)
          await pages.show({})
          await pages.show({}, at)
          if (pages.snapshot().rows.length === 0) return
          for (let round = 0; round < 400 && pages.snapshot().newerBeyond; round += 1) await pages.growNewer()
          while (pages.snapshot().olderBeyond) await pages.growOlder()
          expect(seqs(pages)).toEqual(
            pageOf(alerts, { filter: {}, after: null, limit: 5000 }).rows.map((row) => row.seq),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  test('more alerts in one millisecond than a request may ask for', async () => {
    const { fetch } = store(1300, (n) => (n < 100 ? 10 : n < 1200 ? 11 : 12))
    const pages = new AlertPages(fetch)
    await pages.show({})
    await pages.show({}, 10)
    while (pages.snapshot().newerBeyond) await pages.growNewer()
    while (pages.snapshot().olderBeyond) await pages.growOlder()
    expect(seqs(pages)).toEqual(Array.from({ length: 1300 }, (_, n) => 1300 - n))
  })

  test('a changed alert takes its own place', async () => {
    const { fetch } = store(3, (n) => n)
    const pages = new AlertPages(fetch)
    await pages.show({})
    pages.replace(makeAlert(2, 1, { state: 'cleared' }))
    expect(pages.snapshot().rows.map((row) => row.state)).toEqual([
      'unacknowledged-active',
      'cleared',
      'unacknowledged-active',
    ])
  })
})
