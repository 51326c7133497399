/** Answers what History asks: any filter, newest first, a page at a time, without ever reading past what the page needs. */
import type { Database } from 'better-sqlite3'
import {
  type Alert,
  type AlertCounts,
  type AlertDetail,
  type AlertFilter,
  type AlertPage,
  type AlertState,
  isOpen,
  type PageCursor,
} from '../../contract/alerts.ts'
import { type AlertReads, alertOf, transitionOf } from './alert-rows.ts'
import { countsOf } from './facets.ts'
import { MergedStream, type PlaceStream, RangeStream, SharedStream, TextIndex } from './place-streams.ts'
import { firstPlaceAt, timeOfPlace } from './places.ts'
import { wordsOf } from './search-text.ts'

interface ClassRow {
  readonly id: number
  readonly source: string
  readonly kind: string
  readonly priority: Alert['priority']
  readonly state: AlertState
  readonly count: number
  readonly newest: number
}
interface Drawer {
  readonly id: number
  readonly count: number
  readonly newest: number
}
interface Where {
  readonly index: 'class' | 'facet'
  readonly drawers: readonly Drawer[]
  /** Every alert there is passes: time order alone will do. */
  readonly all: boolean
}

const topPlace = 2 ** 53 - 1
const mostCounted = 10_000
const timeForSearchMs = 120
const seqsAtATime = 20_000
const priorities = ['critical', 'high', 'medium', 'low'] as const

export class AlertPages {
  readonly #sql
  readonly #reads: AlertReads
  readonly #text: TextIndex

  constructor(db: Database, reads: AlertReads) {
    this.#reads = reads
    this.#text = new TextIndex(db)
    this.#sql = statements(db)
  }

  page(filter: AlertFilter, after: PageCursor | null, limit: number): AlertPage {
    const where = this.#where(filter)
    const lowest = filter.from === undefined ? 0 : firstPlaceAt(filter.from)
    const highest = filter.to === undefined ? topPlace : firstPlaceAt(filter.to + 1) - 1
    const start = Math.min(highest, after === null ? topPlace : this.#placeOf(after) - 1)
    const words = wordsOf(filter.text ?? '')
    const question = words.length === 0 ? '' : this.#text.question(words)
    if (question === null || where.drawers.length === 0) return { rows: [], next: null, total: 0 }

    const stream = this.#stream(where, question, start, lowest)
    const rows: Alert[] = []
    let more = false
    for (let place = stream.peek(); place !== null && place >= lowest; place = stream.peek()) {
      if (rows.length === limit) {
        more = true
        break
      }
      const row = this.#reads.byPlace.get(place)
      if (row !== undefined) rows.push(alertOf(row))
      stream.next()
    }
    const stopped = stream instanceof SharedStream ? stream.stoppedAt : null
    // The time for the search was over: what was found, and where to go on. Its last millisecond is asked for again.
    const whole = stopped === null ? rows : rows.filter(({ raisedAt }) => firstPlaceAt(raisedAt) > stopped)
    return {
      rows: whole,
      next: stopped !== null ? cursorFrom(stopped) : more ? lastCursor(rows) : null,
      total: question === '' ? this.#total(where, filter, lowest, highest) : null,
    }
  }

  /** By store sequence. A generator, because a rare filter has to look far: between pieces others are served. */
  *list(filter: AlertFilter, after: number, limit: number): Generator<void, AlertDetail[]> {
    const words = wordsOf(filter.text ?? '')
    const question = words.length === 0 ? '' : this.#text.question(words)
    const where = this.#where(filter)
    const found: AlertDetail[] = []
    if (question === null || where.drawers.length === 0) return found
    const ids = JSON.stringify(where.all ? [] : where.drawers.map(({ id }) => id))
    const read = where.all
      ? this.#sql.seqs
      : where.index === 'class'
        ? this.#sql.seqsOfClass
        : this.#sql.seqsOfFacet
    const lowest = filter.from === undefined ? 0 : firstPlaceAt(filter.from)
    const highest = filter.to === undefined ? topPlace : firstPlaceAt(filter.to + 1) - 1
    const top = this.#sql.lastSeq.get() ?? 0
    // The first piece is small: most calls want the next few rows of everything.
    let size = Math.max(limit, 200)
    for (let from = after; from < top; from += size, size = seqsAtATime) {
      for (const { seq, place } of read.all({ from, to: from + size, ids, lowest, highest })) {
        if (question !== '' && !this.#text.matches(question, place)) continue
        const detail = this.#detail(seq)
        if (detail !== null) found.push(detail)
        if (found.length === limit) return found
      }
      yield
    }
    return found
  }

  /** The most urgent first, and of those the newest. */
  open(limit: number): Alert[] {
    const classes = this.#sql.classes.all().filter(({ state }) => isOpen(state))
    const rows: Alert[] = []
    for (const priority of priorities) {
      const drawers = classes.filter((one) => one.priority === priority)
      const stream = this.#merged({ index: 'class', drawers, all: false }, topPlace, 0)
      for (let place = stream.peek(); place !== null && rows.length < limit; place = stream.peek()) {
        const row = this.#reads.byPlace.get(place)
        if (row !== undefined) rows.push(alertOf(row))
        stream.next()
      }
    }
    return rows
  }

  counts(): AlertCounts {
    return countsOf(this.#sql.classes.all())
  }

  #detail(seq: number): AlertDetail | null {
    const row = this.#reads.bySeq.get(seq)
    if (row === undefined) return null
    const transitions = this.#reads.transitions.all(seq).map(transitionOf)
    return { alert: alertOf(row), transitions, raw: this.#reads.raw.get(seq)?.raw ?? null }
  }

  #where(filter: AlertFilter): Where {
    const passes = (row: ClassRow) =>
      (filter.sources?.some((source) => source === row.source) ?? true) &&
      (filter.kinds?.some((kind) => kind === row.kind) ?? true) &&
      (filter.priorities?.includes(row.priority) ?? true) &&
      (filter.states?.includes(row.state) ?? true)
    const every = this.#sql.classes.all()
    const classes = every.filter(passes)
    if (filter.devices === undefined)
      return { index: 'class', drawers: classes, all: classes.length === every.length }
    const wanted = new Set(classes.map(({ id }) => id))
    const facets = this.#sql.facets
      .all(JSON.stringify(filter.devices))
      .filter((facet) => wanted.has(facet.class))
    return { index: 'facet', drawers: facets, all: false }
  }

  #stream(where: Where, question: string, start: number, lowest: number): PlaceStream {
    if (question === '') return this.#merged(where, start, lowest)
    const text = this.#text.stream(question, start)
    const endAt = performance.now() + timeForSearchMs
    const other = where.all ? this.#everything(start, lowest) : this.#merged(where, start, lowest)
    return new SharedStream(text, other, () => performance.now() > endAt)
  }

  #merged(where: Where, start: number, lowest: number): PlaceStream {
    if (where.all) return this.#everything(start, lowest)
    const read = where.index === 'class' ? this.#sql.classDown : this.#sql.facetDown
    return new MergedStream(
      where.drawers.map(({ id, newest }) => ({
        newest,
        stream: new RangeStream((atMost, limit) => read.all(id, atMost, lowest, limit), start),
      })),
    )
  }

