/** Everything that changes alerts: raise, clear, act, deliveries, prune. Runs inside the writer's transaction. */
import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { isOpen, isUnacknowledged } from '../../contract/alert-state.ts'
import type { Alert, AlertId, AlertState } from '../../contract/alerts.ts'
import { Fault } from '../../contract/fault.ts'
import { applyTransition, type Clearing, type Standing, type Step, transitionFor } from './alert-machine.ts'
import { type AlertRow, alertOf, alertReads, searchedTexts, standingOf } from './alert-rows.ts'
import type { Commit } from './commit.ts'
import type { Facets } from './facets.ts'
import { Pictures } from './pictures.ts'
import { Places } from './places.ts'
import { wordsOf } from './search-text.ts'
import type { Act, NewAlert } from './store.ts'

export interface Raised {
  readonly alert: Alert
  readonly duplicate: boolean
}
export type ClearWhat = {
  readonly source: Alert['source']
  readonly kind: Alert['kind']
  readonly device: Alert['device']
  readonly sourceId?: string
  readonly at: number
  readonly note: string
}
/** Only a history that is laid down in one go (for measuring) enters alerts that have ended already. */
export type Entering = Omit<NewAlert, 'state'> & { readonly state: AlertState }
/** A long write does a piece at a time, so that an alert never waits for it. */
export interface Piece<T> {
  readonly done: boolean
  readonly result: T
}
const pieceOfClear = 500
const mostKnownWords = 200_000
const clearable: readonly AlertState[] = [
  'unacknowledged-active',
  'acknowledged-active',
  'shelved',
  'out-of-service',
]

export class AlertWrites {
  readonly #sql
  readonly #reads
  readonly #facets: Facets
  readonly #pictures: Pictures
  readonly #places: Places
  readonly #knownWords = new Set<string>()
  #retired: number

  constructor(db: Database, facets: Facets) {
    this.#facets = facets
    this.#pictures = new Pictures(db)
    this.#places = new Places(db)
    this.#reads = alertReads(db)
    this.#sql = statements(db)
    this.#retired = this.#sql.countRetired.get() ?? 0
  }

  /** After a rollback. */
  forget(): void {
    this.#places.forget()
    this.#knownWords.clear()
    this.#retired = this.#sql.countRetired.get() ?? 0
  }

