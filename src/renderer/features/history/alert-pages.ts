/**
 * The rows History shows: one unbroken stretch of alerts, newest first, grown page by page at either end. Framework-free, so that its
 * ordering, aborting and jumping can be tested without a screen.
 */
import type { Alert, AlertFilter, AlertPage, PageCursor } from '../../../contract/alerts.ts'

export type FetchPage = (
  ask: { filter: AlertFilter; after: PageCursor | null; limit: number },
  signal: AbortSignal,
) => Promise<AlertPage>

export interface Stretch {
  readonly filter: AlertFilter
  readonly rows: readonly Alert[]
  /** Exact, or null where the store did not count. */
  readonly total: number | null
  /** True while the first page of this filter is still on its way; `rows` are then those of the filter before, dimmed. */
  readonly pending: boolean
  readonly growing: 'none' | 'older' | 'newer' | 'jump'
  /** More alerts lie beyond the first or last row. `newerBeyond` is about jumps, not about alerts still to come. */
  readonly olderBeyond: boolean
  readonly newerBeyond: boolean
  /** The list keeps at most this many rows; further ones need a narrower filter or a jump. */
  readonly full: boolean
  readonly failure: unknown
  /** Changes whenever the stretch starts anew: the list then scrolls to where it should. */
  readonly epoch: number
  /** How many rows the last change put above the first one. */
  readonly prepended: number
  /** Where the list should stand after a new epoch. */
  readonly anchor: 'top' | 'bottom'
}

const pageRows = 200
/** A tall screen shows 40 rows: the first page is small so that it is there at once, the next one follows unasked. */
const firstRows = 60
const mostRows = 20_000
const aYearMs = 31_536_000_000
const highestSeq = Number.MAX_SAFE_INTEGER

