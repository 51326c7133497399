/** Rules that name a person follow when that person becomes part of another: a name nobody has any more would never match again. */
import type { Database } from 'better-sqlite3'
import type { FaceChange } from '../../contract/known-faces.ts'
import type { Rule } from '../../contract/rules.ts'
import type { Commit } from './commit.ts'
import type { RecordWrites } from './record-writes.ts'

type Merge = Extract<FaceChange, { do: 'merge-people' }>

export class RuleWrites {
  readonly #db: Database
  readonly #records: Pick<RecordWrites, 'addTimeline'>
  readonly #sql

  constructor(db: Database, records: Pick<RecordWrites, 'addTimeline'>) {
    this.#db = db
    this.#records = records
    this.#sql = {
      rules: db.prepare<[], string>("SELECT body FROM kept WHERE kind = 'rule' ORDER BY id").pluck(),
      save: db.prepare("UPDATE kept SET body = ? WHERE kind = 'rule' AND id = ?"),
    }
  }

  follow({ name, into, by, at }: Merge, commit: Commit): void {
    const naming = this.#sql.rules
      .all()
      .map((body): Rule => JSON.parse(body))
      .filter(({ when }) => when.people.includes(name))
    if (naming.length === 0) return
    // The name that is gone must not stay in what the row leaves behind.
    this.#db.pragma('secure_delete = ON')
    try {
      for (const rule of naming) {
        const people = [...new Set(rule.when.people.map((person) => (person === name ? into : person)))]
        const next = { ...rule, when: { ...rule.when, people } }
        this.#sql.save.run(JSON.stringify(next), rule.id)
        commit.rules.set(rule.id, next)
        const text = `${rule.name}: names ${into} in place of ${name}, who was merged into them`
        this.#records.addTimeline({ at, type: 'rule-changed', link: null, device: null, by, text }, commit)
      }
    } finally {
      this.#db.pragma('secure_delete = OFF')
    }
  }
}
