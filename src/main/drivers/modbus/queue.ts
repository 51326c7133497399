/** Requests that wait for the bus: by urgency, first come first served within one. Each leaves at its deadline by itself. */
import type { Clock } from '../../io/clock.ts'
import type { Sent } from './hearing.ts'
import type { ModbusOutcome, Urgency } from './transaction.ts'

export interface Waiting extends Sent {
  readonly urgency: Urgency
  /** Monotonic ms. */
  readonly deadlineAt: number
  readonly settle: (outcome: ModbusOutcome) => void
}

const order: readonly Urgency[] = ['command', 'safety', 'poll', 'scan']
/** Beyond a day a deadline needs no timer: it is looked at again before sending. */
const longestTimerMs = 86_400_000

export class Queue {
  readonly #clock: Clock
  readonly #lanes: Record<Urgency, Waiting[]> = { command: [], safety: [], poll: [], scan: [] }
  readonly #timers = new Map<Waiting, () => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(waiting: Waiting): void {
    this.#lanes[waiting.urgency].push(waiting)
    if (waiting.deadlineAt === Number.POSITIVE_INFINITY) return
    const leftMs = Math.ceil(Math.max(0, waiting.deadlineAt - this.#clock.monotonic()))
    if (leftMs > longestTimerMs) return
    this.#timers.set(
      waiting,
      this.#clock.after(leftMs, () => this.#expire(waiting)),
    )
  }

  /** Who is next; stays in the queue until taken. */
  get head(): Waiting | null {
    for (const urgency of order) {
      const [first] = this.#lanes[urgency]
      if (first !== undefined) return first
    }
    return null
  }

  take(waiting: Waiting): void {
    const lane = this.#lanes[waiting.urgency]
    const at = lane.indexOf(waiting)
    if (at >= 0) lane.splice(at, 1)
    this.#timers.get(waiting)?.()
    this.#timers.delete(waiting)
  }

  /** Empties it; nothing of it is ever sent. */
  settleAll(outcome: ModbusOutcome): void {
    const all = order.flatMap((urgency) => this.#lanes[urgency].splice(0))
    for (const undo of this.#timers.values()) undo()
    this.#timers.clear()
    for (const { settle } of all) settle(outcome)
  }

  #expire(waiting: Waiting): void {
    this.take(waiting)
    waiting.settle({ is: 'expired' })
  }
}