export class AlertPages {
  readonly #fetch: FetchPage
  readonly #listeners = new Set<() => void>()
  #abort = new AbortController()
  #next: PageCursor | null = null
  #stretch: Stretch = {
    filter: {},
    rows: [],
    total: null,
    pending: true,
    growing: 'none',
    olderBeyond: false,
    newerBeyond: false,
    full: false,
    failure: null,
    epoch: 0,
    prepended: 0,
    anchor: 'top',
  }

  constructor(fetch: FetchPage) {
    this.#fetch = fetch
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): Stretch => this.#stretch

  /** Starts over with a filter: from its newest alert, or from an instant with the alerts at it and before it. */
  show(filter: AlertFilter, at: number | null = null): Promise<void> {
    const after = at === null ? null : { raisedAt: at, seq: highestSeq }
    return this.#restart({ filter, pending: true, growing: after ? 'jump' : 'none' }, after)
  }

  /** Jumps to the oldest alerts of the filter. */
  async showOldest(): Promise<void> {
    const { rows, filter, olderBeyond } = this.#stretch
    const last = rows.at(-1)
    if (!last) return
    if (!olderBeyond) {
      this.#set({ epoch: this.#stretch.epoch + 1, prepended: 0, anchor: 'bottom' })
      return
    }
    const signal = this.#renew({ growing: 'jump' })
    try {
      const page = await this.#oldestPage(filter, last.raisedAt, signal)
      if (signal.aborted) return
      this.#next = page.next
      this.#begin(page.rows, { olderBeyond: page.next !== null, newerBeyond: true, anchor: 'bottom' })
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  async growOlder(): Promise<void> {
    const { rows, growing, pending, filter } = this.#stretch
    const after = this.#next
    if (after === null || growing !== 'none' || pending) return
    if (rows.length >= mostRows) {
      if (!this.#stretch.full) this.#set({ full: true })
      return
    }
    const signal = this.#abort.signal
    this.#set({ growing: 'older', failure: null })
    try {
      const page = await this.#fetch({ filter, after, limit: pageRows }, signal)
      if (signal.aborted) return
      this.#next = page.next
      this.#set({
        rows: [...this.#stretch.rows, ...page.rows],
        growing: 'none',
        olderBeyond: page.next !== null,
        prepended: 0,
      })
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  /**
   * Pages only run from new to old, so the rows just above the first one are found by asking for a stretch of time above it, and
   * halving or doubling that time until it holds a page or less.
   */
  async growNewer(): Promise<void> {
    const { rows, growing, pending, filter, newerBeyond } = this.#stretch
    const first = rows[0]
    if (!first || !newerBeyond || growing !== 'none' || pending) return
    if (rows.length >= mostRows) return
    const signal = this.#abort.signal
    this.#set({ growing: 'newer', failure: null })
    try {
      const found = await this.#pageAbove(filter, rows, signal)
      if (signal.aborted) return
      this.#set({
        rows: [...found.rows, ...this.#stretch.rows],
        growing: 'none',
        newerBeyond: found.more,
        prepended: found.rows.length,
      })
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  /** Puts a changed alert in its place: a person acted on it, or the source did. Order never changes, so no row moves. */
  replace(alert: Alert): void {
    const at = this.#stretch.rows.findIndex((row) => row.seq === alert.seq)
    if (at < 0) return
    const rows = this.#stretch.rows.slice()
    rows[at] = alert
    this.#set({ rows, prepended: 0 })
  }

  /** Nobody looks any more: what is under way is given up. */
  abort(): void {
    this.#abort.abort()
    this.#set({ growing: 'none' })
  }

  async #restart(change: Partial<Stretch>, after: PageCursor | null): Promise<void> {
    const signal = this.#renew(change)
    const { filter } = this.#stretch
    try {
      const page = await this.#fetch({ filter, after, limit: firstRows }, signal)
      if (signal.aborted) return
      this.#next = page.next
      this.#begin(page.rows, {
        olderBeyond: page.next !== null,
        newerBeyond: after !== null,
        anchor: 'top',
        // A page from a cursor may count only what lies behind the cursor.
        total: after === null ? page.total : null,
      })
    } catch (error) {
      // The rows still here answer another question than the one now asked; under its filter they would be a lie.
      if (!signal.aborted) this.#set({ rows: [], total: null, olderBeyond: false, newerBeyond: false })
      this.#fail(error, signal)
    }
  }

  #begin(rows: readonly Alert[], more: Partial<Stretch>): void {
    this.#set({
      rows,
      pending: false,
      growing: 'none',
      full: false,
      failure: null,
      prepended: 0,
      epoch: this.#stretch.epoch + 1,
      ...more,
    })
  }

  async #oldestPage(filter: AlertFilter, knownAt: number, signal: AbortSignal): Promise<AlertPage> {
    let tooOld = filter.from ?? 0
    let tooNew = knownAt
    let best: AlertPage = { rows: [], next: null, total: null }
    // 2^44 ms is beyond this millennium, so 44 halvings always end; in practice a page is hit after about 20.
    for (let round = 0; round < 44 && tooNew - tooOld > 1; round += 1) {
      const middle = Math.floor((tooOld + tooNew) / 2)
      const after = { raisedAt: middle, seq: highestSeq }
      const page = await this.#fetch({ filter, after, limit: pageRows }, signal)
      if (signal.aborted) return best
      if (page.next !== null) tooNew = middle
      else {
        if (page.rows.length > best.rows.length) best = page
        if (best.rows.length >= pageRows / 4) return best
        tooOld = middle
      }
    }
    if (best.rows.length > 0) return best
    return this.#fetch({ filter, after: { raisedAt: tooNew, seq: highestSeq }, limit: 500 }, signal)
  }

  async #pageAbove(
    filter: AlertFilter,
    rows: readonly Alert[],
    signal: AbortSignal,
  ): Promise<{ rows: readonly Alert[]; more: boolean }> {
    const first = rows[0]
    if (!first) return { rows: [], more: false }
    const last = rows.at(-1) ?? first
    const topAt = Math.min(filter.to ?? highestSeq, highestSeq)
    let reachMs = Math.max(1000, (first.raisedAt - last.raisedAt) / 2)
    let shrinking = false
    for (let round = 0; round < 60; round += 1) {
      const toAt = Math.min(topAt, Math.ceil(first.raisedAt + reachMs))
      const ask = {
        filter: { ...filter, from: first.raisedAt, to: toAt },
        after: null,
        limit: 500,
      }
      const page = await this.#fetch(ask, signal)
      if (signal.aborted) return { rows: [], more: true }
      const fresh = page.rows.filter((row) => isAbove(row, first))
      const whole = page.next === null
      if (whole && toAt >= topAt) return { rows: fresh, more: false }
      if (whole && (fresh.length >= pageRows / 4 || (shrinking && fresh.length > 0))) {
        return { rows: fresh, more: true }
      }
      if (!whole && reachMs <= 1) return this.#crowdAbove(page, ask.filter, first, signal)
      if (whole) reachMs = reachMs > aYearMs ? highestSeq : reachMs * (shrinking ? 1.5 : 4)
      else {
        shrinking = true
        reachMs = Math.min(reachMs, topAt - first.raisedAt) / 2
      }
    }
    return { rows: [], more: true }
  }

  /** More than a request's worth of alerts in one millisecond: no span is short enough, so it is read to its end. */
  async #crowdAbove(
    begun: AlertPage,
    filter: AlertFilter,
    first: Alert,
    signal: AbortSignal,
  ): Promise<{ rows: readonly Alert[]; more: boolean }> {
    const rows = [...begun.rows]
    let after = begun.next
    while (after !== null && rows.length < mostRows) {
      const page = await this.#fetch({ filter, after, limit: 500 }, signal)
      if (signal.aborted) break
      rows.push(...page.rows)
      after = page.next
    }
    return { rows: rows.filter((row) => isAbove(row, first)), more: true }
  }

  #renew(change: Partial<Stretch>): AbortSignal {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#set({ failure: null, ...change })
    return this.#abort.signal
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    this.#set({ failure: error, growing: 'none', pending: false })
  }

  #set(change: Partial<Stretch>): void {
    this.#stretch = { ...this.#stretch, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** Rows of one instant are ordered by their sequence; those below the first one belong below it, loaded or not. */
function isAbove(row: Alert, first: Alert): boolean {
  return row.raisedAt > first.raisedAt || (row.raisedAt === first.raisedAt && row.seq > first.seq)
}
