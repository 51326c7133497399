/** One measurement, and what a decoder tells. Angles are in 1/64 degree, clockwise seen from above, 0..23039. */

export const wholeTurn = 360 * 64

export interface Point {
  /** Where the head pointed when it measured: grows steadily, so revolutions are told apart by it. */
  readonly headQ6: number
  /** Where the echo came from: on triangulating models not quite the same. */
  readonly angleQ6: number
  /** 0: no echo. */
  readonly rangeMm: number
  /** 0..255 */
  readonly quality: number
  /** The first of a new revolution. */
  readonly starts: boolean
}

export interface PointSink {
  point(point: Point): void
  /** Bytes were lost or made no sense: what came before does not join what comes next. */
  lost(): void
  /** Where packets begin is known again. */
  found(): void
  /** A packet whose sum is wrong. */
  badChecksum(): void
}

export interface Decoder {
  /** Bytes it holds for later: bounded, whatever comes. */
  readonly kept: number
  push(bytes: Uint8Array, sink: PointSink): void
}

/** The shorter way from one angle to the other, −11520..11519. */
export function turnFrom(before: number, after: number): number {
  const turn = (((after - before) % wholeTurn) + wholeTurn) % wholeTurn
  return turn >= wholeTurn / 2 ? turn - wholeTurn : turn
}

/** What was not used of the last bytes, and the new ones behind it. */
export function joined(rest: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (rest.length === 0) return bytes
  const all = new Uint8Array(rest.length + bytes.length)
  all.set(rest)
  all.set(bytes, rest.length)
  return all
}
