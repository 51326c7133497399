/**
 * One `table` of the contract as the screen holds it: a stable array for React, one commit per frame. Opened at first use and
 * kept open; when the pipe is lost the rows stay, and whoever shows them says how old they are.
 */
import { onNextCommit } from './commit.ts'

type Open<R> = (listener: (rows: ReadonlyMap<string, R>) => void) => void

export class TableStore<R> {
  readonly #open: Open<R>
  readonly #listeners = new Set<() => void>()
  #rows: ReadonlyMap<string, R> = new Map()
  #shown: readonly R[] | undefined
  #shownById: ReadonlyMap<string, R> = new Map()
  #isOpen = false

  constructor(open: Open<R>) {
    this.#open = open
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
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#open((rows) => {
        this.#rows = rows
        onNextCommit(this.#commit)
      })
    }
    return () => this.#listeners.delete(listener)
  }

  readonly #commit = (): void => {
    this.#shownById = this.#rows
    this.#shown = [...this.#rows.values()]
    for (const listener of [...this.#listeners]) listener()
  }
}
