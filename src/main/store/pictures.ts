/** Evidence pictures on the writing side: one blob per SHA-256, shared by the alerts and events that show it. */
import type { Database } from 'better-sqlite3'
import type { Evidence } from '../../contract/alerts.ts'

export class Pictures {
  readonly #add
  readonly #remove

  constructor(db: Database) {
    this.#add = db.prepare(
      'INSERT INTO pictures (sha256, evidence, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#remove = db.prepare(`DELETE FROM pictures WHERE sha256 = $sha256
      AND NOT EXISTS (SELECT 1 FROM alerts WHERE picture = $sha256)
      AND NOT EXISTS (SELECT 1 FROM events WHERE picture = $sha256)`)
  }

  add({ evidence, bytes }: { readonly evidence: Evidence; readonly bytes: Uint8Array }): void {
    this.#add.run(evidence.sha256, JSON.stringify(evidence), bytes)
  }

  /** After its row is gone: a rule's alert shows the very picture of the event it answers, and each may end first. */
  removeUnlessShown(sha256: string): void {
    this.#remove.run({ sha256 })
  }
}
