/**
 * Whole revolutions out of measurements, or none: one that lost bytes, or whose angles do not go round once, is thrown away. A revolution is told when
 * two measurements of the next have come: a byte lost at its very end shows by then. Holds two revolutions at most.
 */
import { type Point, type PointSink, turnFrom } from './point.ts'

/** Beyond it something is wrong: the densest device measures 3200 points a turn. */
const mostPoints = 8192
/** So soon after a slip a beginning may be bytes read askew. */
const sureAfter = 8
const leastTurnQ6 = 330 * 64
const mostTurnQ6 = 380 * 64

export interface RevolutionCounters {
  revolutions: number
  resyncs: number
  broken: number
  checksumErrors: number
}

export class Revolutions implements PointSink {
  readonly counters: RevolutionCounters = { revolutions: 0, resyncs: 0, broken: 0, checksumErrors: 0 }
  readonly #whole: (points: readonly Point[]) => void
  /** Null: the beginning of one is waited for. */
  #points: Point[] | null = null
  #turnQ6 = 0
  /** Measurements since the last slip. */
  #joined = sureAfter
  #finished: Point[] | null = null

  constructor(whole: (points: readonly Point[]) => void) {
    this.#whole = whole
  }

  point(point: Point): void {
    this.#joined += 1
    if (point.starts) {
      this.#finish()
      this.#points = this.#joined > sureAfter ? [point] : null
      this.#turnQ6 = 0
      return
    }
    this.#tell()
    const points = this.#points
    if (points === null) return
    const last = points.at(-1) ?? point
    this.#turnQ6 += turnFrom(last.headQ6, point.headQ6)
    if (this.#turnQ6 > mostTurnQ6 || points.length >= mostPoints) this.#discard()
    else points.push(point)
  }

  lost(): void {
    this.#joined = 0
    if (this.#finished !== null) {
      this.#finished = null
      this.counters.broken += 1
      // What has begun since was begun with bytes nobody vouches for.
      this.#points = null
    }
    this.#discard()
  }

  found(): void {
    this.counters.resyncs += 1
  }

  badChecksum(): void {
    this.counters.checksumErrors += 1
  }

  #discard(): void {
    if (this.#points !== null) this.counters.broken += 1
    this.#points = null
  }

  #finish(): void {
    // Two beginnings in a row: neither can be trusted.
    if (this.#finished !== null) {
      this.#finished = null
      this.counters.broken += 1
    }
    if (this.#points === null) return
    if (this.#turnQ6 >= leastTurnQ6) this.#finished = this.#points
    else this.counters.broken += 1
    this.#points = null
  }

  #tell(): void {
    const finished = this.#finished
    if (finished === null) return
    this.#finished = null
    this.counters.revolutions += 1
    this.#whole(finished)
  }
}
