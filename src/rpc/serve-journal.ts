/** One open journal: a cursor. A page is read when the reader has asked for one, and not before. */
import { encodePage, longestReplyBytes } from './frame.ts'
import type { JournalSource } from './handlers.ts'
import { fitsIn } from './json-text.ts'
import type { NewsSource, Outlet } from './outlet.ts'

/** A page ends early here, so that large entries do not make a message too large to send. */
const messageChars = 512 * 1024
const longestEntryBytes = longestReplyBytes / 2

export class ServedJournal implements NewsSource {
  readonly #id: number
  readonly #outlet: Outlet
  readonly #source: JournalSource<unknown>
  readonly #pageEntries: number
  readonly #fail: (error: unknown) => void
  #unsubscribe = () => {}
  #cursor = 0
  #asked = false
  #reading = false
  #grew = false
  #page: string | null = null
  #closed = false

  constructor(
    id: number,
    outlet: Outlet,
    source: JournalSource<unknown>,
    options: { pageEntries: number; fail: (error: unknown) => void },
  ) {
    this.#id = id
    this.#outlet = outlet
    this.#source = source
    this.#pageEntries = options.pageEntries
    this.#fail = options.fail
  }

  /** `now` is answered by an empty page that says where now is: a cut before the first entry then loses nothing. */
  open(after: number | 'now'): void {
    this.#unsubscribe = this.#source.subscribe(() => {
      this.#grew = true
      this.#read()
    })
    if (after === 'now') {
      this.#cursor = this.#source.head()
      this.#send([], false)
    } else {
      // Ahead of the newest entry: another file took the old one's place, and all of it is new to this reader.
      this.#cursor = after > this.#source.head() ? 0 : after
      this.credit()
    }
  }

  credit(): void {
    // One page under way at a time, whatever the reader asks for.
    if (this.#closed || this.#page !== null) return
    this.#asked = true
    this.#read()
  }

  next(): string | null {
    const page = this.#page
    this.#page = null
    return page
  }

  close(): void {
    this.#closed = true
    this.#unsubscribe()
    this.#outlet.forget(this)
    this.#page = null
  }

  #read(): void {
    if (!this.#asked || this.#reading || this.#closed) return
    this.#reading = true
    this.#grew = false
    this.#readPage().then(
      () => {
        this.#reading = false
        if (this.#grew) this.#read()
      },
      (error: unknown) => {
        if (!this.#closed) this.#fail(error)
      },
    )
  }

  async #readPage(): Promise<void> {
    const found = await this.#source.read(this.#cursor, this.#pageEntries)
    if (this.#closed) return
    const texts: string[] = []
    let chars = 0
    for (const entry of found) {
      const seq = seqOf(entry)
      if (seq <= this.#cursor) throw new Error(`journal went back from ${this.#cursor} to ${seq}`)
      const text = JSON.stringify(entry)
      if (!fitsIn(text, longestEntryBytes))
        throw new RangeError(`a journal entry of ${text.length} characters`)
      if (texts.length > 0 && chars + text.length > messageChars) break
      this.#cursor = seq
      texts.push(text)
      chars += text.length
    }
    if (texts.length > 0) this.#send(texts, texts.length < found.length || found.length >= this.#pageEntries)
  }

  #send(texts: readonly string[], more: boolean): void {
    this.#asked = false
    this.#page = encodePage(this.#id, texts, this.#cursor, more)
    this.#outlet.ready(this)
  }
}

function seqOf(entry: unknown): number {
  if (typeof entry === 'object' && entry !== null && 'seq' in entry && typeof entry.seq === 'number') {
    return entry.seq
  }
  throw new TypeError('a journal entry without a seq')
}