  raise(fresh: Entering, commit: Commit): Raised {
    const device = fresh.device ?? ''
    const retired = this.#retired > 0 ? this.#sql.retired.get(messageKey(fresh)) : undefined
    if (retired !== undefined) return { alert: retiredAlert(fresh, retired), duplicate: true }

    const place = this.#places.take(fresh.raisedAt)
    const filed = this.#facets.enter(fresh, place)
    const evidence = fresh.picture?.evidence ?? null
    const added = this.#sql.add.run(
      fresh.id,
      place,
      filed.class,
      filed.facet,
      fresh.source,
      fresh.sourceId,
      fresh.kind,
      fresh.priority,
      fresh.state,
      device,
      fresh.deviceName,
      fresh.group,
      fresh.location,
      fresh.text,
      fresh.raisedAt,
      fresh.receivedAt,
      fresh.late ? 1 : 0,
      fresh.clockSuspect ? 1 : 0,
      fresh.blue === null ? null : JSON.stringify(fresh.blue),
      evidence?.sha256 ?? null,
      evidence === null ? null : JSON.stringify(evidence),
    )
    if (added.changes === 0) {
      this.#facets.leave(fresh)
      return this.#repeat(fresh, commit)
    }
    this.#facets.tally(fresh, 1)
    if (fresh.state !== 'suppressed-by-design') this.#facets.watchChatter(fresh)
    if (fresh.picture !== null) this.#pictures.add(fresh.picture)
    const seq = Number(added.lastInsertRowid)
    if (fresh.raw !== null) this.#sql.addRaw.run(seq, fresh.raw)
    const alert = newAlert(fresh, seq)
    this.#index(place, true, commit, searchedTexts(alert))
    const step: Step = {
      alert: alert.id,
      kind: 'raise',
      from: null,
      to: fresh.state,
      at: fresh.receivedAt,
      by: 'source',
      note: null,
      until: null,
      disposition: null,
    }
    this.#record(seq, step, alert, commit)
    return { alert, duplicate: false }
  }

  clear(what: ClearWhat, commit: Commit): Piece<Alert[]> {
    const cleared: Alert[] = []
    const act: Clearing = { kind: 'clear', at: what.at, note: what.note }
    if (what.sourceId !== undefined) {
      const row = this.#reads.byMessage.get(what.source, what.device ?? '', what.sourceId)
      if (row === undefined || row.kind !== what.kind) return { done: true, result: [] }
      const standing = standingOf(row)
      const step = transitionFor(standing, act)
      const result = step instanceof Fault ? [] : [this.#apply(row, standing, step, commit)]
      return { done: true, result }
    }
    for (const state of clearable) {
      const rows = this.#sql.openOfDevice.all(what.source, what.kind, state, what.device ?? '', pieceOfClear)
      for (const row of rows) {
        const standing = standingOf(row)
        const step = transitionFor(standing, act)
        if (!(step instanceof Fault)) cleared.push(this.#apply(row, standing, step, commit))
        if (cleared.length >= pieceOfClear) return { done: false, result: cleared }
      }
    }
    return { done: true, result: cleared }
  }

  act(act: Act, hasOrder: boolean, commit: Commit): Alert {
    const row = this.#reads.byId.get(act.alert)
    if (row === undefined) throw new Fault('not-found', 'There is no such alert.', 'It may have been pruned.')
    const standing = standingOf(row)
    const step = transitionFor(standing, act)
    if (step instanceof Fault) throw step
    return this.#apply(row, standing, step, commit, hasOrder ? 'waiting' : row.ack_delivery)
  }

  /** The alert may be gone by now: an order for a pruned alert is still an order. */
  noteDelivery(id: AlertId, delivery: Alert['ackDelivery'], commit: Commit): void {
    const row = this.#reads.byId.get(id)
    if (row === undefined || row.ack_delivery === delivery) return
    this.#sql.setDelivery.run(delivery, row.seq)
    this.#touch({ ...row, ack_delivery: delivery }, commit)
  }

  /** Looks at up to `limit` alerts from `place` on, oldest first; says where to go on, null when there are no more. */
  prune(
    before: number,
    from: number,
    limit: number,
  ): { readonly gone: number; readonly next: number | null } {
    const rows = this.#sql.prunable.all(from, before, limit)
    let gone = 0
    for (const row of rows) {
      if (isOpen(row.state) || isUnacknowledged(row.state)) continue
      if (this.#sql.unsent.get(row.id) !== undefined) continue
      this.#remove(row)
      gone += 1
    }
    const last = rows.at(-1)
    return { gone, next: rows.length < limit || last === undefined ? null : last.place + 1 }
  }

  /** At the end of the transaction: words in ascending place. */
  flushWords(commit: Commit): void {
    const inOrder = [...commit.searchable].sort(([a], [b]) => a - b)
    for (const [place, { words, isNew }] of inOrder) {
      if (isNew) this.#sql.index.run(place, words)
      else this.#sql.indexAgain.run(place, words)
    }
  }

  #repeat(fresh: Entering, commit: Commit): Raised {
    const row = this.#reads.byMessage.get(fresh.source, fresh.device ?? '', fresh.sourceId)
    if (row === undefined) throw new Error(`alert ${fresh.id} is neither new nor known`)
    // The very same raise, sent again after the writer was restarted: it is not a repeat by the source.
    if (row.id === fresh.id) return { alert: alertOf(row), duplicate: false }
    this.#sql.countDuplicate.run(row.seq)
    const alert = this.#touch({ ...row, duplicates: row.duplicates + 1 }, commit)
    return { alert, duplicate: true }
  }

  #apply(
    row: AlertRow,
    standing: Standing,
    step: Step,
    commit: Commit,
    ackDelivery: Alert['ackDelivery'] = row.ack_delivery,
  ): Alert {
    const after = applyTransition(standing, step)
    const alert = { ...after.alert, ackDelivery }
    let filed = { class: row.class, facet: row.facet }
    if (alert.state !== row.state) {
      this.#facets.leave(standing.alert)
      filed = this.#facets.enter(alert, row.place)
    }
    this.#sql.update.run(
      filed.class,
      filed.facet,
      alert.state,
      after.under,
      alert.silencedAt,
      alert.acknowledgedAt,
      alert.acknowledgedBy,
      ackDelivery,
      alert.clearedAt,
      alert.shelvedUntil,
      alert.disposition,
      alert.note,
      row.seq,
    )
    this.#record(row.seq, step, alert, commit)
    if (step.note !== null || step.kind === 'acknowledge' || step.kind === 'close') {
      const told = this.#reads.told.all(row.seq).flatMap(({ by, note }) => [by, note])
      this.#index(row.place, false, commit, [...searchedTexts(alert), ...told])
    }
    return alert
  }

  #record(seq: number, step: Step, alert: Alert, commit: Commit): void {
    const { lastInsertRowid } = this.#sql.addTransition.run(
      seq,
      step.kind,
      step.from,
      step.to,
      step.at,
      step.by,
      step.note,
      step.until,
      step.disposition,
    )
    const entry = Number(lastInsertRowid)
    commit.entries.push({ seq: entry, transition: { ...step, seq: entry }, alert })
    commit.touched.delete(alert.id)
  }

  #touch(row: AlertRow, commit: Commit): Alert {
    const alert = alertOf(row)
    commit.touched.set(alert.id, alert)
    return alert
  }

  #index(place: number, isNew: boolean, commit: Commit, texts: readonly (string | null)[]): void {
    const words = wordsOf(...texts)
    for (const word of words) {
      if (this.#knownWords.has(word)) continue
      if (this.#knownWords.size > mostKnownWords) this.#knownWords.clear()
      this.#sql.addWord.run(word)
      this.#knownWords.add(word)
    }
    const enters = isNew || commit.searchable.get(place)?.isNew === true
    commit.searchable.set(place, { words: words.join(' '), isNew: enters })
  }

  #remove(row: AlertRow): void {
    const alert = alertOf(row)
    this.#sql.retire.run(messageKey(alert), row.seq)
    this.#retired += 1
    this.#sql.unindex.run(row.place)
    this.#sql.removeRaw.run(row.seq)
    this.#sql.removeTransitions.run(row.seq)
    this.#sql.remove.run(row.seq)
    if (alert.evidence !== null) this.#pictures.removeUnlessShown(alert.evidence.sha256)
    this.#facets.leave(alert)
    this.#facets.tally(alert, -1)
  }
}

