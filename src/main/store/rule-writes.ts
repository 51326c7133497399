/** Rules that name a person follow when that person is renamed or becomes part of another: a name nobody has any more would never match again. */
import type { Database } from 'better-sqlite3'
import type { FaceChange, PersonRenamed } from '../../contract/known-faces.ts'
import { mostPeople, type Rule } from '../../contract/rules.ts'
import type { Commit } from './commit.ts'
import { overwriting } from './overwriting.ts'
import type { RecordWrites } from './record-writes.ts'

/** Whom a rule names in place of a name, and how that is said. */
interface Following {
  readonly inPlace: readonly string[]
  readonly how: string
}
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

  followMerge({ name, into, by, at }: Merge, commit: Commit): void {
    const how = `names ${into} in place of ${name}, who was merged into them`
    this.#follow(name, () => ({ inPlace: [into], how }), { by, at }, commit)
  }

  followRename({ name, to, by, at, keepsOld }: PersonRenamed, commit: Commit): void {
    const alone: Following = { inPlace: [to], how: `names ${to} in place of ${name}, who was renamed` }
    const both: Following = {
      inPlace: [name, to],
      how: `names ${to} beside ${name}, as that name may still be told`,
    }
    const hasRoom = ({ when }: Rule) => new Set([...when.people, to]).size <= mostPeople
    this.#follow(name, (rule) => (keepsOld && hasRoom(rule) ? both : alone), { by, at }, commit)
  }

  /** Done twice it is the same as once: a rule that has followed already is left alone, without an entry. */
  #follow(
    name: string,
    following: (rule: Rule) => Following,
    { by, at }: { readonly by: string; readonly at: number },
    commit: Commit,
  ): void {
    const changed = this.#sql.rules
      .all()
      .map((body): Rule => JSON.parse(body))
      .flatMap((rule) => {
        const { inPlace, how } = following(rule)
        const named = rule.when.people.flatMap((person) => (person === name ? inPlace : [person]))
        const people = [...new Set(named)]
        const isSame = people.join('\n') === rule.when.people.join('\n')
        return isSame ? [] : [{ rule: { ...rule, when: { ...rule.when, people } }, how }]
      })
    if (changed.length === 0) return
    // The name that is gone must not stay in what the row leaves behind.
    overwriting(this.#db, () => {
      for (const { rule, how } of changed) {
        this.#sql.save.run(JSON.stringify(rule), rule.id)
        commit.rules.set(rule.id, rule)
        const text = `${rule.name}: ${how}`
        this.#records.addTimeline({ at, type: 'rule-changed', link: null, device: null, by, text }, commit)
      }
    })
  }
}
