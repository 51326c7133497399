/** Descending streams of places: one class or facet, many merged, a text's matches, and what two of them share. */
import type { Database, Statement } from 'better-sqlite3'

/** `seek` may only go down. `peek` is null at the end. */
export interface PlaceStream {
  peek(): number | null
  next(): void
  seek(atMost: number): void
}

export type ReadDown = Statement<[number, number, number, number], number>

/** One index range, read in growing pieces. `key` is a class or facet id; `none` bounds below, exclusive of nothing. */
export class RangeStream implements PlaceStream {
  readonly #read: (atMost: number, limit: number) => readonly number[]
  #held: readonly number[] = []
  #at = 0
  #pieceSize = 8
  #from: number
  #ended = false

  constructor(read: (atMost: number, limit: number) => readonly number[], from: number) {
    this.#read = read
    this.#from = from
  }

  peek(): number | null {
    if (this.#at >= this.#held.length) this.#fill()
    return this.#held[this.#at] ?? null
  }

  next(): void {
    this.#at += 1
  }

  seek(atMost: number): void {
    const last = this.#held.at(-1)
    if (last !== undefined && last <= atMost) {
      while ((this.#held[this.#at] ?? Number.NEGATIVE_INFINITY) > atMost) this.#at += 1
      return
    }
    this.#from = Math.min(this.#from, atMost)
    this.#held = []
    this.#at = 0
    // A jump says that matches are far apart here: read little.
    this.#pieceSize = 8
  }

  #fill(): void {
    if (this.#ended) return
    this.#held = this.#read(this.#from, this.#pieceSize)
    this.#at = 0
    const last = this.#held.at(-1)
    if (this.#held.length < this.#pieceSize) this.#ended = true
    if (last !== undefined) this.#from = last - 1
    this.#pieceSize = Math.min(this.#pieceSize * 2, 256)
  }
}

/** The union of streams that share no place. `newest` lets a stream sleep until its first place can matter. */
export class MergedStream implements PlaceStream {
  readonly #sleeping: { readonly newest: number; readonly stream: PlaceStream }[]
  #awake: PlaceStream[] = []
  #first: PlaceStream | null = null
  #atMost = Number.POSITIVE_INFINITY

  constructor(streams: readonly { readonly newest: number; readonly stream: PlaceStream }[]) {
    this.#sleeping = streams.toSorted((a, b) => a.newest - b.newest)
  }

  peek(): number | null {
    if (this.#first === null) this.#first = this.#highest()
    return this.#first?.peek() ?? null
  }

  next(): void {
    this.peek()
    this.#first?.next()
    this.#first = null
  }

  seek(atMost: number): void {
    this.#atMost = atMost
    for (const stream of this.#awake) stream.seek(atMost)
    this.#first = null
  }

  #highest(): PlaceStream | null {
    let best: PlaceStream | null = null
    let bestPlace = Number.NEGATIVE_INFINITY
    const awake: PlaceStream[] = []
    for (const stream of this.#awake) {
      const place = stream.peek()
      if (place === null) continue
      awake.push(stream)
      if (place > bestPlace) [best, bestPlace] = [stream, place]
    }
    this.#awake = awake
    for (
      let top = this.#sleeping.at(-1);
      top !== undefined && top.newest > bestPlace;
      top = this.#sleeping.at(-1)
    ) {
      this.#sleeping.pop()
      if (this.#atMost !== Number.POSITIVE_INFINITY) top.stream.seek(this.#atMost)
      const place = top.stream.peek()
      if (place === null) continue
      this.#awake.push(top.stream)
      if (place > bestPlace) [best, bestPlace] = [top.stream, place]
    }
    return best
  }
}

/** What two streams share. Whoever is ahead waits; the other jumps, so the rarer one sets the pace. */
export class SharedStream implements PlaceStream {
  readonly #one: PlaceStream
  readonly #other: PlaceStream
  readonly #isOver: () => boolean
  /** Where the search stood when its time was over; null while there is time. */
  stoppedAt: number | null = null

  constructor(one: PlaceStream, other: PlaceStream, isOver: () => boolean) {
    this.#one = one
    this.#other = other
    this.#isOver = isOver
  }

  peek(): number | null {
    for (let turn = 1; ; turn += 1) {
      const a = this.#one.peek()
      const b = this.#other.peek()
      if (a === null || b === null) return null
      if (a === b) return a
      if (a > b) this.#one.seek(b)
      else this.#other.seek(a)
      if (turn % 16 === 0 && this.#isOver()) {
        this.stoppedAt = Math.min(a, b)
        return null
      }
    }
  }

  next(): void {
    this.#one.next()
    this.#other.next()
  }

  seek(atMost: number): void {
    this.#one.seek(atMost)
    this.#other.seek(atMost)
  }
}

const mostSpellings = 24

/** Finds stored words; search itself is asked for whole words only, because those can be read newest first, lazily. */
export class TextIndex {
  readonly #sql

  constructor(db: Database) {
    this.#sql = {
      spellings: db
        .prepare<[string, string, number], string>(
          'SELECT word FROM words WHERE word >= ? AND word < ? LIMIT ?',
        )
        .pluck(),
      down: db
        .prepare<[string, number, number], number>(
          `SELECT rowid FROM search WHERE search MATCH ? AND rowid <= CAST(? AS INTEGER)
           ORDER BY rowid DESC LIMIT ?`,
        )
        .pluck(),
      has: db
        .prepare<[string, number], number>(
          `SELECT 1 FROM search WHERE search MATCH ? AND rowid = CAST(? AS INTEGER)`,
        )
        .pluck(),
    }
  }

  /** The FTS5 question for words that may each be the beginning of a stored one; null when nothing can match. */
  question(words: readonly string[]): string | null {
    const parts: string[] = []
    for (const word of words) {
      const spellings = this.#sql.spellings.all(word, `${word}\u{10ffff}`, mostSpellings + 1)
      if (spellings.length === 0) return null
      // Very many spellings: FTS5 gathers them itself. That reads every match once, so it is not the usual way.
      if (spellings.length > mostSpellings) parts.push(`"${word}"*`)
      else parts.push(`(${spellings.map((spelling) => `"${spelling}"`).join(' OR ')})`)
    }
    return parts.join(' AND ')
  }

  stream(question: string, from: number): PlaceStream {
    return new RangeStream((atMost, limit) => this.#sql.down.all(question, atMost, limit), from)
  }

  matches(question: string, place: number): boolean {
    return this.#sql.has.get(question, place) !== undefined
  }
}
