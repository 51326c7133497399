/** Everything but alerts that is read: outbox, timeline, coverage, devices, links, settings, pictures. */
import type { Database } from 'better-sqlite3'
import type { Evidence } from '../../contract/alerts.ts'
import type { Device } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkProfile } from '../../contract/links.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { CoverageSpan, CoverageState, TimelineEntry } from '../../contract/timeline.ts'
import type { DueOrder } from './store.ts'

export type OrderRow = Omit<OutboxRow, 'createdAt' | 'settledAt'> & {
  readonly created_at: number
  readonly settled_at: number | null
}
type DueRow = OrderRow & { readonly body: string }
interface SpanRow {
  readonly source: string
  readonly state: CoverageState
  readonly from_at: number
  readonly to_at: number | null
}

export const outboxColumns =
  'id, seq, link, target, type, text, alert, state, attempts, created_at, settled_at, reason'
const mostDue = 10_000
const mostSpans = 20_000

export function outboxRowOf(row: OrderRow): OutboxRow {
  return {
    id: row.id,
    seq: row.seq,
    link: row.link,
    target: row.target,
    type: row.type,
    text: row.text,
    alert: row.alert,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    reason: row.reason,
  }
}

export class RecordReads {
  readonly #sql

  constructor(db: Database) {
    this.#sql = statements(db)
  }

  /** With no target named, every target gives its oldest `limit` rows: one that is out of reach never hides another. */
  due(link: string, target: string | null, limit: number): DueOrder[] {
    const targets = target === null ? this.#sql.dueTargets.all(link) : [target]
    const due: DueOrder[] = []
    for (const one of targets) {
      for (const row of this.#sql.due.all(link, one, limit))
        due.push({ ...outboxRowOf(row), order: row.body })
      if (due.length >= mostDue) break
    }
    return due.sort((a, b) => a.seq - b.seq)
  }

  /** Waiting and parked ones, oldest first, then the last delivered ones. */
  orders(limit: number): OutboxRow[] {
    const open = [...this.#sql.ordersOf.all('waiting', limit), ...this.#sql.ordersOf.all('parked', limit)]
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit)
    return [...open, ...this.#sql.delivered.all(limit - open.length)].map(outboxRowOf)
  }

  waitingOrders(): number {
    return this.#sql.waiting.get() ?? 0
  }

  timeline(after: number, limit: number): TimelineEntry[] {
    return this.#sql.timeline.all(after, limit)
  }

  coverage(fromAt: number, toAt: number): CoverageSpan[] {
    const rows = [...this.#sql.endedSpans.all(fromAt, toAt, mostSpans), ...this.#sql.openSpans.all(toAt)]
    return rows
      .map(({ source, state, from_at, to_at }) => ({ source, state, fromAt: from_at, toAt: to_at }))
      .sort((a, b) => a.fromAt - b.fromAt || (a.source < b.source ? -1 : 1))
  }

  devices(): Device[] {
    return this.#sql.devices.all().map((body): Device => JSON.parse(body))
  }
  links(): LinkProfile[] {
    return this.#sql.links.all().map((body): LinkProfile => JSON.parse(body))
  }
  settings(): Record<string, unknown> {
    return Object.fromEntries(this.#sql.settings.all().map(({ key, value }) => [key, JSON.parse(value)]))
  }

  picture(sha256: string): { evidence: Evidence; bytes: Uint8Array } {
    const row = this.#sql.picture.get(sha256)
    if (row === undefined)
      throw new Fault('not-found', 'This picture is not stored.', 'It may have been pruned.')
    return { evidence: JSON.parse(row.evidence), bytes: new Uint8Array(row.bytes) }
  }
}

function statements(db: Database) {
  return {
    due: db.prepare<[string, string, number], DueRow>(`SELECT ${outboxColumns}, body FROM outbox
      WHERE link = ? AND target = ? AND state = 'waiting' ORDER BY seq LIMIT ?`),
    dueTargets: db
      .prepare<[string], string>(`SELECT DISTINCT target FROM outbox WHERE link = ? AND state = 'waiting'`)
      .pluck(),
    ordersOf: db.prepare<[string, number], OrderRow>(
      `SELECT ${outboxColumns} FROM outbox WHERE state = ? ORDER BY seq LIMIT ?`,
    ),
    delivered: db.prepare<[number], OrderRow>(
      `SELECT ${outboxColumns} FROM outbox WHERE state = 'delivered' ORDER BY seq DESC LIMIT ?`,
    ),
    waiting: db.prepare<[], number>(`SELECT count(*) FROM outbox WHERE state = 'waiting'`).pluck(),
    timeline: db.prepare<[number, number], TimelineEntry>(
      'SELECT seq, at, type, link, device, by, text FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?',
    ),
    endedSpans: db.prepare<[number, number, number], SpanRow>(
      `SELECT source, state, from_at, to_at FROM coverage
       WHERE to_at IS NOT NULL AND to_at > ? AND from_at < ? ORDER BY to_at LIMIT ?`,
    ),
    openSpans: db.prepare<[number], SpanRow>(
      'SELECT source, state, from_at, to_at FROM coverage WHERE to_at IS NULL AND from_at < ?',
    ),
    devices: db.prepare<[], string>('SELECT body FROM devices ORDER BY id').pluck(),
    links: db.prepare<[], string>('SELECT body FROM links ORDER BY id').pluck(),
    settings: db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings'),
    picture: db.prepare<[string], { evidence: string; bytes: Buffer }>(
      'SELECT evidence, bytes FROM pictures WHERE sha256 = ?',
    ),
  }
}
