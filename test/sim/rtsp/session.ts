/** One session of the simulated camera: the clip from its first frame, in real time, until TEARDOWN or the hanging up. */
import type { Clip } from './clip.ts'
import type { Faults } from './options.ts'
import { interleaved, payloadsOf, rtpOf, senderReport } from './packets.ts'

const clockRate = 90_000
const payloadType = 96

export interface SessionParts {
  readonly id: string
  readonly clip: Clip
  readonly faults: Faults
  readonly framesPerSecond: number
  readonly reportMs: number
  readonly channel: number
  readonly random: () => number
  readonly write: (bytes: Buffer) => void
  readonly sent: (number: number, at: number) => void
}

export class Session {
  readonly id: string
  heardAt = performance.now()
  framesSent = 0
  packetsLost = 0
  readonly #parts: SessionParts
  readonly #source: number
  #sequence: number
  readonly #base: number
  #timer: NodeJS.Timeout | undefined
  #startedAt = 0
  #startedEpoch = 0
  #reportedAt = Number.NEGATIVE_INFINITY
  #sent = { packets: 0, bytes: 0 }
  #held: Buffer | null = null
  #isStuck = false

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.id = parts.id
    const any = (below: number) => Math.floor(parts.random() * below)
    this.#source = any(2 ** 32)
    this.#base = any(2 ** 32)
    // Near its end, so that every longer session sees it wrap.
    this.#sequence = 65_536 - any(200)
  }

  get firstSequence(): number {
    return this.#sequence & 0xffff
  }

  get firstTimestamp(): number {
    return this.#base
  }

  play(): void {
    if (this.#timer !== undefined) return
    this.#startedAt = performance.now()
    this.#startedEpoch = Date.now()
    this.#next()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #next(): void {
    const { framesPerSecond } = this.#parts
    const dueMs = (count: number) => (count * 1000) / framesPerSecond
    const elapsed = performance.now() - this.#startedAt
    // A machine that was busy catches up; what is due is sent, never skipped.
    while (dueMs(this.framesSent) <= elapsed) this.#frame(dueMs(this.framesSent))
    this.#timer = setTimeout(() => this.#next(), Math.max(0, dueMs(this.framesSent) - elapsed))
  }

  #frame(atMs: number): void {
    const { clip, faults, reportMs, channel } = this.#parts
    const number = this.framesSent % clip.frames.length
    const frame = clip.frames[number]
    const timestamp = (this.#base + Math.round((atMs * clockRate) / 1000)) >>> 0
    this.framesSent += 1
    if (frame === undefined || faults.stall || this.#isStuck) return
    this.#parts.sent(number, Date.now())
    if (reportMs > 0 && atMs - this.#reportedAt >= reportMs) {
      this.#reportedAt = atMs
      const report = senderReport(this.#source, this.#startedEpoch + atMs, timestamp, this.#sent)
      this.#write(interleaved(channel + 1, report))
    }
    const units = frame.units.filter(
      (unit) => faults.sdp !== 'no-sets' || ![7, 8].includes((unit[0] ?? 0) & 31),
    )
    const payloads = payloadsOf(units, Math.max(16, faults.payloadBytes))
    payloads.forEach((payload, index) => {
      const marker = !faults.noMarkers && index === payloads.length - 1
      this.#packet(
        rtpOf(payload, { payloadType, sequence: this.#sequence, timestamp, source: this.#source, marker }),
      )
      this.#sequence += 1
    })
  }

  #packet(packet: Buffer): void {
    const { faults, channel } = this.#parts
    this.#sent = { packets: this.#sent.packets + 1, bytes: this.#sent.bytes + packet.length - 12 }
    if (this.#isOneIn(faults.loseOneIn)) {
      this.packetsLost += 1
      return
    }
    if (this.#isOneIn(faults.garbageOneIn)) this.#write(this.#garbage())
    const framed = interleaved(channel, packet)
    if (this.#held === null && this.#isOneIn(faults.swapOneIn)) {
      this.#held = framed
      return
    }
    this.#write(framed)
    if (this.#held !== null) this.#write(this.#held)
    this.#held = null
    if (!faults.hugePacket) return
    this.#write(Buffer.from([0x24, channel, 0xff, 0xff, 0x80, 0x60]))
    this.#isStuck = true
  }

  #garbage(): Buffer {
    const { random } = this.#parts
    const bytes = Buffer.alloc(1 + Math.floor(random() * 60))
    for (let at = 0; at < bytes.length; at++) bytes[at] = random() < 0.2 ? 0x24 : Math.floor(random() * 256)
    return bytes
  }

  #isOneIn(count: number): boolean {
    return count > 0 && this.#parts.random() * count < 1
  }

  #write(bytes: Buffer): void {
    if (this.#isStuck) return
    const { dribbleBytes } = this.#parts.faults
    const step = dribbleBytes === 0 ? bytes.length : dribbleBytes
    for (let at = 0; at < bytes.length; at += step) this.#parts.write(bytes.subarray(at, at + step))
  }
}
