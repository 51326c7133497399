/**
 * One `table` of the contract as the screen holds it: a stable array for React, one commit per frame. Opened at first use and
 * kept open, but for one that changes many times a second: that one is open while somebody looks. When the pipe is lost, or it is
 * closed, the rows stay, and whoever shows them says how old they are.
 */
import { onNextCommit } from './commit.ts'

/** Returns what closes it. */
type Open<R> = (listener: (rows: ReadonlyMap<string, R>) => void) => () => void

export class TableStore<R> {
  readonly #open: Open<R>
  readonly #keeps: 'open' | 'while-used'
  readonly #listeners = new Set<() => void>()
  #rows: ReadonlyMap<string, R> = new Map()
  #shown: readonly R[] | undefined
  #shownById: ReadonlyMap<string, R> = new Map()
  /** Null while it is not open. */
  #close: (() => void) | null = null

  constructor(open: Open<R>, keeps: 'open' | 'while-used' = 'open') {
    this.#open = open
    this.#keeps = keeps
  }

  /** `undefined` until the first snapshot: "not known yet" is not "none". */
  readonly rows = (): readonly R[] | undefined => this.#shown

  row(id: string): R | undefined {
    return this.#rows.get(id)
  }

  /** As of the last commit, like `rows`. A row that did not change stays the same object. */
  shownRow(id: string): R | undefined {
    return this.#shownById.get(id)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#close ??= this.#open((rows) => {
      this.#rows = rows
      onNextCommit(this.#commit)
    })
    return () => {
      this.#listeners.delete(listener)
      if (this.#keeps === 'open' || this.#listeners.size > 0) return
      this.#close?.()
      this.#close = null
    }
  }

  readonly #commit = (): void => {
    this.#shownById = this.#rows
    this.#shown = [...this.#rows.values()]
    for (const listener of [...this.#listeners]) listener()
  }
}
