/** Rows kept whole as JSON, by kind and id: what a screen shows before any link is up. They have no history. */
import type { Database } from 'better-sqlite3'
import type { Kept } from './store.ts'

export class KeptWrites {
  readonly #keep
  readonly #unkeep

  constructor(db: Database) {
    this.#keep = db.prepare('INSERT OR REPLACE INTO kept (kind, id, body) VALUES (?, ?, ?)')
    this.#unkeep = db.prepare('DELETE FROM kept WHERE kind = ? AND id = ?')
  }

  keep(kind: keyof Kept, rows: readonly { readonly id: string }[]): void {
    for (const row of rows) this.#keep.run(kind, row.id, JSON.stringify(row))
  }

  unkeep(kind: keyof Kept, ids: readonly string[]): void {
    for (const id of ids) this.#unkeep.run(kind, id)
  }
}

export class KeptReads {
  readonly #kept

  constructor(db: Database) {
    this.#kept = db.prepare<[string], string>('SELECT body FROM kept WHERE kind = ? ORDER BY id').pluck()
  }

  kept<K extends keyof Kept>(kind: K): Kept[K][] {
    return this.#kept.all(kind).map((body): Kept[K] => JSON.parse(body))
  }
}
