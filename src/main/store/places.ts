/** Gives every alert its place: one number that orders alerts by source time and, within a millisecond, by arrival. */
import type { Database } from 'better-sqlite3'

const slots = 2048
/** Year 2106: beyond it a place would not fit a JavaScript integer. Such a clock is wrong anyway; the alert sorts last. */
const latestMs = 2 ** 42 - 2 * slots
const mostRemembered = 10_000

export function firstPlaceAt(atMs: number): number {
  return Math.min(Math.max(atMs, 0), latestMs) * slots
}

export function timeOfPlace(place: number): number {
  return Math.floor(place / slots)
}

/** A device with a stuck clock can fill a millisecond; the next alert then takes the first free place after it. */
export class Places {
  readonly #last
  readonly #next = new Map<number, number>()

  constructor(db: Database) {
    this.#last = db
      .prepare<[number, number], number>(
        'SELECT place FROM alerts WHERE place >= ? AND place < ? ORDER BY place DESC',
      )
      .pluck()
  }

  take(raisedAt: number): number {
    const base = firstPlaceAt(raisedAt)
    const next = this.#next.get(base)
    const inOwnSlots = next !== undefined && next < base + slots
    const place = inOwnSlots ? next : this.#firstFree(next === undefined ? base : slotsOf(next))
    if (this.#next.size > mostRemembered) this.#next.clear()
    // Spilled into another millisecond: what was known about that one no longer holds.
    if (slotsOf(place) !== base) this.#next.delete(slotsOf(place))
    this.#next.set(base, place + 1)
    return place
  }

  /** After a rollback. */
  forget(): void {
    this.#next.clear()
  }

  #firstFree(from: number): number {
    for (let base = from; ; base += slots) {
      const last = this.#last.get(base, base + slots)
      if (last === undefined) return base
      if (last < base + slots - 1) return last + 1
    }
  }
}

function slotsOf(place: number): number {
  return Math.floor(place / slots) * slots
}
