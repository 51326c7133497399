/**
 * The newest of values that come many times a second, at most once every so often, for what is said in words: a list that changes
 * thirty times a second is read by nobody and has the page rendered, laid out and painted each time.
 */
import { Cell } from './cell.ts'

export class Sampled<T> {
  readonly #everyMs: number
  readonly #cell: Cell<T>
  #newest: T
  #isResting = false

  constructor(first: T, everyMs: number) {
    this.#everyMs = everyMs
    this.#newest = first
    this.#cell = new Cell(first)
  }

  /** What was taken last; for `useCell`. */
  get cell(): Cell<T> {
    return this.#cell
  }

  /** The first is taken at once; of those that come sooner than `everyMs` after it the newest, when they have passed. */
  offer(value: T): void {
    this.#newest = value
    if (!this.#isResting) this.#take()
  }

  #take(): void {
    this.#isResting = true
    this.#cell.set(this.#newest)
    setTimeout(() => {
      this.#isResting = false
      if (!Object.is(this.#newest, this.#cell.get())) this.#take()
    }, this.#everyMs)
  }
}
