/** Answers what is asked about events: any filter, newest first, a page at a time, and the figures beside it. */
import type { Database, Statement } from 'better-sqlite3'
import {
  type EventCursor,
  type EventFilter,
  type EventPage,
  faceKinds,
  type SeenPerson,
} from '../../contract/events.ts'
import { type EventRow, eventColumns, eventOf } from './event-rows.ts'
import { type EventKey, KeyRange, merged, type Strand } from './event-streams.ts'
import type { SightingFigures, StoredEvent } from './store.ts'

interface ClassRow {
  readonly id: number
  readonly link: string
  /** Empty for events of no camera. */
  readonly camera: string
  readonly kind: string
  readonly newest: number
}
interface PersonRow {
  readonly person: string
  readonly class: number
  readonly newest: number
}
interface Range {
  readonly at: number
  readonly seq: number
  readonly from: number
  readonly limit: number
}

const [recognized, unknown] = faceKinds
const endOfTime = Number.MAX_SAFE_INTEGER
const fewStrands = 8

export class EventPages {
  readonly #sql

  constructor(db: Database) {
    this.#sql = statements(db)
  }

  page(filter: EventFilter, after: EventCursor | null, limit: number): EventPage {
    const rows: EventRow[] = []
    for (const { seq } of merged(this.#strands(filter, startOf(filter, after)))) {
      if (rows.length === limit) return { rows: rows.map(eventOf), next: cursorAt(rows) }
      const row = this.#sql.bySeq.get(seq)
      // Read and left out: a person dismisses one at a time, so they are never many.
      const isLeftOut = filter.dismissed === false && row !== undefined && row.dismissed_at !== null
      if (row !== undefined && !isLeftOut) rows.push(row)
    }
    return { rows: rows.map(eventOf), next: null }
  }

  kinds(): string[] {
    return this.#sql.kinds.all()
  }

  people(): SeenPerson[] {
    return this.#sql.people.all()
  }

  sightings(since: number): SightingFigures {
    return {
      recognitions: this.#sql.countSince.get(recognized, since) ?? 0,
      unknown: this.#sql.countSince.get(unknown, since) ?? 0,
      lastRecognitionAt: this.#sql.lastOf.get(recognized) ?? null,
    }
  }

  /** Added after `after`, up to and with `upTo`, as they stand now. */
  added(after: number, upTo: number, limit: number): StoredEvent[] {
    return this.#sql.added.all(after, upTo, limit).map((row) => ({ event: eventOf(row), isNew: true }))
  }

  #strands(filter: EventFilter, below: EventKey): Strand[] {
    const from = filter.from ?? -endOfTime
    const strand = (newest: number, read: (range: Range) => EventKey[]): Strand => ({
      newest,
      range: new KeyRange(({ at, seq }, limit) => read({ at, seq, from, limit }), below),
    })
    const every = this.#sql.classes.all()
    const classes = every.filter((row) => passes(row, filter))
    if (filter.people === undefined) {
      if (classes.length === every.length) return [strand(endOfTime, (range) => this.#sql.down.all(range))]
      return atMost(classes, below, from, this.#sql.newestOfClass, ({ id }) => id).map(({ id, newest }) =>
        strand(newest, (range) => this.#sql.downClass.all({ ...range, class: id })),
      )
    }
    const { whole, parts } = this.#sightings(filter.people, new Set(classes.map(({ id }) => id)))
    const people = atMost(whole, below, from, this.#sql.newestOfPerson, ({ person }) => person)
    const inClasses = atMost(parts, below, from, this.#sql.newestOfPersonInClass, (one) => [
      one.person,
      one.class,
    ])
    return [
      ...people.map(({ person, newest }) =>
        strand(newest, (range) => this.#sql.downPerson.all({ ...range, person })),
      ),
      ...inClasses.map(({ person, class: inClass, newest }) =>
        strand(newest, (range) => this.#sql.downPersonInClass.all({ ...range, person, class: inClass })),
      ),
    ]
  }

  /** Whoever was only ever seen where it is asked for is one range, not one per class. */
  #sightings(people: readonly string[], wanted: ReadonlySet<number>) {
    const whole: PersonRow[] = []
    const parts: PersonRow[] = []
    const seen = Map.groupBy(this.#sql.sightings.all(JSON.stringify(people)), ({ person }) => person)
    for (const rows of seen.values()) {
      const inWanted = rows.filter((row) => wanted.has(row.class))
      const newest = rows.toSorted((a, b) => b.newest - a.newest)[0]
      if (inWanted.length === rows.length && newest !== undefined) whole.push(newest)
      else parts.push(...inWanted)
    }
    return { whole, parts }
  }
}

/**
 * With the newest time each has at the page's start, all asked for at once: from the middle of history every strand would
 * otherwise have to be read, and each read costs as much as 20 seeks.
 */
function atMost<T extends { readonly newest: number }>(
  rows: readonly T[],
  below: EventKey,
  from: number,
  newestOf: Statement<[{ keys: string; at: number }], number | null>,
  keyOf: (row: T) => unknown,
): readonly T[] {
  if (below.at === endOfTime || rows.length < fewStrands) return rows
  const newest = newestOf.all({ keys: JSON.stringify(rows.map(keyOf)), at: below.at })
  return rows.flatMap((row, n) => {
    const at = newest[n] ?? null
    return at === null || at < from ? [] : [{ ...row, newest: at }]
  })
}

function passes({ link, camera, kind }: ClassRow, { links, cameras, kinds }: EventFilter): boolean {
  return (
    (links?.some((one) => one === link) ?? true) &&
    (cameras?.some((one) => one === camera) ?? true) &&
    (kinds?.includes(kind) ?? true)
  )
}

/** Everything below it is asked for: `seq` starts at 1. */
function startOf({ to }: EventFilter, after: EventCursor | null): EventKey {
  const top = { at: to === undefined ? endOfTime : to + 1, seq: 0 }
  return after !== null && after.at < top.at ? after : top
}

function cursorAt(rows: readonly EventRow[]): EventCursor | null {
  const last = rows.at(-1)
  return last === undefined ? null : { at: last.at, seq: last.seq }
}

function statements(db: Database) {
  // Two ranges that SQLite merges: `(at, seq) < ($at, $seq)` alone would seek by time only and look at every event of
  // that time, and a source with a stuck clock gives a million events one time.
  const down = <T = unknown>(condition: string) =>
    db.prepare<[Range & T], EventKey>(`SELECT at, seq FROM events
      WHERE ${condition} at = $at AND seq < $seq AND $at >= $from
      UNION ALL SELECT at, seq FROM events WHERE ${condition} at < $at AND at >= $from
      ORDER BY at DESC, seq DESC LIMIT $limit`)
  const newestOf = (condition: string) =>
    db
      .prepare<[{ keys: string; at: number }], number | null>(
        `SELECT (SELECT at FROM events WHERE ${condition} AND at <= $at ORDER BY at DESC LIMIT 1)
         FROM json_each($keys) ORDER BY json_each.key`,
      )
      .pluck()
  return {
    bySeq: db.prepare<[number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq = ?`),
    added: db.prepare<[number, number, number], EventRow>(
      `SELECT ${eventColumns} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`,
    ),
    classes: db.prepare<[], ClassRow>(
      'SELECT id, link, camera, kind, newest FROM event_classes WHERE count > 0',
    ),
    sightings: db.prepare<[string], PersonRow>(`SELECT person, class, newest FROM event_people
      WHERE person IN (SELECT value FROM json_each(?)) AND count > 0`),
    down: down(''),
    downClass: down<{ class: number }>('class = $class AND'),
    downPerson: down<{ person: string }>('person = $person AND'),
    downPersonInClass: down<{ person: string; class: number }>('person = $person AND class = $class AND'),
    newestOfClass: newestOf('class = json_each.value'),
    newestOfPerson: newestOf('person = json_each.value'),
    newestOfPersonInClass: newestOf(
      `person = json_each.value ->> '$[0]' AND class = json_each.value ->> '$[1]'`,
    ),
    kinds: db
      .prepare<[], string>('SELECT DISTINCT kind FROM event_classes WHERE count > 0 ORDER BY kind')
      .pluck(),
    people: db.prepare<[], SeenPerson>(`SELECT person, sum(count) AS sightings, max(last_at) AS lastAt
      FROM event_people WHERE count > 0 GROUP BY person ORDER BY lastAt DESC, person`),
    // Counted class by class in the index: a day of sightings is a range in each.
    countSince: db
      .prepare<[string, number], number>(
        `SELECT count(*) FROM event_classes c CROSS JOIN events e ON e.class = c.id
         WHERE c.kind = ? AND c.count > 0 AND e.at >= ?`,
      )
      .pluck(),
    lastOf: db
      .prepare<[string], number | null>('SELECT max(last_at) FROM event_classes WHERE kind = ?')
      .pluck(),
  }
}
