/** Everything else that is written: outbox, timeline, coverage, devices, links, settings. Inside the writer's transaction. */
import type { Database } from 'better-sqlite3'
import type { Device } from '../../contract/devices.ts'
import { Fault } from '../../contract/fault.ts'
import type { LinkProfile } from '../../contract/links.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { CoverageState, TimelineEntry } from '../../contract/timeline.ts'
import type { AlertWrites } from './alert-writes.ts'
import type { Commit } from './commit.ts'
import { type OrderRow, outboxColumns, outboxRowOf } from './record-reads.ts'
import type { NewOrder } from './store.ts'

export type Outcome = {
  readonly state: OutboxRow['state']
  readonly reason: string | null
  readonly at: number
}

const deliveredKeptMs = 86_400_000
const mostDeliveredKept = 1000

export class RecordWrites {
  readonly #sql
  readonly #alerts: AlertWrites
  /** When the app last proved alive before this start. */
  readonly #aliveBefore: number | null

  constructor(db: Database, alerts: AlertWrites) {
    this.#alerts = alerts
    this.#sql = statements(db)
    const alive = this.#sql.alive.get()
    this.#aliveBefore = alive === undefined ? null : Number(alive)
  }

  enqueue(orders: readonly NewOrder[], commit: Commit): void {
    for (const order of orders) {
      const { changes } = this.#sql.addOrder.run(
        order.id,
        order.link,
        order.target,
        order.type,
        order.text,
        order.alert,
        order.order,
        order.createdAt,
      )
      if (changes > 0) this.#tellOrder(order.id, commit)
    }
  }

  settle(id: string, outcome: Outcome, commit: Commit): void {
    const row = this.#order(id)
    const again = row.state !== 'waiting' && outcome.state === 'waiting'
    const attempts = again ? 0 : row.attempts + 1
    const settledAt = outcome.state === 'waiting' ? null : outcome.at
    this.#sql.settleOrder.run(outcome.state, attempts, settledAt, outcome.reason, id)
    if (row.alert !== null) this.#alerts.noteDelivery(row.alert, outcome.state, commit)
    this.#tellOrder(id, commit)
    if (outcome.state === 'delivered' && row.seq % 64 === 0) this.tidyOrders(outcome.at, commit)
  }

  /** By hand: the order will never be sent, so the alert's acknowledgement stays undelivered. */
  discard(id: string, commit: Commit): void {
    const row = this.#order(id)
    this.#sql.dropOrder.run(id)
    if (row.alert !== null && row.state === 'waiting') this.#alerts.noteDelivery(row.alert, 'parked', commit)
    commit.orders.delete(id)
    commit.ordersGone.push(id)
  }

  /** Delivered orders are shown for a day, at most a thousand of them. */
  tidyOrders(now: number, commit: Commit): void {
    for (const id of this.#sql.oldOrders.all(now - deliveredKeptMs, mostDeliveredKept)) {
      this.#sql.dropOrder.run(id)
      commit.orders.delete(id)
      commit.ordersGone.push(id)
    }
  }

  addTimeline(entry: Omit<TimelineEntry, 'seq'>, commit: Commit): void {
    const { lastInsertRowid } = this.#sql.addTimeline.run(
      entry.at,
      entry.type,
      entry.link,
      entry.device,
      entry.by,
      entry.text,
    )
    commit.timelineHead = Number(lastInsertRowid)
  }

  cover(source: string, state: CoverageState, at: number): void {
    const open = this.#sql.openSpan.get(source)
    if (open?.state === state) return
    // A source that was heard before (a clock set back) never makes a span end before it began.
    const from = open === undefined ? at : Math.max(at, open.from_at)
    if (open !== undefined) this.#end(open, from)
    this.#sql.addSpan.run(source, state, from, null)
  }

  resumeCoverage(at: number): void {
    for (const open of this.#sql.openSpans.all()) {
      const alive = Math.max(open.from_at, Math.min(this.#aliveBefore ?? open.from_at, at))
      this.#end(open, alive)
      if (alive < at) this.#sql.addSpan.run(open.source, 'app-off', alive, at)
    }
    this.stayAlive(at)
  }

  stayAlive(at: number): void {
    this.#sql.setAlive.run(String(at))
  }

  saveDevice(device: Device): void {
    this.#sql.saveDevice.run(device.id, JSON.stringify(device))
  }
  forgetDevice(id: string): void {
    this.#sql.forgetDevice.run(id)
  }
  saveLink(profile: LinkProfile): void {
    this.#sql.saveLink.run(profile.id, JSON.stringify(profile))
  }
  removeLink(id: string): void {
    this.#sql.removeLink.run(id)
  }
  saveSetting(key: string, value: unknown): void {
    const json = JSON.stringify(value)
    if (json === undefined) this.#sql.removeSetting.run(key)
    else this.#sql.saveSetting.run(key, json)
  }

  #end(open: { id: number; from_at: number }, at: number): void {
    if (at > open.from_at) this.#sql.endSpan.run(at, open.id)
    else this.#sql.dropSpan.run(open.id)
  }

  #order(id: string): OrderRow {
    const row = this.#sql.order.get(id)
    if (row === undefined)
      throw new Fault('not-found', 'There is no such order.', 'It may have been discarded.')
    return row
  }

  #tellOrder(id: string, commit: Commit): void {
    commit.orders.set(id, outboxRowOf(this.#order(id)))
  }
}

