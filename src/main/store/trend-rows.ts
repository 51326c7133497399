/** What registers of modules were: one row per register and interval, with the least, the greatest and the last value seen in it. */
import type { Database } from 'better-sqlite3'
import type { TrendPoint } from './store.ts'

interface Piece {
  readonly gone: number
  /** The one that was looked at; null: there is none any more. */
  readonly series: number | null
  /** It has more that must go. */
  readonly isMore: boolean
}

export class TrendWrites {
  readonly #sql

  constructor(db: Database) {
    this.#sql = {
      point: db.prepare<[number, number, number, number, string, string]>(
        `INSERT INTO trends (series, at, least, most, last)
         SELECT id, ?, ?, ?, ? FROM trend_series WHERE module = ? AND register = ?
         ON CONFLICT DO UPDATE SET least = min(least, excluded.least), most = max(most, excluded.most),
           last = excluded.last`,
      ),
      series: db.prepare('INSERT INTO trend_series (module, register) VALUES (?, ?)'),
      count: db.prepare<[], number>('SELECT count(*) FROM trend_series').pluck(),
      next: db
        .prepare<[number], number>('SELECT id FROM trend_series WHERE id > ? ORDER BY id LIMIT 1')
        .pluck(),
      nth: db
        .prepare<[number, number], number>(
          'SELECT at FROM trends WHERE series = ? ORDER BY at DESC LIMIT 1 OFFSET ?',
        )
        .pluck(),
      oldest: db
        .prepare<[number, number, number], number>(
          'SELECT at FROM trends WHERE series = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?',
        )
        .pluck(),
      drop: db.prepare<[number, number]>('DELETE FROM trends WHERE series = ? AND at < ?'),
      isEmpty: db
        .prepare<[number], number>('SELECT NOT EXISTS (SELECT 1 FROM trends WHERE series = ?)')
        .pluck(),
      dropSeries: db.prepare<[number]>('DELETE FROM trend_series WHERE id = ?'),
    }
  }

  add(points: readonly TrendPoint[]): void {
    for (const { module, register, at, least, most, last } of points) {
      const write = () => this.#sql.point.run(at, least, most, last, module, register)
      if (write().changes > 0) continue
      this.#sql.series.run(module, register)
      write()
    }
  }

  /** One piece: of the next series after `from`, at most `atATime` rows. All series together keep at most `most`, the newest. */
  prune(before: number, most: number, from: number, atATime: number): Piece {
    const series = this.#sql.next.get(from)
    if (series === undefined) return { gone: 0, series: null, isMore: false }
    const each = Math.max(1, Math.floor(most / Math.max(1, this.#sql.count.get() ?? 1)))
    const overflow = this.#sql.nth.get(series, each)
    const limit = Math.max(before, overflow === undefined ? 0 : overflow + 1)
    const further = this.#sql.oldest.get(series, limit, atATime)
    const gone = this.#sql.drop.run(series, further ?? limit).changes
    if (further !== undefined) return { gone, series, isMore: true }
    if (this.#sql.isEmpty.get(series) === 1) this.#sql.dropSeries.run(series)
    return { gone, series, isMore: false }
  }
}

export class TrendReads {
  readonly #points

  constructor(db: Database) {
    this.#points = db.prepare<
      [string, string, number, number],
      { at: number; least: number; most: number; last: number }
    >(
      `SELECT at, least, most, last FROM trends
       WHERE series = (SELECT id FROM trend_series WHERE module = ? AND register = ?) AND at >= ? AND at < ? ORDER BY at`,
    )
  }

  /** Ascending; points of the same multiple of `spanMs` become one. */
  points(module: string, register: string, fromAt: number, toAt: number, spanMs: number): TrendPoint[] {
    const points: TrendPoint[] = []
    for (const row of this.#points.iterate(module, register, fromAt, toAt)) {
      const at = Math.floor(row.at / spanMs) * spanMs
      const before = points.at(-1)
      if (before === undefined || before.at !== at) points.push({ module, register, ...row, at })
      else
        points[points.length - 1] = {
          ...before,
          least: Math.min(before.least, row.least),
          most: Math.max(before.most, row.most),
          last: row.last,
        }
    }
    return points
  }
}
