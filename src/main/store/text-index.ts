/** The full-text index as the reader asks it: whole stored words, newest match first, no more than is taken. */
import type { Database } from 'better-sqlite3'
import type { AlertReads } from './alert-rows.ts'
import { type PlaceStream, RangeStream } from './place-streams.ts'
import { hasWords, wordsOf } from './search-text.ts'

/** What is looked for. Every word may be the beginning of a stored one. */
export interface Search {
  readonly words: readonly string[]
  /** For FTS5; null when every word has too many spellings to be worth asking for. */
  readonly question: string | null
  /** The question stands for all of the words: what it finds needs no second look. */
  readonly isWhole: boolean
}

/**
 * A beginning with more spellings than this (`1`, `c`) is looked for in the rows themselves: FTS5 would read every match
 * of every spelling before giving the first (0.9 s at a million rows), and the newest rows will soon have some.
 */
const mostSpellings = 24

export class TextIndex {
  readonly #reads: AlertReads
  readonly #sql

  constructor(db: Database, reads: AlertReads) {
    this.#reads = reads
    this.#sql = {
      spellings: db
        .prepare<[string, string, number], string>(
          'SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?',
        )
        .pluck(),
      texts: db.prepare<[number], { readonly seq: number } & Record<string, string | null>>(
        `SELECT seq, text, source, device, device_name, device_group, location FROM alerts WHERE place = ?`,
      ),
      down: db
        .prepare<[string, number, number], number>(
          `SELECT rowid FROM search WHERE search MATCH ? AND rowid <= CAST(? AS INTEGER)
           ORDER BY rowid DESC LIMIT ?`,
        )
        .pluck(),
    }
  }

  /** Null when nothing can match, `none` when nothing is looked for. */
  search(text: string | undefined): Search | 'none' | null {
    const words = wordsOf(text ?? '')
    if (words.length === 0) return 'none'
    const parts: string[] = []
    for (const word of words) {
      const spellings = this.#sql.spellings.all(word, `${word}\u{10ffff}`, mostSpellings + 1)
      if (spellings.length === 0) return null
      if (spellings.length > mostSpellings) continue
      parts.push(`(${spellings.map((spelling) => `"${spelling}"`).join(' OR ')})`)
    }
    const question = parts.length === 0 ? null : parts.join(' AND ')
    return { words, question, isWhole: parts.length === words.length }
  }

  stream(question: string, from: number): PlaceStream {
    return new RangeStream((atMost, limit) => this.#sql.down.all(question, atMost, limit), from)
  }

  /** The same answer as the index gives, for one row. */
  matches(place: number, words: readonly string[]): boolean {
    const row = this.#sql.texts.get(place)
    if (row === undefined) return false
    const { seq, ...texts } = row
    const own = wordsOf(...Object.values(texts))
    if (hasWords(own, words)) return true
    const told = this.#reads.told.all(seq).flatMap(({ by, note }) => [by, note])
    return told.length > 0 && hasWords([...own, ...wordsOf(...told)], words)
  }
}