function statements(db: Database) {
  return {
    addOrder: db.prepare(`INSERT INTO outbox (id, link, target, type, text, alert, body, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`),
    order: db.prepare<[string], OrderRow>(`SELECT ${outboxColumns} FROM outbox WHERE id = ?`),
    settleOrder: db.prepare(
      'UPDATE outbox SET state = ?, attempts = ?, settled_at = ?, reason = ? WHERE id = ?',
    ),
    dropOrder: db.prepare('DELETE FROM outbox WHERE id = ?'),
    oldOrders: db
      .prepare<[number, number], string>(
        `SELECT id FROM outbox WHERE state = 'delivered' AND (settled_at < ? OR seq <= (SELECT seq FROM outbox
         WHERE state = 'delivered' ORDER BY seq DESC LIMIT 1 OFFSET ?)) ORDER BY seq LIMIT 500`,
      )
      .pluck(),
    addTimeline: db.prepare(
      'INSERT INTO timeline (at, type, link, device, by, text) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    openSpan: db.prepare<[string], { id: number; state: CoverageState; from_at: number }>(
      'SELECT id, state, from_at FROM coverage WHERE source = ? AND to_at IS NULL',
    ),
    openSpans: db.prepare<[], { id: number; source: string; from_at: number }>(
      'SELECT id, source, from_at FROM coverage WHERE to_at IS NULL',
    ),
    addSpan: db.prepare('INSERT INTO coverage (source, state, from_at, to_at) VALUES (?, ?, ?, ?)'),
    endSpan: db.prepare('UPDATE coverage SET to_at = ? WHERE id = ?'),
    dropSpan: db.prepare('DELETE FROM coverage WHERE id = ?'),
    alive: db.prepare<[], string>(`SELECT value FROM meta WHERE key = 'alive'`).pluck(),
    setAlive: db.prepare(`INSERT INTO meta (key, value) VALUES ('alive', ?)
      ON CONFLICT DO UPDATE SET value = excluded.value`),
    saveDevice: db.prepare('INSERT OR REPLACE INTO devices (id, body) VALUES (?, ?)'),
    forgetDevice: db.prepare('DELETE FROM devices WHERE id = ?'),
    saveLink: db.prepare('INSERT OR REPLACE INTO links (id, body) VALUES (?, ?)'),
    removeLink: db.prepare('DELETE FROM links WHERE id = ?'),
    saveSetting: db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)'),
    removeSetting: db.prepare('DELETE FROM settings WHERE key = ?'),
  }
}
