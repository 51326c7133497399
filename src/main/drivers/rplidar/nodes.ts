/**
 * Standard scans (SCAN, FORCE_SCAN): 5-byte measurements without a checksum. Protocol §4 "Start scan": S and its inverse in bits 0 and 1 of the first
 * byte, quality above them; check bit C = 1 in bit 0 of the second, angle in 1/64° above it; distance in 1/4 mm.
 *
 * Three fixed bits hardly protect 40, so an angle must also follow the one before it. That finds every lost byte within two measurements; a flipped
 * bit of a distance or a quality it cannot find, and nobody can.
 */
import { type Decoder, joined, type PointSink, turnFrom, wholeTurn } from './point.ts'

const size = 5
/** How far the angle may go from one measurement to the next: ahead by a few that are missing, back by what triangulation corrects. */
const aheadQ6 = 20 * 64
const backQ6 = 10 * 64
/** A revolution begins where the angle is about 0. */
const startQ6 = 20 * 64
/** So many in a row that fit are taken for measurements where the last good angle says nothing any more. */
const sureAfter = 8
/** After so many bytes the head is elsewhere. */
const staleBytes = 100

interface Node {
  readonly starts: boolean
  readonly angleQ6: number
}

function nodeAt(bytes: Uint8Array, at: number): Node | null {
  const [first = 0, low = 0, high = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  const starts = (first & 1) === 1
  if (((first >> 1) & 1) === (first & 1) || (low & 1) === 0) return null
  const angleQ6 = (low >> 1) | (high << 7)
  // Some devices round up to 360°.
  if (angleQ6 > wholeTurn) return null
  return { starts, angleQ6: angleQ6 % wholeTurn }
}

function follows(before: number, node: Node): boolean {
  const turn = turnFrom(before, node.angleQ6)
  if (turn < -backQ6 || turn > aheadQ6) return false
  return !node.starts || Math.abs(turnFrom(0, node.angleQ6)) <= startQ6
}

/** `count` measurements from `at`, each following the one before, the first following `before` where that is known. */
function isRun(bytes: Uint8Array, at: number, count: number, before: number | null): boolean {
  let last = before
  for (let index = 0; index < count; index += 1) {
    const node = nodeAt(bytes, at + index * size)
    if (node === null || (last !== null && !follows(last, node))) return false
    last = node.angleQ6
  }
  return true
}

export class NodeDecoder implements Decoder {
  #rest = new Uint8Array(0)
  /** How much of the rest was used already: a slip may lie in it. */
  #used = 0
  #isLocked = true
  #angle: number | null = null
  #hunted = 0

  get kept(): number {
    return this.#rest.length
  }

  push(bytes: Uint8Array, sink: PointSink): void {
    const all = joined(this.#rest, bytes)
    let at = this.#used
    while (true) {
      if (!this.#isLocked) {
        const found = this.#hunt(all, at)
        if (found === null) {
          const keep = Math.max(at, all.length - sureAfter * size + 1)
          this.#hunted += keep - at
          this.#keep(all, keep, keep)
          return
        }
        at = found
        this.#isLocked = true
        sink.found()
      }
      if (all.length - at < size) {
        this.#keep(all, Math.max(0, at - size), at)
        return
      }
      const node = nodeAt(all, at)
      if (node === null || (this.#angle !== null && !follows(this.#angle, node))) {
        sink.lost()
        this.#isLocked = false
        this.#hunted = 0
        at = Math.max(0, at - size + 1)
        continue
      }
      this.#angle = node.angleQ6
      const rangeMm = ((all[at + 3] ?? 0) | ((all[at + 4] ?? 0) << 8)) >> 2
      const quality = (all[at] ?? 0) & 0xfc
      sink.point({ headQ6: node.angleQ6, angleQ6: node.angleQ6, rangeMm, quality, starts: node.starts })
      at += size
    }
  }

  /** Where measurements begin again; null when the bytes do not say yet. */
  #hunt(bytes: Uint8Array, from: number): number | null {
    for (let at = from; bytes.length - at >= 2 * size; at += 1) {
      if (this.#hunted + at - from > staleBytes) this.#angle = null
      if (this.#angle !== null && isRun(bytes, at, 2, this.#angle)) return at
      if (bytes.length - at >= sureAfter * size && isRun(bytes, at, sureAfter, null)) {
        this.#angle = null
        return at
      }
    }
    return null
  }

  #keep(bytes: Uint8Array, from: number, at: number): void {
    this.#rest = bytes.slice(from)
    this.#used = at - from
  }
}
