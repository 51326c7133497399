/** The writer's counts: how many alerts stand in each class and facet, and the tallies per span of source time. */
import type { Database } from 'better-sqlite3'
import type { Alert, AlertCounts, AlertState } from '../../contract/alerts.ts'

interface Counted {
  readonly id: number
  count: number
  newest: number
}
interface Class extends Counted {
  readonly state: AlertState
}
export interface Filed {
  readonly class: number
  readonly facet: number
}
/** What decides where an alert is counted. */
export type Kept = Pick<Alert, 'source' | 'kind' | 'priority' | 'state' | 'device' | 'raisedAt'>

/** 10 s, 1 min, 5 min, 1 h: fine enough for any ruler, coarse enough to add up quickly. */
export const tallySpansMs = [10_000, 60_000, 300_000, 3_600_000] as const
export const deviceTallySpanMs = 3_600_000
const mostFacetsInMemory = 100_000

/** Counts live in memory during a transaction and are written once at its end: one update per class, not per alert. */
export class Facets {
  readonly #sql
  readonly #classes = new Map<string, Class>()
  readonly #facets = new Map<string, Counted>()
  readonly #changedClasses = new Set<Class>()
  readonly #changedFacets = new Set<Counted>()
  readonly #tallies = new Map<string, { span: number; at: number; alert: Kept; count: number }>()
  readonly #deviceTallies = new Map<string, { at: number; device: string; count: number }>()
  readonly #recentRaises = new Map<string, number[]>()
  /** The last alert of each that chattered in this transaction. */
  readonly #chattering = new Map<string, Kept>()

