/**
 * One open table: the snapshot, then the newest row per id, one message under way until the reader asks for the next.
 * A reader that stalls costs one entry per id, however long it stalls, and finds no backlog of old rows when it reads on:
 * without the asking, a loopback socket alone holds about 6 MB of them.
 */
import { encodeRows, longestReplyBytes } from './frame.ts'
import type { TableChange, TableSource } from './handlers.ts'
import { fitsIn } from './json-text.ts'
import type { NewsSource, Outlet } from './outlet.ts'
import type { Timers } from './timers.ts'

/** About what one message carries; a table larger than that goes in several. */
const messageChars = 256 * 1024
/** Leaves room for a message's worth of other rows. A larger row would end the wire, again and again. */
const longestRowBytes = longestReplyBytes / 2
const gone = Symbol('gone')

export class ServedTable implements NewsSource {
  readonly #id: number
  readonly #outlet: Outlet
  readonly #timers: Timers
  readonly #flushMs: number
  readonly #onBug: (error: unknown) => void
  #unsubscribe = () => {}
  #stopTimer: (() => void) | null = null
  #closed = false
  #inSnapshot = true
  /** Opening asks for the first message; not before the snapshot is there. */
  #asked = false
  /** Rows of the snapshot that are still to go out, in their order; a change meanwhile takes its row's place here. */
  readonly #first = new Map<string, unknown>()
  readonly #pending = new Map<string, unknown>()
  /** What the reader has. A row that came and went while it stalled then costs nothing. */
  readonly #has = new Set<string>()
  #flushedAt = Number.NEGATIVE_INFINITY

  constructor(
    id: number,
    outlet: Outlet,
    options: { timers: Timers; flushMs: number; onBug: (error: unknown) => void },
  ) {
    this.#id = id
    this.#outlet = outlet
    this.#timers = options.timers
    this.#flushMs = options.flushMs
    this.#onBug = options.onBug
  }

  open(source: TableSource<unknown>): void {
    this.#unsubscribe = source.subscribe((changes) => this.#changed(changes))
    for (const row of source.snapshot()) this.#first.set(idOf(row), row)
    // The snapshot is at least as new as what was told before it was taken.
    this.#pending.clear()
    this.credit()
  }

  next(): string | null {
    if (this.#closed || !this.#asked) return null
    const from = this.#inSnapshot ? this.#first : this.#pending
    if (!this.#inSnapshot && from.size === 0) return null
    const rows: string[] = []
    const lost: string[] = []
    let chars = 0
    for (const [id, row] of from) {
      if (chars >= messageChars) break
      from.delete(id)
      const text = row === gone ? null : this.#text(row)
      if (text === null) {
        if (this.#has.delete(id)) lost.push(id)
        chars += id.length
      } else {
        this.#has.add(id)
        rows.push(text)
        chars += text.length
      }
    }
    const snapshot = this.#inSnapshot
    const more = snapshot && from.size > 0
    this.#inSnapshot = more
    this.#flushedAt = this.#timers.now()
    this.#asked = false
    return encodeRows(this.#id, rows, lost, { snapshot, more })
  }

  /** The reader has worked in what it got. */
  credit(): void {
    this.#asked = true
    this.#schedule()
  }

  close(): void {
    this.#closed = true
    this.#stopTimer?.()
    this.#unsubscribe()
    this.#outlet.forget(this)
    this.#first.clear()
    this.#pending.clear()
    this.#has.clear()
  }

  #changed(changes: readonly TableChange<unknown>[]): void {
    if (this.#closed) return
    for (const change of changes) {
      if ('gone' in change) this.#remove(change.gone)
      else this.#set(idOf(change.row), change.row)
    }
    this.#schedule()
  }

  #set(id: string, row: unknown): void {
    if (this.#first.has(id)) this.#first.set(id, row)
    else this.#pending.set(id, row)
  }

  #remove(id: string): void {
    this.#first.delete(id)
    if (this.#has.has(id)) this.#pending.set(id, gone)
    else this.#pending.delete(id)
  }

  /** A snapshot goes on at once, and so does the first change; a burst goes at most once a picture. */
  #schedule(): void {
    if (!this.#asked || this.#closed || this.#stopTimer !== null) return
    if (this.#inSnapshot) {
      this.#outlet.ready(this)
      return
    }
    if (this.#pending.size === 0) return
    const waitMs = this.#flushedAt + this.#flushMs - this.#timers.now()
    // A wall clock set back may not hold a table still.
    if (waitMs <= 0 || waitMs > this.#flushMs) {
      this.#outlet.ready(this)
    } else {
      this.#stopTimer = this.#timers.after(waitMs, () => {
        this.#stopTimer = null
        this.#outlet.ready(this)
      })
    }
  }

  #text(row: unknown): string | null {
    try {
      const text = JSON.stringify(row)
      if (!fitsIn(text, longestRowBytes)) throw new RangeError(`a table row of ${text.length} characters`)
      return text
    } catch (error) {
      this.#onBug(error)
      return null
    }
  }
}

function idOf(row: unknown): string {
  if (typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string') return row.id
  throw new TypeError('a table row without an id')
}
