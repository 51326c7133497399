/** A screen's copy of one table, shared by all who look. Keeps its rows while the pipe is down; unchanged rows stay the same object. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame } from './feed-frame.ts'
import type { Reply, Request } from './frame.ts'
import type { More, Subscription } from './subscription.ts'

type Row = { readonly id: string }
export type Rows = ReadonlyMap<string, Row>
export interface TableListener {
  rows(rows: Rows): void
  fault(fault: Fault): void
}

export class ClientTable implements Subscription {
  readonly listeners = new Set<TableListener>()
  readonly #name: string
  readonly #onBug: (error: unknown) => void
  /** Null until the first snapshot is whole. */
  #rows: Rows | null = null
  #arriving: Map<string, Row> | null = null

  constructor(name: string, onBug: (error: unknown) => void) {
    this.#name = name
    this.#onBug = onBug
  }

  get rows(): Rows | null {
    return this.#rows
  }

  opening(id: number): Request & { is: 'open' } {
    this.#arriving = null
    return { is: 'open', id, name: this.#name }
  }

  reply(reply: Reply | FeedFrame, more: More): void {
    if (reply.is !== 'rows') return
    if (reply.snapshot) this.#snapshot(reply)
    else this.#change(reply)
    more()
  }

  ended(fault: Fault): void {
    for (const listener of [...this.listeners]) this.#tell(() => listener.fault(fault))
  }

  /** Shown only when whole: a table never looks half empty because the pipe broke. */
  #snapshot({ rows, gone, more }: Reply & { is: 'rows' }): void {
    const arriving = this.#arriving ?? new Map<string, Row>()
    this.#arriving = more ? arriving : null
    for (const id of gone) arriving.delete(id)
    for (const row of rows) arriving.set(row.id, this.#kept(row))
    if (!more) this.#show(arriving)
  }

  #change({ rows, gone }: Reply & { is: 'rows' }): void {
    const next = new Map(this.#rows)
    for (const id of gone) next.delete(id)
    for (const row of rows) next.set(row.id, this.#kept(row))
    this.#show(next)
  }

  #kept(row: Row): Row {
    const before = this.#rows?.get(row.id)
    return before !== undefined && sameValue(before, row) ? before : row
  }

  #show(next: Rows): void {
    if (this.#rows !== null && sameRows(this.#rows, next)) return
    this.#rows = next
    for (const listener of [...this.listeners]) this.#tell(() => listener.rows(next))
  }

  #tell(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#onBug(error)
    }
  }
}

function sameRows(a: Rows, b: Rows): boolean {
  if (a.size !== b.size) return false
  for (const [id, row] of b) if (a.get(id) !== row) return false
  return true
}

/** For values that came out of JSON. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const entries = Object.entries(a)
  const other = new Map(Object.entries(b))
  return (
    entries.length === other.size &&
    entries.every(([key, value]) => other.has(key) && sameValue(value, other.get(key)))
  )
}
