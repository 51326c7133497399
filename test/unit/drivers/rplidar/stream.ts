/** Scans whose every measurement is known, so that what a decoder tells can be held against the truth. */

import { CapsuleDecoder } from '../../../../src/main/drivers/rplidar/capsules.ts'
import { NodeDecoder } from '../../../../src/main/drivers/rplidar/nodes.ts'
import type { Point } from '../../../../src/main/drivers/rplidar/point.ts'
import { Revolutions } from '../../../../src/main/drivers/rplidar/revolutions.ts'
import { capsule, type Measured, node, perCapsule } from '../../../sim/rplidar/bytes.ts'

export type Mode = 'standard' | 'express'
/** One per degree: no rounding decides in which turn a measurement lies. Not a multiple of 32, so that turns end within capsules. */
export const turn = 360
/** Bytes of a packet: a measurement, a capsule. */
export const packet = { standard: 5, express: 84 } as const

export function measured(index: number): Measured {
  const at = index % turn
  const round = Math.floor(index / turn)
  const rangeMm = at % 13 === 0 ? 0 : 100 + ((round * 7919 + at * 31) % 12_000)
  return {
    headQ6: Math.floor((at * 23_040) / turn),
    rangeMm,
    quality: rangeMm === 0 ? 0 : 1 + ((round + at) % 62),
    starts: at === 0,
    offsetQ3: 0,
  }
}

/** `count` measurements from the `from`-th, as bytes. Express: whole capsules, the first marked as such. */
export function stream(mode: Mode, count: number, from = 0): Buffer {
  const points = Array.from({ length: count }, (_, index) => measured(from + index))
  if (mode === 'standard') return Buffer.concat(points.map(node))
  const parts: Buffer[] = []
  for (let at = 0; at + perCapsule <= count; at += perCapsule)
    parts.push(capsule(points.slice(at, at + perCapsule), at === 0 && from === 0))
  return Buffer.concat(parts)
}

/** The ranges of one revolution: no two of the first 64 are the same. */
export function truth(round: number): string {
  return Array.from({ length: turn }, (_, at) => measured(round * turn + at).rangeMm).join()
}

export function decoding(mode: Mode) {
  const whole: (readonly Point[])[] = []
  const revolutions = new Revolutions((points) => whole.push(points))
  const decoder = mode === 'standard' ? new NodeDecoder() : new CapsuleDecoder()
  return {
    whole,
    ranges: () => whole.map((points) => points.map(({ rangeMm }) => rangeMm).join()),
    counters: revolutions.counters,
    decoder,
    revolutions,
    push: (bytes: Uint8Array) => decoder.push(bytes, revolutions),
  }
}
