/** The store's figures: durable alerts beside the bare library with the same statements, and questions over a million. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AlertFilter, AlertFilter as Filter, type PageCursor } from '../src/contract/alerts.ts'
import { silentLog } from '../src/main/log.ts'
import { AlertWrites, type Entering } from '../src/main/store/alert-writes.ts'
import { newCommit } from '../src/main/store/commit.ts'
import { openDatabaseFile } from '../src/main/store/database-file.ts'
import { Facets } from '../src/main/store/facets.ts'
import { openStore } from '../src/main/store/open-store.ts'
import type { NewAlert, Store } from '../src/main/store/store.ts'
import { type Area, percentile } from './report.ts'
import { seedAlerts, seededAlert } from './seed.ts'

const alertsWritten = 20_000
const inFlight = 512
const perBatch = 256
const paceSeconds = 3
const pacePerSecond = 10_000
const history = 1_000_000

export const run: Area = async (row) => {
  const bare = await inScratch(bareRate)
  const [rate, ackMs] = await inScratch(async (dir) => {
    const store = await open(dir)
    try {
      return [await rateThrough(store), await ackAtPace(store)] as const
    } finally {
      await store.close()
    }
  })
  row({
    name: 'durable alerts, fsync before the answer',
    value: rate,
    unit: '/s',
    target: '>= 10000',
    baseline: bare,
  })
  row({
    name: 'beside bare better-sqlite3, same batches',
    value: rate / bare,
    unit: '×',
    target: '>= 0.5',
    baseline: 1,
  })
  row({ name: 'acknowledgement p99 at 10,000/s', value: ackMs, unit: 'ms', target: '<= 20', baseline: null })
  await inScratch(async (dir) => {
    await seedAlerts(dir, history)
    const begun = performance.now()
    const store = await open(dir)
    const readyMs = performance.now() - begun
    try {
      const pages = await pageTimes(store)
      row({
        name: 'first page of filters over 1,000,000 alerts, p99',
        value: percentile(pages.filters, 99),
        unit: 'ms',
        target: '<= 10',
        baseline: null,
      })
      row({
        name: 'first page of texts over 1,000,000 alerts, p99',
        value: percentile(pages.texts, 99),
        unit: 'ms',
        target: '<= 10',
        baseline: null,
      })
      row({
        name: 'any later page, p99',
        value: percentile(pages.later, 99),
        unit: 'ms',
        target: '<= 10',
        baseline: null,
      })
      row({
        name: 'the worst question (two common things never together)',
        value: pages.worstMs,
        unit: 'ms',
        target: '<= 250',
        baseline: null,
      })
      row({ name: 'operator load', value: pages.loadMs, unit: 'ms', target: '<= 20', baseline: null })
      row({
        name: 'ruler marks, p99',
        value: percentile(pages.marks, 99),
        unit: 'ms',
        target: '<= 20',
        baseline: null,
      })
      row({
        name: 'ready with 1,000,000 alerts',
        value: readyMs,
        unit: 'ms',
        target: '<= 2000',
        baseline: null,
      })
    } finally {
      await store.close()
    }
  })
}

function open(dir: string): Promise<Store> {
  return openStore({ dir, log: silentLog, appVersion: 'bench' })
}

async function inScratch<T>(use: (dir: string) => T | Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  try {
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

export function fresh(n: number): NewAlert {
  const alert: Entering = seededAlert(n, alertsWritten * 10, 1_770_000_000_000)
  // As a flood comes in: all of it now.
  const at = Date.now()
  return { ...alert, state: 'unacknowledged-active', raisedAt: at - 40, receivedAt: at }
}

/** One process, no threads, no promises: the same statements on the same tables, 256 alerts per fsync. */
function bareRate(dir: string): number {
  const { db } = openDatabaseFile({ dir, now: Date.now() })
  const facets = new Facets(db)
  const alerts = new AlertWrites(db, facets)
  const begun = performance.now()
  for (let from = 0; from < alertsWritten; from += perBatch) {
    const commit = newCommit()
    db.exec('BEGIN IMMEDIATE')
    for (let n = from; n < Math.min(alertsWritten, from + perBatch); n += 1) alerts.raise(fresh(n), commit)
    facets.flush()
    alerts.flushWords(commit)
    db.exec('COMMIT')
  }
  const rate = (alertsWritten / (performance.now() - begun)) * 1000
  db.close()
  return rate
}

async function rateThrough(store: Store): Promise<number> {
  let next = 0
  const lane = async () => {
    while (next < alertsWritten) {
      next += 1
      await store.raise(fresh(next))
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: inFlight }, lane))
  return (alertsWritten / (performance.now() - begun)) * 1000
}

