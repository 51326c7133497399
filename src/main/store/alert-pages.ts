/** Answers what History asks: any filter, newest first, a page at a time, without ever reading past what the page needs. */
import type { Database } from 'better-sqlite3'
import { isOpen } from '../../contract/alert-state.ts'
import type {
  Alert,
  AlertCounts,
  AlertDetail,
  AlertFilter,
  AlertPage,
  AlertState,
  PageCursor,
} from '../../contract/alerts.ts'
import { type AlertReads, alertOf, transitionOf } from './alert-rows.ts'
import { countsOf } from './facets.ts'
import { MergedStream, type PlaceStream, RangeStream } from './place-streams.ts'
import { firstPlaceAt, timeOfPlace } from './places.ts'
import { type Looked, searchedPage } from './searched-page.ts'
import { type Search, TextIndex } from './text-index.ts'

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
const timeForSearchMs = 100
const mostGathered = 20_000
const seqsAtATime = 20_000
const priorities = ['critical', 'high', 'medium', 'low'] as const

export class AlertPages {
  readonly #sql
  readonly #reads: AlertReads
  readonly #text: TextIndex

  constructor(db: Database, reads: AlertReads) {
    this.#reads = reads
    this.#text = new TextIndex(db, reads)
    this.#sql = statements(db)
  }

  page(filter: AlertFilter, after: PageCursor | null, limit: number): AlertPage {
    const where = this.#where(filter)
    const search = this.#text.search(filter.text)
    if (search === null || where.drawers.length === 0) return { rows: [], next: null, total: 0 }
    const { lowest, highest } = boundsOf(filter)
    const start = Math.min(highest, after === null ? topPlace : this.#placeOf(after) - 1)
    const ways = this.#ways(where, search, start, lowest)
    const { rows, more, stoppedAt } = searchedPage(ways, limit, timeForSearchMs)
    const alerts = rows.map(alertOf)
    const total = search === 'none' ? this.#total(where, filter, lowest, highest) : null
    if (stoppedAt === null) return { rows: alerts, next: more ? lastCursor(alerts) : null, total }
    // The time for the search was over: what was found, and where to go on. Its last millisecond is asked for again.
    const whole = alerts.filter(({ raisedAt }) => firstPlaceAt(raisedAt) > stoppedAt)
    return { rows: whole, next: cursorFrom(stoppedAt), total }
  }

  /** By store sequence. A generator, because a rare filter has to look far: between pieces others are served. */
  *list(filter: AlertFilter, after: number, limit: number): Generator<void, AlertDetail[]> {
    const search = this.#text.search(filter.text)
    const where = this.#where(filter)
    if (search === null || where.drawers.length === 0) return []
    const { lowest, highest } = boundsOf(filter)
    const top = this.#sql.lastSeq.get() ?? 0
    if (search !== 'none') {
      const few = yield* this.#fewMatches(where, search, highest, lowest)
      const later = few?.filter((seq) => seq > after).sort((a, b) => a - b)
      if (later !== undefined) return this.#details(later.slice(0, limit))
    }
    const ids = JSON.stringify(where.all ? [] : where.drawers.map(({ id }) => id))
    const read = where.all
      ? this.#sql.seqs
      : where.index === 'class'
        ? this.#sql.seqsOfClass
        : this.#sql.seqsOfFacet
    const found: number[] = []
    // The first piece is small: most calls want the next few rows of everything.
    const longest = search === 'none' ? seqsAtATime : 1000
    let size = Math.min(Math.max(limit, 200), longest)
    for (let from = after; from < top; from += size, size = longest) {
      for (const seq of read.all({ from, to: from + size, ids, lowest, highest })) {
        if (search !== 'none' && !this.#hasText(seq, search)) continue
        found.push(seq)
        if (found.length === limit) return this.#details(found)
      }
      yield
    }
    return this.#details(found)
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

  #details(seqs: readonly number[]): AlertDetail[] {
    const told = Map.groupBy(this.#reads.transitionsOf.all(JSON.stringify(seqs)), ({ alert }) => alert)
    return seqs.flatMap((seq) => {
      const row = this.#reads.bySeq.get(seq)
      if (row === undefined) return []
      const transitions = (told.get(seq) ?? []).map(transitionOf)
      return [{ alert: alertOf(row), transitions, raw: this.#reads.raw.get(seq)?.raw ?? null }]
    })
  }

  #hasText(seq: number, { words }: Search): boolean {
    const row = this.#reads.bySeq.get(seq)
    return row !== undefined && this.#text.matches(row.place, words)
  }

  /** Every match, when the text is rare enough to gather them all; null when it is not. */
  *#fewMatches(where: Where, search: Search, from: number, lowest: number): Generator<void, number[] | null> {
    const seqs: number[] = []
    if (search.question === null) return null
    let looked = 0
    for (const { row } of this.#downText(where, search, search.question, from, lowest)) {
      if (row !== null) seqs.push(row.seq)
      looked += 1
      if (looked > mostGathered) return null
      if (looked % 500 === 0) yield
    }
    return seqs
  }

  #ways(where: Where, search: Search | 'none', start: number, lowest: number): Generator<Looked>[] {
    if (search === 'none') return [this.#downFilter(where, null, start, lowest)]
    const byFilter = this.#downFilter(where, search, start, lowest)
    if (search.question === null) return [byFilter]
    return [this.#downText(where, search, search.question, start, lowest), byFilter]
  }

  *#downFilter(where: Where, search: Search | null, start: number, lowest: number): Generator<Looked> {
    const stream = this.#merged(where, start, lowest)
    for (let place = stream.peek(); place !== null; stream.next(), place = stream.peek()) {
      const passes = search === null || this.#text.matches(place, search.words)
      yield { place, row: passes ? (this.#reads.byPlace.get(place) ?? null) : null }
    }
  }

  *#downText(
    where: Where,
    search: Search,
    question: string,
    start: number,
    lowest: number,
  ): Generator<Looked> {
    const wanted = new Set(where.drawers.map(({ id }) => id))
    const stream = this.#text.stream(question, start)
    for (let place = stream.peek(); place !== null && place >= lowest; stream.next(), place = stream.peek()) {
      const filed = where.all ? undefined : this.#sql.filed.get(place)
      const isWanted = where.all || (filed !== undefined && wanted.has(filed[where.index]))
      const passes = isWanted && (search.isWhole || this.#text.matches(place, search.words))
      yield { place, row: passes ? (this.#reads.byPlace.get(place) ?? null) : null }
    }
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

function boundsOf({ from, to }: AlertFilter): { readonly lowest: number; readonly highest: number } {
  return {
    lowest: from === undefined ? 0 : firstPlaceAt(from),
    highest: to === undefined ? topPlace : firstPlaceAt(to + 1) - 1,
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
    db
      .prepare<SeqRange, number>(
        `SELECT seq FROM alerts WHERE seq > $from AND seq <= $to AND place >= $lowest AND place <= $highest
       ${condition} ORDER BY seq`,
      )
      .pluck()
  return {
    classes: db.prepare<[], ClassRow>('SELECT * FROM classes WHERE count > 0'),
    facets: db.prepare<[string], Drawer & { readonly class: number }>(
      'SELECT * FROM facets WHERE device IN (SELECT value FROM json_each(?)) AND count > 0',
    ),
    filed: db.prepare<[number], { readonly class: number; readonly facet: number }>(
      'SELECT class, facet FROM alerts WHERE place = ?',
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
