/**
 * One `table` of the contract as the screen holds it: rows by id, a stable array for React, one commit per frame.
 * Opened at first use and kept open; when the pipe is lost the rows stay, and whoever shows them says how old they are.
 */
import type { TableChange } from './client.ts'
import { onNextCommit } from './commit.ts'

export class TableStore<R extends { readonly id: string }> {
  readonly #open: (listener: (changes: readonly TableChange<R>[], whole: boolean) => void) => void
  readonly #rows = new Map<string, R>()
  readonly #listeners = new Set<() => void>()
  #rowsArray: readonly R[] = []
  #opened = false
  #loaded = false

  constructor(open: (listener: (changes: readonly TableChange<R>[], whole: boolean) => void) => void) {
    this.#open = open
  }

  readonly rows = (): readonly R[] => this.#rowsArray

  /** False until the first snapshot arrived: an empty list then means "not known yet". */
  readonly isLoaded = (): boolean => this.#loaded

  row(id: string): R | undefined {
    return this.#rows.get(id)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (!this.#opened) {
      this.#opened = true
      this.#open((changes, whole) => this.#apply(changes, whole))
    }
    return () => this.#listeners.delete(listener)
  }

  #apply(changes: readonly TableChange<R>[], whole: boolean): void {
    if (whole) this.#rows.clear()
    for (const change of changes) {
      if ('gone' in change) this.#rows.delete(change.gone)
      else this.#rows.set(change.row.id, change.row)
    }
    this.#loaded = true
    onNextCommit(this.#commit)
  }

  readonly #commit = (): void => {
    this.#rowsArray = [...this.#rows.values()]
    for (const listener of [...this.#listeners]) listener()
  }
}
