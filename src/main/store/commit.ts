/** What one transaction has changed so far, gathered while it runs and told to the rest of main after it is on disk. */
import type { Alert, AlertEntry, AlertId } from '../../contract/alerts.ts'
import type { OutboxRow } from '../../contract/orders.ts'
import type { Rule } from '../../contract/rules.ts'
import type { StoredEvent } from './store.ts'

export interface Commit {
  readonly entries: AlertEntry[]
  readonly touched: Map<AlertId, Alert>
  readonly orders: Map<string, OutboxRow>
  readonly ordersGone: string[]
  timelineHead: number | null
  /** By `seq`, the newest view of each. */
  readonly events: Map<number, StoredEvent>
  /** Rules that followed a person, by id. */
  readonly rules: Map<string, Rule>
  /** Words of alerts to index, by place: written last, ascending, because FTS5 starts a new segment on every step back. */
  readonly searchable: Map<number, { readonly words: string; readonly isNew: boolean }>
}

export function newCommit(): Commit {
  return {
    entries: [],
    touched: new Map(),
    orders: new Map(),
    ordersGone: [],
    timelineHead: null,
    events: new Map(),
    rules: new Map(),
    searchable: new Map(),
  }
}
