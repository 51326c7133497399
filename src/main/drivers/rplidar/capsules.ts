/**
 * Express scans, legacy version (EXPRESS_SCAN with working mode 0): capsules of 84 bytes. Protocol §4 "Express scan": sync nibbles 0xA and 0x5 above the two
 * halves of the checksum (XOR of the bytes after them), start angle in 1/64° with flag S in its top bit, 16 cabins of two measurements: 14 bits of mm
 * and 6 bits of angle in 1/8° each. A capsule's angles need the start angle of the next one (§4 "Data processing of the express scan").
 *
 * The document calls the top bit of a compensation its sign; Slamtec's SDK reads 0..63, and the values devices send (up to 8°) need it. So do we.
 */
import { type Decoder, joined, type PointSink, turnFrom, wholeTurn } from './point.ts'

const size = 84
const cabins = 16
const points = cabins * 2
/** The SDK's stand-in, as capsules carry no quality: 47 of 63. */
const quality = 0x2f << 2
/** The speed of a disc does not change by half within 32 measurements: then a whole capsule is missing. */
const most = 1.5

function hasSync(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] ?? 0) >> 4 === 0xa && (bytes[at + 1] ?? 0) >> 4 === 0x5
}

function hasChecksum(bytes: Uint8Array, at: number): boolean {
  let sum = 0
  for (let index = at + 2; index < at + size; index += 1) sum ^= bytes[index] ?? 0
  return sum === (((bytes[at] ?? 0) & 0xf) | (((bytes[at + 1] ?? 0) & 0xf) << 4))
}

interface Capsule {
  readonly startQ6: number
  readonly bytes: Uint8Array
}

export class CapsuleDecoder implements Decoder {
  #rest = new Uint8Array(0)
  #isLocked = true
  #before: Capsule | null = null
  /** From one capsule to the next, last time. */
  #turn: number | null = null
  #head: number | null = null

  get kept(): number {
    return this.#rest.length
  }

  push(bytes: Uint8Array, sink: PointSink): void {
    const all = joined(this.#rest, bytes)
    let at = 0
    while (all.length - at >= size) {
      const isSynced = hasSync(all, at)
      if (isSynced && hasChecksum(all, at)) {
        if (!this.#isLocked) sink.found()
        this.#isLocked = true
        this.#take(all.slice(at, at + size), sink)
        at += size
        continue
      }
      if (this.#isLocked) {
        if (isSynced) sink.badChecksum()
        this.#isLocked = false
        this.#break(sink)
      }
      at += 1
    }
    this.#rest = all.slice(at)
  }

  #break(sink: PointSink): void {
    sink.lost()
    this.#before = null
    this.#turn = null
    this.#head = null
  }

  #take(bytes: Uint8Array, sink: PointSink): void {
    const low = bytes[2] ?? 0
    const high = bytes[3] ?? 0
    const startQ6 = low | ((high & 0x7f) << 8)
    const before = this.#before
    if (startQ6 >= wholeTurn) {
      this.#break(sink)
      return
    }
    this.#before = { startQ6, bytes }
    // S: the device begins anew, the capsule before has no end.
    if ((high & 0x80) !== 0) {
      if (before !== null) sink.lost()
      this.#turn = null
      this.#head = null
      return
    }
    if (before === null) return
    const turn = (startQ6 - before.startQ6 + wholeTurn) % wholeTurn
    const last = this.#turn
    this.#turn = turn
    if (turn === 0 || (last !== null && (turn > last * most || last > turn * most))) {
      this.#head = null
      sink.lost()
      return
    }
    this.#unpack(before, turn, sink)
  }

  #unpack(capsule: Capsule, turn: number, sink: PointSink): void {
    const view = new DataView(capsule.bytes.buffer, capsule.bytes.byteOffset)
    for (let index = 0; index < points; index += 1) {
      const cabin = 4 + (index >> 1) * 5
      const word = view.getUint16(cabin + (index & 1) * 2, true)
      const offsets = view.getUint8(cabin + 4)
      const offsetQ3 = ((word & 3) << 4) | ((index & 1) === 0 ? offsets & 0xf : offsets >> 4)
      const headQ6 = Math.floor(capsule.startQ6 + (turn * index) / points) % wholeTurn
      const angleQ6 = (headQ6 - offsetQ3 * 8 + wholeTurn) % wholeTurn
      const rangeMm = word >> 2
      const starts = this.#head !== null && headQ6 < this.#head && turnFrom(this.#head, headQ6) >= 0
      this.#head = headQ6
      sink.point({ headQ6, angleQ6, rangeMm, quality: rangeMm === 0 ? 0 : quality, starts })
    }
  }
}