function statements(db: Database) {
  return {
    add: db.prepare(`INSERT INTO alerts (id, place, class, facet, source, source_id, kind, priority, state, device,
      device_name, device_group, location, text, raised_at, received_at, late, clock_suspect, blue, picture, evidence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (source_id, source, device) DO NOTHING`),
    addRaw: db.prepare('INSERT INTO raws (alert, raw) VALUES (?, ?)'),
    addTransition:
      db.prepare(`INSERT INTO transitions (alert, kind, from_state, to_state, at, by, note, until,
      disposition) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    addWord: db.prepare('INSERT INTO words (word) VALUES (?) ON CONFLICT DO NOTHING'),
    index: db.prepare('INSERT INTO search (rowid, words) VALUES (CAST(? AS INTEGER), ?)'),
    indexAgain: db.prepare('INSERT OR REPLACE INTO search (rowid, words) VALUES (CAST(? AS INTEGER), ?)'),
    unindex: db.prepare('DELETE FROM search WHERE rowid = CAST(? AS INTEGER)'),
    update: db.prepare(`UPDATE alerts SET class = ?, facet = ?, state = ?, under = ?, silenced_at = ?,
      acknowledged_at = ?, acknowledged_by = ?, ack_delivery = ?, cleared_at = ?, shelved_until = ?, disposition = ?,
      note = ? WHERE seq = ?`),
    countDuplicate: db.prepare('UPDATE alerts SET duplicates = duplicates + 1 WHERE seq = ?'),
    setDelivery: db.prepare('UPDATE alerts SET ack_delivery = ? WHERE seq = ?'),
    openOfDevice: db.prepare<[string, string, string, string, number], AlertRow>(`SELECT a.* FROM classes c
      JOIN facets f ON f.class = c.id JOIN alerts a ON a.facet = f.id
      WHERE c.source = ? AND c.kind = ? AND c.state = ? AND f.device = ?
      AND (a.state <> 'shelved' OR a.under IN ('unacknowledged-active', 'acknowledged-active')) LIMIT ?`),
    prunable: db.prepare<[number, number, number], AlertRow>(
      'SELECT * FROM alerts WHERE place >= ? AND place < ? ORDER BY place LIMIT ?',
    ),
    unsent: db.prepare<[string], unknown>(`SELECT 1 FROM outbox WHERE alert = ? AND state <> 'delivered'`),
    removeRaw: db.prepare('DELETE FROM raws WHERE alert = ?'),
    removeTransitions: db.prepare('DELETE FROM transitions WHERE alert = ?'),
    remove: db.prepare('DELETE FROM alerts WHERE seq = ?'),
    retire: db.prepare('INSERT INTO retired (key, seq) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    retired: db.prepare<[Buffer], number>('SELECT seq FROM retired WHERE key = ?').pluck(),
    countRetired: db.prepare<[], number>('SELECT count(*) FROM (SELECT 1 FROM retired LIMIT 1)').pluck(),
  }
}

function newAlert(fresh: Entering, seq: number): Alert {
  const { picture, raw: _, ...kept } = fresh
  return {
    ...kept,
    seq,
    evidence: picture?.evidence ?? null,
    silencedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    ackDelivery: 'none',
    clearedAt: null,
    shelvedUntil: null,
    disposition: null,
    note: null,
    duplicates: 0,
  }
}

/** A pruned alert sent again: answered as the repeat it is, shown nowhere. */
function retiredAlert(fresh: Entering, seq: number): Alert {
  return { ...newAlert(fresh, seq), evidence: null, state: 'cleared', duplicates: 1 }
}

/** 16 bytes instead of the whole key, because these are kept for ever: 2^64 messages before two are likely to meet. */
function messageKey(message: { source: string; device: string | null; sourceId: string }): Buffer {
  const key = JSON.stringify([message.source, message.device, message.sourceId])
  return hash('sha256', key, 'buffer').subarray(0, 16)
}
