/** Rows of a bus for whoever listens; made only then. */
import type { BusFrame } from '../../../contract/modules.ts'
import type { Clock } from '../../io/clock.ts'

/** The wall clock counts whole milliseconds; following each of its steps would put frames out of order. */
const wallStepMs = 2

export class FrameTap {
  readonly #clock: Clock
  readonly #listeners = new Set<(frame: BusFrame) => void>()
  #offset = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Returns its undo. */
  listen(listener: (frame: BusFrame) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** `at`: monotonic ms; `row` gets it as epoch ms with a fraction. */
  tell(at: number, row: (at: number) => BusFrame): void {
    if (this.#listeners.size === 0) return
    const offset = this.#clock.now() - this.#clock.monotonic()
    if (Math.abs(offset - this.#offset) > wallStepMs) this.#offset = offset
    const frame = row(at + this.#offset)
    for (const listener of this.#listeners) listener(frame)
  }
}
