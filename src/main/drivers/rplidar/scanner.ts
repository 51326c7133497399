/** A running scan: its bytes become revolutions, told one by one, and how fast the head turns is measured. */
import type { LinkContext } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import { tap } from '../../tap.ts'
import { CapsuleDecoder } from './capsules.ts'
import { NodeDecoder } from './nodes.ts'
import type { Decoder, Point } from './point.ts'
import type { RplidarProfile } from './profile.ts'
import { Revolutions } from './revolutions.ts'
import type { Row } from './row.ts'
import { scanOf } from './scan.ts'

/** The figures are of so many revolutions. */
const averaged = 10

export class Scanner {
  readonly mode: 'standard' | 'express'
  readonly #context: LinkContext<RplidarProfile>
  readonly #row: Row
  readonly #book: LinkBook
  readonly #turned: () => void
  readonly #decoder: Decoder
  readonly #revolutions: Revolutions
  readonly #base: Row['now']['counters']
  readonly #ends: { readonly at: number; readonly points: number }[] = []
  /** Monotonic: when it began, then when the last whole revolution was told. */
  wholeAt: number
  #at = 0
  /** A whole revolution came. */
  isTurning = false

  constructor(
    context: LinkContext<RplidarProfile>,
    mode: 'standard' | 'express',
    row: Row,
    book: LinkBook,
    turned: () => void,
  ) {
    this.#turned = turned
    this.#context = context
    this.mode = mode
    this.#row = row
    this.#book = book
    this.#base = row.now.counters
    this.wholeAt = context.clock.monotonic()
    this.#decoder = mode === 'standard' ? new NodeDecoder() : new CapsuleDecoder()
    this.#revolutions = new Revolutions((points) => this.#whole(points))
  }

  bytes(bytes: Uint8Array, at: number): void {
    this.#at = at
    this.#decoder.push(bytes, this.#revolutions)
    const { resyncs, broken, checksumErrors } = this.#revolutions.counters
    const now = this.#row.now.counters
    if (
      resyncs + this.#base.resyncs === now.resyncs &&
      broken + this.#base.broken === now.broken &&
      checksumErrors + this.#base.checksumErrors === now.checksumErrors
    )
      return
    this.#book.counters.badMessages += 1
    this.#row.set({ counters: this.#counters() })
  }

  #counters(): Row['now']['counters'] {
    const { revolutions, resyncs, broken, checksumErrors } = this.#revolutions.counters
    const base = this.#base
    return {
      revolutions: base.revolutions + revolutions,
      resyncs: base.resyncs + resyncs,
      broken: base.broken + broken,
      checksumErrors: base.checksumErrors + checksumErrors,
    }
  }

  #whole(points: readonly Point[]): void {
    const { profile, clock } = this.#context
    const now = clock.now()
    this.wholeAt = this.#at
    this.isTurning = true
    this.#ends.push({ at: this.#at, points: points.length })
    if (this.#ends.length > averaged + 1) this.#ends.shift()
    const spanMs = this.#at - (this.#ends[0]?.at ?? this.#at)
    const turned = this.#ends.slice(1)
    const rotationHz = spanMs > 0 ? (turned.length * 1000) / spanMs : null
    const measured = turned.reduce((sum, { points }) => sum + points, 0)
    const { bytes, nearest, zone } = scanOf(points, profile.mountDeg, profile.zones)
    const counters = this.#counters()
    this.#book.counters.messagesIn += 1
    this.#turned()
    this.#context.tell({
      type: 'scan-arrived',
      link: profile.id,
      header: {
        revolution: counters.revolutions,
        at: now,
        points: points.length,
        rotationHz,
        nearest,
        zone,
        zones: profile.zones,
      },
      bytes,
    })
    this.#row.set({
      scanAt: now,
      nearest,
      zone,
      rotationHz,
      pointsPerS: spanMs > 0 ? (measured * 1000) / spanMs : null,
      counters,
    })
    const words = `revolution ${counters.revolutions}: ${points.length} measurements, nearest ${nearest === null ? 'none' : `${nearest.rangeMm} mm at ${nearest.angleDeg.toFixed(1)}°`}`
    tap(this.#context, 'in', profile.port, bytes.length, words)
  }
}