  #everything(start: number, lowest: number): PlaceStream {
    return new RangeStream((atMost, limit) => this.#sql.down.all(atMost, lowest, limit), start)
  }

  /** Exact without a time range; with one, exact up to ten thousand. */
  #total(where: Where, filter: AlertFilter, lowest: number, highest: number): number | null {
    if (filter.from === undefined && filter.to === undefined) {
      return where.drawers.reduce((sum, { count }) => sum + count, 0)
    }
    let total = 0
    for (const { id } of where.drawers) {
      const count = where.index === 'class' ? this.#sql.countClass : this.#sql.countFacet
      total += count.get(id, lowest, highest, mostCounted + 1 - total) ?? 0
      if (total > mostCounted) return null
    }
    return total
  }

  /** The cursor's own alert may have been pruned, or it may stand for a time only: then its millisecond is the place. */
  #placeOf(cursor: PageCursor): number {
    const row = cursor.seq > 0 ? this.#reads.bySeq.get(cursor.seq) : undefined
    return row?.place ?? firstPlaceAt(cursor.raisedAt)
  }
}

function lastCursor(rows: readonly Alert[]): PageCursor | null {
  const last = rows.at(-1)
  return last === undefined ? null : { raisedAt: last.raisedAt, seq: last.seq }
}

/** No row is there to point at: the next page starts with the millisecond the search had reached. */
function cursorFrom(place: number): PageCursor {
  return { raisedAt: timeOfPlace(place) + 1, seq: 0 }
}

interface SeqRange {
  readonly from: number
  readonly to: number
  readonly ids: string
  readonly lowest: number
  readonly highest: number
}

function statements(db: Database) {
  const down = (column: string) =>
    db
      .prepare<[number, number, number, number], number>(
        `SELECT place FROM alerts WHERE ${column} = ? AND place <= ? AND place >= ? ORDER BY place DESC LIMIT ?`,
      )
      .pluck()
  const count = (column: string) =>
    db
      .prepare<[number, number, number, number], number>(
        `SELECT count(*) FROM (SELECT 1 FROM alerts WHERE ${column} = ? AND place >= ? AND place <= ? LIMIT ?)`,
      )
      .pluck()
  const seqs = (condition: string) =>
    db.prepare<SeqRange, { seq: number; place: number }>(
      `SELECT seq, place FROM alerts WHERE seq > $from AND seq <= $to AND place >= $lowest AND place <= $highest
       ${condition} ORDER BY seq`,
    )
  return {
    classes: db.prepare<[], ClassRow>('SELECT * FROM classes WHERE count > 0'),
    facets: db.prepare<[string], Drawer & { readonly class: number }>(
      'SELECT * FROM facets WHERE device IN (SELECT value FROM json_each(?)) AND count > 0',
    ),
    down: db
      .prepare<[number, number, number], number>(
        'SELECT place FROM alerts WHERE place <= ? AND place >= ? ORDER BY place DESC LIMIT ?',
      )
      .pluck(),
    classDown: down('class'),
    facetDown: down('facet'),
    countClass: count('class'),
    countFacet: count('facet'),
    lastSeq: db.prepare<[], number>('SELECT seq FROM alerts ORDER BY seq DESC LIMIT 1').pluck(),
    seqs: seqs('AND $ids IS NOT NULL'),
    seqsOfClass: seqs('AND class IN (SELECT value FROM json_each($ids))'),
    seqsOfFacet: seqs('AND facet IN (SELECT value FROM json_each($ids))'),
  }
}
