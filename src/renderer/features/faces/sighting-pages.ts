/**
 * The sightings on the list: one unbroken stretch, newest first, grown by pages at its old end and by live events anywhere in it. An
 * event that grows (a person who stays) changes in place. Framework-free, so that merging can be tested without a screen.
 */
import type { DetectionEvent, EventCursor, EventFilter, EventPage } from '../../../contract/events.ts'
import { matchesFilter } from './sighting-query.ts'

export type FetchEvents = (
  ask: { filter: EventFilter; after: EventCursor | null; limit: number },
  signal: AbortSignal,
) => Promise<EventPage>

export interface Sightings {
  readonly filter: EventFilter
  readonly rows: readonly DetectionEvent[]
  /** The first page is on its way; `rows` are then those of the filter before, dimmed. */
  readonly pending: boolean
  readonly growing: boolean
  readonly olderBeyond: boolean
  readonly failure: unknown
  /** Changes whenever the stretch starts anew: the list then goes to its top. */
  readonly epoch: number
}

/** A tall screen shows 16 rows: the first page is small so that it is there at once. */
const firstRows = 60
const pageRows = 200
/** After a lost pipe the gap is filled with so many pages; a longer absence starts the list anew. */
const mostCatchUpPages = 5

export class SightingPages {
  readonly #fetch: FetchEvents
  readonly #listeners = new Set<() => void>()
  #abort = new AbortController()
  #next: EventCursor | null = null
  #live: readonly DetectionEvent[] = []
  /** The newest row when the pipe was lost; above it there may be a hole until it is filled. Null: there is none. */
  #lostAbove: { readonly top: DetectionEvent | undefined } | null = null
  #sightings: Sightings = {
    filter: {},
    rows: [],
    pending: true,
    growing: false,
    olderBeyond: false,
    failure: null,
    epoch: 0,
  }

  constructor(fetch: FetchEvents) {
    this.#fetch = fetch
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): Sightings => this.#sightings

  async show(filter: EventFilter): Promise<void> {
    const signal = this.#renew({ filter, pending: true, growing: false })
    try {
      const page = await this.#fetch({ filter, after: null, limit: firstRows }, signal)
      if (signal.aborted) return
      this.#next = page.next
      this.#begin(page)
    } catch (error) {
      if (signal.aborted) return
      // The rows still here answer another question than the one now asked; under its filter they would be a lie.
      this.#set({ rows: [], olderBeyond: false, pending: false, failure: error })
    }
  }

  async growOlder(): Promise<void> {
    const { growing, pending, filter } = this.#sightings
    const after = this.#next
    if (after === null || growing || pending) return
    const signal = this.#abort.signal
    this.#set({ growing: true, failure: null })
    try {
      const page = await this.#fetch({ filter, after, limit: pageRows }, signal)
      if (signal.aborted) return
      this.#next = page.next
      this.#set({
        rows: merged(this.#sightings.rows, page.rows),
        growing: false,
        olderBeyond: page.next !== null,
      })
    } catch (error) {
      if (!signal.aborted) this.#set({ growing: false, failure: error })
    }
  }

  /** The newest events there are. Those older than the stretch come with its pages, unless it has reached the end. */
  take(live: readonly DetectionEvent[]): void {
    this.#live = live
    if (this.#sightings.pending) return
    const fitting = this.#fittingLive()
    const rows = merged(this.#withoutGone(), fitting)
    if (rows !== this.#sightings.rows) this.#set({ rows })
  }

  /** The pipe is lost: from here on the newest events alone no longer make an unbroken list. */
  lost(): void {
    this.#lostAbove ??= { top: this.#sightings.rows[0] }
  }

  /** Fills what was missed while the pipe was lost; the newest events alone might leave a hole below them. */
  async catchUp(): Promise<void> {
    const { filter, rows, pending, failure } = this.#sightings
    const top = this.#lostAbove === null ? rows[0] : this.#lostAbove.top
    if (pending || failure !== null || top === undefined) return this.show(filter)
    const signal = this.#abort.signal
    const found: DetectionEvent[] = []
    let after: EventCursor | null = null
    try {
      for (let round = 0; round < mostCatchUpPages; round += 1) {
        const page: EventPage = await this.#fetch({ filter, after, limit: pageRows }, signal)
        if (signal.aborted) return
        found.push(...page.rows)
        const last = page.rows.at(-1)
        if (page.next === null || (last !== undefined && compareEvents(last, top) >= 0)) {
          this.#lostAbove = null
          this.#set({ rows: merged(this.#sightings.rows, found) })
          return
        }
        after = page.next
      }
      await this.show(filter)
    } catch (error) {
      if (!signal.aborted) this.#set({ failure: error })
    }
  }

  /** Nobody looks any more: what is under way is given up. */
  abort(): void {
    this.#abort.abort()
  }

  #begin(page: EventPage): void {
    this.#lostAbove = null
    this.#sightings = {
      ...this.#sightings,
      rows: page.rows,
      pending: false,
      growing: false,
      olderBeyond: page.next !== null,
      failure: null,
      epoch: this.#sightings.epoch + 1,
    }
    this.#set({ rows: merged(page.rows, this.#fittingLive()) })
  }

  /** Without what somebody has changed so that the filter no longer asks for it. */
  #withoutGone(): readonly DetectionEvent[] {
    const { filter, rows } = this.#sightings
    const gone = new Set(this.#live.filter((event) => !matchesFilter(filter, event)).map(({ id }) => id))
    return rows.some(({ id }) => gone.has(id)) ? rows.filter(({ id }) => !gone.has(id)) : rows
  }

  #fittingLive(): DetectionEvent[] {
    const { filter, rows, olderBeyond } = this.#sightings
    const last = rows.at(-1)
    return this.#live.filter(
      (event) =>
        matchesFilter(filter, event) &&
        (!olderBeyond || (last !== undefined && compareEvents(event, last) <= 0)),
    )
  }

  #renew(change: Partial<Sightings>): AbortSignal {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#set({ failure: null, ...change })
    return this.#abort.signal
  }

  #set(change: Partial<Sightings>): void {
    this.#sightings = { ...this.#sightings, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** Newest first; the store's own order. */
export function compareEvents(a: DetectionEvent, b: DetectionEvent): number {
  return b.at - a.at || b.seq - a.seq
}

/** Adds what is missing and puts what has grown in its place. The same array when nothing changed, so nothing renders. */
export function merged(
  rows: readonly DetectionEvent[],
  more: readonly DetectionEvent[],
): readonly DetectionEvent[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  let isChanged = false
  let isAdded = false
  for (const event of more) {
    const known = byId.get(event.id)
    if (known !== undefined && !isNewerState(event, known)) continue
    byId.set(event.id, event)
    isChanged = true
    isAdded ||= known === undefined || known.at !== event.at
  }
  if (!isChanged) return rows
  const all = [...byId.values()]
  return isAdded ? all.sort(compareEvents) : all
}

/** A page fetched before an event grew must not shrink it again. */
function isNewerState(event: DetectionEvent, known: DetectionEvent): boolean {
  if (event === known) return false
  // Said by a person: no count tells which of two names is the later one, and what is live comes last.
  if (event.person !== known.person || event.dismissed?.at !== known.dismissed?.at) return true
  if (event.lastAt !== known.lastAt) return event.lastAt > known.lastAt
  if (event.count !== known.count) return event.count > known.count
  return event.evidence?.sha256 !== known.evidence?.sha256 && event.evidence !== null
}
