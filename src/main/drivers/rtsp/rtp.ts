/** RTP packets and RTCP reports (RFC 3550): what came, what was lost, when the camera took it. Any bytes may come. */

export interface RtpPacket {
  readonly payloadType: number
  readonly marker: boolean
  readonly sequence: number
  readonly timestamp: number
  readonly source: number
  readonly payload: Buffer
}

/** Null: it is none. */
export function readRtp(bytes: Buffer): RtpPacket | null {
  if (bytes.length < 12) return null
  const first = bytes[0] ?? 0
  const second = bytes[1] ?? 0
  if (first >> 6 !== 2) return null
  let start = 12 + (first & 15) * 4
  if ((first & 0x10) !== 0) {
    if (bytes.length < start + 4) return null
    start += 4 + bytes.readUInt16BE(start + 2) * 4
  }
  let end = bytes.length
  if ((first & 0x20) !== 0) {
    const padding = bytes[end - 1] ?? 0
    if (padding === 0) return null
    end -= padding
  }
  if (end < start) return null
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    source: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  }
}

export interface SenderReport {
  readonly source: number
  /** Epoch ms by the sender's clock; null where it has none and says 0 (RFC 3550 6.4.1). */
  readonly at: number | null
  readonly timestamp: number
  /** The middle 32 bits of its time, as a receiver report repeats it. */
  readonly compact: number
}

const secondsTo1970 = 2_208_988_800
/** NTP's first era ends in 2036; a sender in the second one counts from there. */
const eraSeconds = 2 ** 32
const senderType = 200
export const byeType = 203

/** The sender reports of a compound packet, and whether the source says goodbye. */
export function readRtcp(bytes: Buffer): { readonly reports: SenderReport[]; readonly isBye: boolean } {
  const reports: SenderReport[] = []
  let isBye = false
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = 4 + bytes.readUInt16BE(at + 2) * 4
    const type = bytes[at + 1]
    if ((bytes[at] ?? 0) >> 6 !== 2 || at + length > bytes.length) break
    if (type === byeType) isBye = true
    if (type === senderType && length >= 28) {
      const seconds = bytes.readUInt32BE(at + 8)
      const fraction = bytes.readUInt32BE(at + 12)
      const sinceEra = seconds >= 2 ** 31 ? seconds : seconds + eraSeconds
      reports.push({
        source: bytes.readUInt32BE(at + 4),
        at:
          seconds === 0 && fraction === 0
            ? null
            : (sinceEra - secondsTo1970) * 1000 + (fraction * 1000) / 2 ** 32,
        timestamp: bytes.readUInt32BE(at + 16),
        compact: ((seconds & 0xffff) * 65_536 + (fraction >>> 16)) >>> 0,
      })
    }
    at += length
  }
  return { reports, isBye }
}

/** What one source sent and what of it came, as receiver reports tell it (RFC 3550 6.4.1, A.3, A.8). */
export class Reception {
  readonly #clockRate: number
  #source: number | null = null
  #first = 0
  #highest = 0
  #received = 0
  #expectedBefore = 0
  #receivedBefore = 0
  #jitter = 0
  #transit: number | null = null
  #report: SenderReport | null = null
  #reportMono = 0

  constructor(clockRate: number) {
    this.#clockRate = clockRate
  }

  packet({ source, sequence, timestamp }: RtpPacket, mono: number): void {
    if (this.#source !== source) this.#begin(source, sequence)
    const ahead = (sequence - this.#highest) & 0xffff
    if (ahead < 0x8000) this.#highest += ahead
    this.#received += 1
    const arrived = (mono * this.#clockRate) / 1000
    const transit = arrived - timestamp
    if (this.#transit !== null) {
      const change = Math.abs(transit - this.#transit)
      // A wrapped timestamp is no delay.
      if (change < this.#clockRate * 10) this.#jitter += (change - this.#jitter) / 16
    }
    this.#transit = transit
  }

  #begin(source: number, sequence: number): void {
    this.#source = source
    this.#first = sequence
    this.#highest = sequence
    this.#received = 0
    this.#expectedBefore = 0
    this.#receivedBefore = 0
    this.#jitter = 0
    this.#transit = null
    if (this.#report?.source !== source) this.#report = null
  }

  sender(report: SenderReport, mono: number): void {
    if (this.#source !== null && report.source !== this.#source) return
    this.#report = report
    this.#reportMono = mono
  }

  /** When the picture of this timestamp was taken, epoch ms by the sender's clock; undefined before its first report. */
  takenAt(timestamp: number): number | undefined {
    const report = this.#report
    if (report === null || report.at === null) return undefined
    return report.at + (((timestamp - report.timestamp) | 0) * 1000) / this.#clockRate
  }

  /** A receiver report and our name, as one compound packet; null before the first packet. */
  write(ourSource: number, mono: number): Buffer | null {
    if (this.#source === null) return null
    const expected = this.#highest - this.#first + 1
    const expectedNow = expected - this.#expectedBefore
    const lostNow = expectedNow - (this.#received - this.#receivedBefore)
    this.#expectedBefore = expected
    this.#receivedBefore = this.#received
    const share =
      expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0
    const lost = Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received))
    const bytes = Buffer.alloc(32 + 16)
    bytes.set([0x81, 201, 0, 7])
    bytes.writeUInt32BE(ourSource >>> 0, 4)
    bytes.writeUInt32BE(this.#source, 8)
    bytes[12] = share
    bytes.writeIntBE(lost, 13, 3)
    bytes.writeUInt32BE(this.#highest >>> 0, 16)
    bytes.writeUInt32BE(Math.min(0xffffffff, Math.round(this.#jitter)), 20)
    if (this.#report !== null) {
      bytes.writeUInt32BE(this.#report.compact, 24)
      const sinceMs = Math.max(0, mono - this.#reportMono)
      bytes.writeUInt32BE(Math.min(0xffffffff, Math.round(sinceMs * 65.536)), 28)
    }
    // Source description with a name (6.5), padded to four bytes.
    bytes.set([0x81, 202, 0, 3], 32)
    bytes.writeUInt32BE(ourSource >>> 0, 36)
    bytes.set([1, 4, 0x77, 0x66, 0x6c, 0x72, 0, 0], 40)
    return bytes
  }
}
