/**
 * RTP packets of one source into access units. A unit is told whole or not at all: after anything lost, late or broken
 * nothing is told until the next key frame, because every picture between refers to one that is missing.
 */
import type { NalCodec } from './nal.ts'
import type { RtpPacket } from './rtp.ts'

export interface AccessUnit {
  /** Annex B. Before a key frame stand its parameter sets. */
  readonly bytes: Buffer
  readonly isKey: boolean
  readonly timestamp: number
  /** When its first packet came. */
  readonly receivedAt: number
}

/** A frame crosses to a screen in at most 4 MiB with its header. */
export const longestUnitBytes = 4 * 1024 * 1024 - 8192
const mostParts = 20_000
const mostSets = 32
/** A packet that is this little behind is late; one that is further away belongs to a source that began anew (RFC 3550 A.1). */
const lateWithin = 100
const startCode = Buffer.from([0, 0, 0, 1])

export class Assembler {
  readonly #codec: NalCodec
  readonly #payloadType: number
  readonly #sets = new Map<string, Buffer>()
  #source: number | null = null
  #stray: { readonly source: number; readonly next: number } | null = null
  #expected = 0
  #needsKey = true
  #timestamp = 0
  #receivedAt = 0
  #isOpen = false
  #isBroken = false
  #units: Buffer[] = []
  #isKey = false
  #hasPicture = false
  #fragment: Buffer[] | null = null
  #bytes = 0
  #parts = 0
  /** Pictures that were not told, late packets, and payloads of a kind that was not agreed on. */
  readonly counts = { units: 0, lost: 0, late: 0, unknown: 0 }

  constructor(codec: NalCodec, payloadType: number, sets: readonly Buffer[] = []) {
    this.#codec = codec
    this.#payloadType = payloadType
    for (const set of sets) if (codec.role(set) === 'set') this.#keepSet(set)
  }

  get isWaitingForKey(): boolean {
    return this.#needsKey
  }

  /** The newest parameter sets, in the order a decoder wants them. */
  get sets(): readonly Buffer[] {
    return [...this.#sets]
      .sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .map(([, set]) => set)
  }

  push(packet: RtpPacket, receivedAt: number): AccessUnit[] {
    const told: AccessUnit[] = []
    if (!this.#isInOrder(packet)) return told
    if (packet.payloadType !== this.#payloadType) return told
    if (this.#isOpen && packet.timestamp !== this.#timestamp) this.#close(told)
    if (!this.#isOpen) this.#open(packet.timestamp, receivedAt)
    this.#take(packet.payload)
    // A marker on parameter sets alone ends no picture.
    if (packet.marker && (this.#hasPicture || this.#isBroken)) this.#close(told)
    return told
  }

  /** False: nothing of it can be used. */
  #isInOrder({ source, sequence }: RtpPacket): boolean {
    if (source !== this.#source) {
      if (!this.#isAccepted(source, sequence)) return false
    } else {
      const ahead = (sequence - this.#expected) & 0xffff
      if (ahead > 0xffff - lateWithin) {
        this.counts.late += 1
        return false
      }
      if (ahead > 0) this.#lose()
    }
    this.#expected = (sequence + 1) & 0xffff
    return true
  }

  /** One stray packet of another source changes nothing; two in a row do (RFC 3550 A.1). */
  #isAccepted(source: number, sequence: number): boolean {
    const isFirst = this.#source === null
    const follows = this.#stray?.source === source && this.#stray.next === sequence
    this.#stray = { source, next: (sequence + 1) & 0xffff }
    if (!isFirst && !follows) return false
    if (!isFirst) this.#lose()
    this.#source = source
    this.#stray = null
    return true
  }

  /** Something did not come: neither what is open nor what follows can be decoded. */
  #lose(): void {
    if (this.#isOpen) this.counts.lost += 1
    this.#reset()
    this.#needsKey = true
  }

  #open(timestamp: number, receivedAt: number): void {
    this.#isOpen = true
    this.#timestamp = timestamp
    this.#receivedAt = receivedAt
  }

  #reset(): void {
    this.#isOpen = false
    this.#isBroken = false
    this.#units = []
    this.#isKey = false
    this.#hasPicture = false
    this.#fragment = null
    this.#bytes = 0
    this.#parts = 0
  }

  #take(payload: Buffer): void {
    if (this.#isBroken || payload.length === 0) return
    this.#bytes += payload.length
    this.#parts += 1
    if (this.#bytes > longestUnitBytes || this.#parts > mostParts) {
      this.#break()
      return
    }
    const carried = this.#codec.carried(payload)
    if (carried.is === 'unknown') this.counts.unknown += 1
    if (carried.is === 'unknown' || carried.is === 'broken') {
      this.#break()
      return
    }
    if (carried.is === 'units') {
      if (this.#fragment !== null) this.#break()
      else for (const unit of carried.units) this.#unit(unit)
      return
    }
    if (carried.first === (this.#fragment !== null)) {
      this.#break()
      return
    }
    this.#fragment ??= [carried.head]
    // Every part repeats the head; another one belongs to another unit.
    if (this.#fragment[0]?.equals(carried.head) !== true) {
      this.#break()
      return
    }
    this.#fragment.push(carried.part)
    if (!carried.last) return
    const whole = Buffer.concat(this.#fragment)
    this.#fragment = null
    this.#unit(whole)
  }

  #unit(unit: Buffer): void {
    const role = this.#codec.role(unit)
    if (role === 'drop' || this.#isBroken) return
    if (role === 'broken') {
      this.#break()
      return
    }
    if (role === 'set') this.#keepSet(unit)
    if (role === 'key' || role === 'picture') {
      if (!this.#hasPicture && !this.#codec.isFirstSlice(unit)) {
        this.#break()
        return
      }
      this.#hasPicture = true
      if (role === 'key') this.#isKey = true
    }
    this.#units.push(unit)
  }

  #hasSets(): boolean {
    const names = [...this.#sets.keys()]
    return this.#codec.needed.every((begin) => names.some((name) => name.startsWith(begin)))
  }

  #keepSet(unit: Buffer): void {
    const name = this.#codec.setName(unit)
    if (this.#sets.size >= mostSets && !this.#sets.has(name)) this.#sets.clear()
    this.#sets.set(name, Buffer.from(unit))
  }

  #break(): void {
    this.#isBroken = true
    this.#units = []
    this.#fragment = null
  }

  #close(told: AccessUnit[]): void {
    const isWhole = !this.#isBroken && this.#fragment === null
    if (isWhole && !this.#hasPicture) {
      // Parameter sets that came alone are kept; there is no picture to tell.
      this.#reset()
      return
    }
    if (!isWhole) this.#needsKey = true
    const isKey = isWhole && this.#isKey && this.#hasSets()
    if (isKey) this.#needsKey = false
    if (this.#needsKey) this.counts.lost += 1
    else {
      this.counts.units += 1
      told.push(this.#told(isKey))
    }
    this.#reset()
  }

  #told(isKey: boolean): AccessUnit {
    const own = this.#units
    const units = isKey ? [...this.sets, ...own.filter((unit) => this.#codec.role(unit) !== 'set')] : own
    const bytes = Buffer.concat(units.flatMap((unit) => [startCode, unit]))
    return { bytes, isKey, timestamp: this.#timestamp, receivedAt: this.#receivedAt }
  }
}
