/** The reading thread's work: a read-only connection that answers questions, so that none of them delays an alert. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { AlertDetail, AlertEntry, AlertId, PageCursor } from '../../contract/alerts.ts'
import { Fault } from '../../contract/fault.ts'
import { replay } from './alert-machine.ts'
import { AlertPages } from './alert-pages.ts'
import { type AlertReads, alertOf, alertReads, transitionOf } from './alert-rows.ts'
import { diskOf } from './ballast.ts'
import { fileName, openForReading } from './database-file.ts'
import { EventPages } from './event-pages.ts'
import { Figures } from './figures.ts'
import { KeptReads } from './kept-rows.ts'
import { FaceReads } from './known-faces.ts'
import type { Args, ReadFacts, ReadName, Request, Result } from './messages.ts'
import { RecordReads } from './record-reads.ts'
import { TrendReads } from './trend-rows.ts'

type Answer<T> = T | Generator<void, T>
type Typed = { readonly [N in ReadName]: (...args: Args<N>) => Answer<Result<N>> }
export type Questions = Readonly<Partial<Record<Request['name'], (...args: never[]) => unknown>>>

const loadKeptMs = 1000

/** Every question the reader answers. A generator is a long answer: others are served between its pieces. */
export function questionsOf(db: Database, dir: string): Questions {
  const reads = alertReads(db)
  const pages = new AlertPages(db, reads)
  const records = new RecordReads(db)
  const figures = new Figures(db)
  const events = new EventPages(db)
  const faces = new FaceReads(db)
  const keptRows = new KeptReads(db)
  const trends = new TrendReads(db)
  const shelves = db
    .prepare<[number], AlertId>(
      `SELECT id FROM alerts WHERE shelved_until IS NOT NULL AND shelved_until <= ? AND state = 'shelved'
       ORDER BY shelved_until LIMIT 1000`,
    )
    .pluck()
  let load = { at: Number.NEGATIVE_INFINITY, now: 0, value: figures.load(0) }

  const typed: Typed = {
    get: (id) => detail(reads, id),
    page: (filter, after: PageCursor | null, limit) => pages.page(filter, after, limit),
    list: (filter, after, limit) => pages.list(filter, after, limit),
    open: (limit) => pages.open(limit),
    counts: () => pages.counts(),
    shelvesOver: (now) => shelves.all(now),
    journal: (after, limit) => journal(reads, after, limit),
    picture: (sha256) => records.picture(sha256),
    load(now) {
      // Asked for every second by every screen; the figures move slowly.
      const fresh = performance.now() - load.at < loadKeptMs && Math.abs(now - load.now) < loadKeptMs
      if (!fresh) load = { at: performance.now(), now, value: figures.load(now) }
      return load.value
    },
    due: (link, target, limit) => records.due(link, target, limit),
    orders: (limit) => records.orders(limit),
    timeline: (after, limit) => records.timeline(after, limit),
    marks: (fromAt, toAt, slices) => figures.marks(fromAt, toAt, slices),
    coverage: (fromAt, toAt) => records.coverage(fromAt, toAt),
    devices: () => records.devices(),
    links: () => records.links(),
    settings: () => records.settings(),
    eventPage: (filter, after, limit) => events.page(filter, after, limit),
    eventKinds: () => events.kinds(),
    seenPeople: () => events.people(),
    sightings: (since) => events.sightings(since),
    faceLibrary: () => faces.library(),
    facePhoto: (id) => faces.photo(id),
    kept: (kind) => keptRows.kept(kind),
    trendPoints: (...range) => trends.points(...range),
  }
  const facts = (): ReadFacts => {
    const disk = diskOf(dir)
    return {
      alerts: pages.counts().total,
      outboxWaiting: records.waitingOrders(),
      sizeBytes: sizeOf(join(dir, fileName)) + sizeOf(join(dir, `${fileName}-wal`)),
      diskFreeBytes: disk.freeBytes,
      diskBytes: disk.totalBytes,
    }
  }
  const addedEvents = (after: number, upTo: number, limit: number) => events.added(after, upTo, limit)
  return { ...typed, facts, addedEvents }
}

/** Opens when it is first asked: the file may be put aside or not be there yet. */
export class Reader {
  readonly #dir: string
  #open: { readonly db: Database; readonly questions: Questions } | null = null

  constructor(dir: string) {
    this.#dir = dir
  }

  ask(request: Request): unknown {
    if (this.#open === null) {
      try {
        const db = openForReading(this.#dir)
        this.#open = { db, questions: questionsOf(db, this.#dir) }
      } catch (cause) {
        throw new Fault('storage', 'The history cannot be read now.', 'Look at the store’s state.', cause)
      }
    }
    const question = this.#open.questions[request.name]
    if (question === undefined) throw new Error(`the reader has no ${request.name}`)
    return question(...request.args)
  }

  close(): void {
    this.#open?.db.close()
    this.#open = null
  }
}

function detail(reads: AlertReads, id: AlertId): AlertDetail {
  const row = reads.byId.get(id)
  if (row === undefined) throw new Fault('not-found', 'There is no such alert.', 'It may have been pruned.')
  return {
    alert: alertOf(row),
    transitions: reads.transitions.all(row.seq).map(transitionOf),
    raw: reads.raw.get(row.seq)?.raw ?? null,
  }
}

/** The alert is told as it stood after each transition: later ones are left out again. */
function journal(reads: AlertReads, after: number, limit: number): AlertEntry[] {
  const entries: AlertEntry[] = []
  for (const row of reads.transitionsAfter.all(after, limit)) {
    const alertRow = reads.bySeq.get(row.alert)
    if (alertRow === undefined) continue
    const transition = transitionOf(row)
    const isLast = reads.hasLater.get(row.alert, row.seq) === undefined
    const past = isLast ? [] : reads.transitions.all(row.alert).filter(({ seq }) => seq <= row.seq)
    const alert = alertOf(alertRow)
    entries.push({
      seq: row.seq,
      transition,
      alert: isLast ? alert : replay(alert, past.map(transitionOf)),
    })
  }
  return entries
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