/** Alerts arrive on time whether or not the store keeps up, so a stall is felt by every alert behind it. */
async function ackAtPace(store: Store): Promise<number> {
  const times: number[] = []
  const pending: Promise<void>[] = []
  const begun = performance.now()
  const total = paceSeconds * pacePerSecond
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * pacePerSecond))
    for (; n < due; n += 1) {
      const sent = performance.now()
      pending.push(
        store.raise(fresh(alertsWritten + 1 + n)).then(() => {
          times.push(performance.now() - sent)
        }),
      )
    }
    // Not a spin: that would take the core the writer needs.
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(pending)
  return percentile(times, 99)
}

const dayMs = 86_400_000

/** Common, rare, empty, narrow and wide ones; every device by itself. */
function filters(now: number): AlertFilter[] {
  const cameras = Array.from({ length: 200 }, (_, n) => `cam-${String(n).padStart(3, '0')}`)
  const plain = [
    {},
    { states: ['cleared'] },
    { states: ['unacknowledged-active', 'unacknowledged-cleared'] },
    { states: ['shelved'], priorities: ['high'] },
    { states: ['out-of-service'] },
    { priorities: ['critical'] },
    { priorities: ['critical'], sources: ['north'] },
    { kinds: ['device-silent'] },
    { kinds: ['storage'] },
    { kinds: ['device-silent'], priorities: ['low'], sources: ['relay'] },
    { sources: ['relay'], priorities: ['low'] },
    { sources: ['nowhere'] },
    { from: now - 5 * dayMs, to: now - 4 * dayMs },
    { from: now - 20 * dayMs, to: now - 19 * dayMs, priorities: ['critical'] },
    { from: now - 29 * dayMs, to: now - 28 * dayMs, states: ['out-of-service'] },
    { to: now - 29 * dayMs, kinds: ['device-silent'] },
    { devices: cameras.slice(0, 100) },
    { devices: cameras.slice(50, 150), states: ['unacknowledged-active'], priorities: ['critical', 'high'] },
    { devices: cameras.slice(0, 20), states: ['shelved'], from: now - 15 * dayMs },
  ]
  const each = cameras.map((camera, n) => ({
    devices: [camera],
    ...(n % 2 === 0 ? { priorities: ['high'] } : {}),
  }))
  return [...plain, ...each].map((filter) => Filter.parse(filter))
}

const texts: AlertFilter[] = [
  { text: 'blue' },
  { text: 'bl' },
  { text: 'camera light' },
  { text: 'convoy' },
  { text: 'CONVOY ramp' },
  { text: 'tran phu' },
  { text: 'Đường Trần Phú' },
  { text: 'cam 007' },
  { text: 'c' },
  { text: 'nothing heard' },
  { text: 'heard 8' },
  { text: 'zzz' },
  Filter.parse({ text: 'convoy', priorities: ['critical'] }),
  Filter.parse({ text: 'blue light', states: ['out-of-service'] }),
  Filter.parse({ text: 'heard', kinds: ['blue-light'] }),
  Filter.parse({ text: 'harbour', sources: ['hub'] }),
]

async function pageTimes(store: Store) {
  const now = Date.now()
  const later: number[] = []
  const ask = async (filter: AlertFilter, after: PageCursor | null = null) => {
    const begun = performance.now()
    const page = await store.page(filter, after, 50)
    return { tookMs: performance.now() - begun, next: page.next }
  }
  const times = async (asked: readonly AlertFilter[], rounds: number) => {
    const first: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      for (const filter of asked) {
        const { tookMs, next } = await ask(filter)
        first.push(tookMs)
        if (next === null || round > 0) continue
        const second = await ask(filter, next)
        const deep = await ask(filter, { raisedAt: now - 12 * dayMs, seq: 0 })
        later.push(second.tookMs, deep.tookMs)
      }
    }
    return first
  }
  await ask({})
  const onFilters = await times(filters(now), 3)
  const onTexts = await times(texts, 10)
  const worst = await ask(Filter.parse({ text: 'bac', sources: ['relay'] }))
  const begun = performance.now()
  await store.load(now)
  const loadMs = performance.now() - begun
  const marks: number[] = []
  for (const days of [0.04, 0.25, 1, 3, 10, 30]) {
    const asked = performance.now()
    await store.marks(now - days * dayMs, now, 300)
    marks.push(performance.now() - asked)
  }
  return { filters: onFilters, texts: onTexts, later, worstMs: worst.tookMs, loadMs, marks }
}
