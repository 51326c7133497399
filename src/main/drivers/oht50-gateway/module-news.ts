/** What is new in a module's row: its state, its values, or only its counters, which may wait. Pure but for what it remembers. */
import type { VehicleModule } from '../../../contract/modules.ts'

/** Unchanged values are told again so often, so that a reader knows that they were read. */
const wholeEveryMs = 1000
const countersEveryMs = 5000

export interface New {
  /** Whether its state is worth telling. */
  readonly state: boolean
  /** The registers that changed; `all`: tell everything; null: nothing. */
  readonly values: readonly string[] | 'all' | null
}

function stateOf(row: VehicleModule): string {
  const { state, stateSince, identity, map, trouble, writable, name, kind } = row
  return JSON.stringify([state, stateSince, identity, map, trouble, writable, name, kind])
}

export class ModuleNews {
  #state = ''
  #stateAt = Number.NEGATIVE_INFINITY
  #values: VehicleModule['values'] = {}
  #readAt = ''
  #wholeAt = Number.NEGATIVE_INFINITY

  /** `now`: monotonic ms. */
  take(row: VehicleModule, now: number): New {
    const state = stateOf(row)
    const isNewState = state !== this.#state || now - this.#stateAt >= countersEveryMs
    if (isNewState) {
      this.#state = state
      this.#stateAt = now
    }
    return { state: isNewState, values: this.#newValues(row, now) }
  }

  #newValues({ values, readAt }: VehicleModule, now: number): New['values'] {
    const before = this.#values
    this.#values = values
    const names = Object.keys(values)
    const isReadAgain = JSON.stringify(readAt) !== this.#readAt
    const isOther = Object.keys(before).some((name) => !(name in values))
    if (isOther || (isReadAgain && now - this.#wholeAt >= wholeEveryMs && names.length > 0)) {
      this.#readAt = JSON.stringify(readAt)
      this.#wholeAt = now
      return 'all'
    }
    const changed = names.filter((name) => values[name] !== before[name])
    return changed.length === 0 ? null : changed
  }
}
