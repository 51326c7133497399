/** Figures over many alerts that must stay cheap at a million rows: operator load (ISA-18.2 §16) and the ruler's marks. */
import type { Database } from 'better-sqlite3'
import { isOpen } from '../../contract/alert-state.ts'
import type { AlertState, Priority } from '../../contract/alerts.ts'
import type { LinkId } from '../../contract/links.ts'
import type { Load } from '../../contract/site.ts'
import type { TimelineMark } from '../../contract/timeline.ts'
import { tallySpansMs } from './facets.ts'
import { firstPlaceAt } from './places.ts'

const dayMs = 86_400_000
const tenMinutesMs = 600_000
/** ISA-18.2: more than ten alarms in ten minutes is a flood for one operator. */
const floodAbove = 10
const mostStaleCounted = 20_000
const mostMarkedOneByOne = 2500

export class Figures {
  readonly #sql

  constructor(db: Database) {
    this.#sql = statements(db)
  }

  load(now: number): Load {
    const from = now - dayMs
    const perPeriod = this.#sql.periods.all({ from, to: now })
    const total = perPeriod.reduce((sum, count) => sum + count, 0)
    const periods = dayMs / tenMinutesMs
    const mix = { critical: 0, high: 0, medium: 0, low: 0 }
    for (const { priority, count } of this.#sql.mix.all({ from, to: now })) {
      mix[priority] = total === 0 ? 0 : count / total
    }
    return {
      alarmsPer10Min: total / periods,
      lastTenMinutes: this.#sql.lastTen.get({ from: now - tenMinutesMs, to: now }) ?? 0,
      floodPercent: (100 * perPeriod.filter((count) => count > floodAbove).length) / periods,
      chattering: this.#sql.chattering.get(from) ?? 0,
      stale: this.#stale(from),
      mix,
      top: this.#sql.top.all(from, now),
    }
  }

  marks(fromAt: number, toAt: number, slices: number): TimelineMark[] {
    if (!(toAt > fromAt) || slices < 1) return []
    const slice = (toAt - fromAt) / slices
    const span = tallySpansMs.findLast((one) => one <= slice) ?? tallySpansMs[0]
    const range = { from: fromAt, to: toAt, slice, span }
    const [lowest, highest] = [firstPlaceAt(fromAt), firstPlaceAt(toAt) - 1]
    const exact =
      (this.#sql.countPlaces.get(lowest, highest, mostMarkedOneByOne + 1) ?? 0) <= mostMarkedOneByOne
    const rows = exact
      ? this.#sql.marksOneByOne.all({ from: fromAt, slice, lowest, highest })
      : this.#sql.marks.all(range)
    return rows.map(({ lane, at, count, rank }) => ({
      lane,
      fromAt: Math.round(fromAt + at * slice),
      toAt: Math.round(fromAt + (at + 1) * slice),
      count,
      priority: ranks[rank] ?? 'low',
    }))
  }

  /** Open for longer than a day. Counted from whichever end is nearer. */
  #stale(before: number): number {
    let stale = 0
    const limit = firstPlaceAt(before)
    for (const { id, count, state } of this.#sql.classes.all()) {
      if (!isOpen(state)) continue
      const older = this.#sql.olderOf.get(id, limit, mostStaleCounted) ?? 0
      stale += older < mostStaleCounted ? older : count - (this.#sql.newerOf.get(id, limit, count) ?? 0)
    }
    return stale
  }
}

const ranks: readonly Priority[] = ['critical', 'high', 'medium', 'low']
const rankOf = (column: string) =>
  `min(CASE ${column} WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END)`

interface MarkRow {
  readonly lane: LinkId
  readonly at: number
  readonly count: number
  readonly rank: number
}

function statements(db: Database) {
  return {
    periods: db
      .prepare<[{ from: number; to: number }], number>(
        `SELECT sum(count) FROM tallies WHERE span = 300000 AND at > $from AND at <= $to GROUP BY at / 600000`,
      )
      .pluck(),
    mix: db.prepare<[{ from: number; to: number }], { priority: Priority; count: number }>(
      `SELECT priority, sum(count) AS count FROM tallies WHERE span = 300000 AND at > $from AND at <= $to
       GROUP BY priority`,
    ),
    lastTen: db
      .prepare<[{ from: number; to: number }], number>(
        'SELECT ifnull(sum(count), 0) FROM tallies WHERE span = 10000 AND at > $from AND at <= $to',
      )
      .pluck(),
    chattering: db.prepare<[number], number>('SELECT count(*) FROM chatter WHERE last_at > ?').pluck(),
    top: db.prepare<[number, number], { device: string; count: number }>(
      `SELECT device, sum(count) AS count FROM device_tallies WHERE at > ? AND at <= ?
       GROUP BY device HAVING count > 0 ORDER BY count DESC, device LIMIT 10`,
    ),
    classes: db.prepare<[], { id: number; count: number; state: AlertState }>(
      'SELECT id, count, state FROM classes WHERE count > 0',
    ),
    olderOf: db
      .prepare<[number, number, number], number>(
        'SELECT count(*) FROM (SELECT 1 FROM alerts WHERE class = ? AND place < ? LIMIT ?)',
      )
      .pluck(),
    newerOf: db
      .prepare<[number, number, number], number>(
        'SELECT count(*) FROM (SELECT 1 FROM alerts WHERE class = ? AND place >= ? LIMIT ?)',
      )
      .pluck(),
    countPlaces: db
      .prepare<[number, number, number], number>(
        'SELECT count(*) FROM (SELECT 1 FROM alerts WHERE place >= ? AND place <= ? LIMIT ?)',
      )
      .pluck(),
    marksOneByOne: db.prepare<
      [{ from: number; slice: number; lowest: number; highest: number }],
      MarkRow
    >(`SELECT source AS lane, CAST((raised_at - $from) / $slice AS INTEGER) AS at, count(*) AS count,
       ${rankOf('priority')} AS rank FROM alerts WHERE place >= $lowest AND place <= $highest
       GROUP BY 1, 2 ORDER BY 2, 1`),
    marks: db.prepare<
      [{ from: number; to: number; slice: number; span: number }],
      MarkRow
    >(`SELECT source AS lane, CAST(max(at - $from, 0) / $slice AS INTEGER) AS at, sum(count) AS count,
       ${rankOf('priority')} AS rank FROM tallies
       WHERE span = $span AND at > $from - $span AND at < $to AND count > 0 GROUP BY 1, 2 ORDER BY 2, 1`),
  }
}
