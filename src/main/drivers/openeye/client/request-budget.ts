/**
 * One budget for every request to one server, which allows 100 a minute: in no minute more than 90, of which the polls leave 20
 * to people. A budget with a burst gives its burst on top of its rate, so the rates here are lower than the sums.
 */
import { Budget } from '../../../io/budget.ts'

const all = { perMinute: 70, burst: 20 }
const polls = { perMinute: 60, burst: 10 }
const snapshots = { perMinute: 6, burst: 4 }

/** `poll`: can wait. `order`: somebody does. */
export type RequestClass = 'poll' | 'order'

class Bucket {
  readonly #budget: Budget

  constructor({ perMinute, burst }: { perMinute: number; burst: number }) {
    // What `Budget` calls within budget includes the one that is just being spent.
    this.#budget = new Budget(perMinute / 60, burst - 1)
  }

  has(nowMs: number): boolean {
    return this.#budget.owedMs(nowMs) <= 0
  }

  spend(nowMs: number): void {
    this.#budget.take(nowMs)
  }
}

export class RequestBudget {
  readonly #all = new Bucket(all)
  readonly #polls = new Bucket(polls)
  readonly #snapshots = new Bucket(snapshots)

  /** Spends one and says true, or says false. */
  take(by: RequestClass, nowMs: number): boolean {
    if (!this.#all.has(nowMs) || (by === 'poll' && !this.#polls.has(nowMs))) return false
    this.#all.spend(nowMs)
    if (by === 'poll') this.#polls.spend(nowMs)
    return true
  }

  /** Whether a picture may be asked for a sighting: at most 10 in a minute. */
  takeSnapshot(nowMs: number): boolean {
    if (!this.#snapshots.has(nowMs)) return false
    this.#snapshots.spend(nowMs)
    return true
  }
}