  constructor(db: Database) {
    this.#sql = {
      classes: db.prepare<[], Class & { source: string; kind: string; priority: string }>(
        'SELECT * FROM classes',
      ),
      facet: db.prepare<[string, number], Counted>(
        'SELECT id, count, newest FROM facets WHERE device = ? AND class = ?',
      ),
      addClass: db.prepare('INSERT INTO classes (source, kind, priority, state) VALUES (?, ?, ?, ?)'),
      addFacet: db.prepare('INSERT INTO facets (class, device) VALUES (?, ?)'),
      setClass: db.prepare('UPDATE classes SET count = ?, newest = ? WHERE id = ?'),
      setFacet: db.prepare('UPDATE facets SET count = ?, newest = ? WHERE id = ?'),
      tally: db.prepare(`INSERT INTO tallies (span, at, source, priority, count) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count`),
      deviceTally: db.prepare(`INSERT INTO device_tallies (at, device, count) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count`),
      chatter: db.prepare(`INSERT INTO chatter (source, device, kind, last_at) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at)`),
    }
    this.reload()
  }

  /** After a rollback: what is in memory may never have reached the disk. */
  reload(): void {
    this.#clearPending()
    this.#facets.clear()
    this.#classes.clear()
    for (const row of this.#sql.classes.all()) {
      this.#classes.set(`${row.source}\n${row.kind}\n${row.priority}\n${row.state}`, row)
    }
  }

  /** Counts an alert where it stands now; `place` moves the newest mark. */
  enter(alert: Kept, place: number): Filed {
    const inClass = this.#class(alert)
    const inFacet = this.#facet(inClass.id, alert.device ?? '')
    for (const counted of [inClass, inFacet]) {
      counted.count += 1
      if (place > counted.newest) counted.newest = place
    }
    this.#changedClasses.add(inClass)
    this.#changedFacets.add(inFacet)
    return { class: inClass.id, facet: inFacet.id }
  }

  leave(alert: Kept): void {
    const inClass = this.#class(alert)
    const inFacet = this.#facet(inClass.id, alert.device ?? '')
    inClass.count -= 1
    inFacet.count -= 1
    this.#changedClasses.add(inClass)
    this.#changedFacets.add(inFacet)
  }

  /** `by` is 1 for a new alert, -1 for a pruned one. */
  tally(alert: Kept, by: 1 | -1): void {
    const [span] = tallySpansMs
    this.#addTally(span, Math.floor(alert.raisedAt / span), alert, by)
    if (alert.device === null) return
    const at = Math.floor(alert.raisedAt / deviceTallySpanMs) * deviceTallySpanMs
    const key = `${at}\n${alert.device}`
    const held = this.#deviceTallies.get(key)
    if (held === undefined) this.#deviceTallies.set(key, { at, device: alert.device, count: by })
    else held.count += by
  }

  /** An alarm chatters when it is raised three times within one minute. */
  watchChatter(alert: Kept): void {
    const key = `${alert.source}\n${alert.device ?? ''}\n${alert.kind}`
    const before = this.#recentRaises.get(key) ?? []
    if (this.#recentRaises.size > 20_000) this.#recentRaises.clear()
    this.#recentRaises.set(key, [...before.slice(-1), alert.raisedAt])
    const third = before.length === 2 ? before[0] : undefined
    if (third !== undefined && Math.abs(alert.raisedAt - third) <= 60_000) {
      this.#chattering.set(key, alert)
    }
  }

  flush(): void {
    for (const { count, newest, id } of this.#changedClasses) this.#sql.setClass.run(count, newest, id)
    for (const { count, newest, id } of this.#changedFacets) this.#sql.setFacet.run(count, newest, id)
    for (const { at, alert, count } of [...this.#tallies.values()]) {
      for (const span of tallySpansMs.slice(1)) this.#addTally(span, Math.floor(at / span), alert, count)
    }
    for (const { span, at, alert, count } of this.#tallies.values()) {
      this.#sql.tally.run(span, at, alert.source, alert.priority, count)
    }
    for (const { at, device, count } of this.#deviceTallies.values())
      this.#sql.deviceTally.run(at, device, count)
    for (const { source, device, kind, raisedAt } of this.#chattering.values())
      this.#sql.chatter.run(source, device ?? '', kind, raisedAt)
    this.#clearPending()
  }

  #clearPending(): void {
    this.#changedClasses.clear()
    this.#changedFacets.clear()
    this.#tallies.clear()
    this.#deviceTallies.clear()
    this.#chattering.clear()
  }

  counts(): AlertCounts {
    return countsOf(this.#classes.values())
  }

  #addTally(span: number, slot: number, alert: Kept, by: number): void {
    const key = `${span} ${slot} ${alert.priority} ${alert.source}`
    const held = this.#tallies.get(key)
    if (held === undefined) this.#tallies.set(key, { span, at: slot * span, alert, count: by })
    else held.count += by
  }

  #class(alert: Kept): Class {
    const key = `${alert.source}\n${alert.kind}\n${alert.priority}\n${alert.state}`
    const known = this.#classes.get(key)
    if (known !== undefined) return known
    const { lastInsertRowid } = this.#sql.addClass.run(alert.source, alert.kind, alert.priority, alert.state)
    const added: Class = { id: Number(lastInsertRowid), state: alert.state, count: 0, newest: 0 }
    this.#classes.set(key, added)
    return added
  }

  #facet(classId: number, device: string): Counted {
    const key = `${classId}\n${device}`
    const known = this.#facets.get(key)
    if (known !== undefined) return known
    if (this.#facets.size > mostFacetsInMemory && this.#changedFacets.size === 0) this.#facets.clear()
    let facet = this.#sql.facet.get(device, classId)
    if (facet === undefined) {
      const { lastInsertRowid } = this.#sql.addFacet.run(classId, device)
      facet = { id: Number(lastInsertRowid), count: 0, newest: 0 }
    }
    this.#facets.set(key, facet)
    return facet
  }
}

export function countsOf(
  classes: Iterable<{ readonly state: AlertState; readonly count: number }>,
): AlertCounts {
  const by = new Map<AlertState, number>()
  let total = 0
  for (const { state, count } of classes) {
    by.set(state, (by.get(state) ?? 0) + count)
    total += count
  }
  const of = (state: AlertState) => by.get(state) ?? 0
  const counts = {
    unacknowledgedActive: of('unacknowledged-active'),
    acknowledgedActive: of('acknowledged-active'),
    unacknowledgedCleared: of('unacknowledged-cleared'),
    shelved: of('shelved'),
    outOfService: of('out-of-service'),
  }
  const open = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return { id: 'all', ...counts, total, shown: open }
}
