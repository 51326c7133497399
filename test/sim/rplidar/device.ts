/** The device between its two ends: requests in, bytes out, one step at a time. Faults can be switched on while it runs. */
import { type Asked, capsule, descriptor, type Measured, node, perCapsule, Requests } from './bytes.ts'
import { rangeAt, type Walker } from './room.ts'

export type Fault =
  | 'none'
  /** A byte of a scan is lost now and then. */
  | 'slip'
  /** A bit of a scan is wrong now and then. */
  | 'flip'
  /** The motor stands still; it still answers. */
  | 'stall'
  | 'health-warning'
  /** Protection Stop; RESET helps. */
  | 'health-error'
  /** Protection Stop for good. */
  | 'health-broken'
  /** Something that talks, and is no LiDAR. */
  | 'wrong-device'
  | 'silent'
  /** Noise as fast as the line takes it. */
  | 'flood'

export interface DeviceOptions {
  readonly model: 'c1' | 'a1'
  readonly hz: number
  readonly pointsPerTurn: number
  readonly walker: Walker
  /** The app's C1 does not know legacy express scans; as for real devices, that depends on the firmware. */
  readonly knowsExpress: boolean
  readonly serialNumber: string
}

const models = { c1: [0x41, 2, 1, 18], a1: [0x18, 29, 1, 7] } as const
const bytesPerFault = 1777

export class Device {
  fault: Fault = 'none'
  readonly #options: DeviceOptions
  readonly #requests = new Requests()
  #scan: 'standard' | 'express' | null = null
  #isFirst = true
  #done = 0
  #due = 0
  #sent = 0
  #capsule: Measured[] = []
  /** Which requests came, for tests. */
  readonly heard: Asked[] = []

  constructor(options: DeviceOptions) {
    this.#options = options
  }

  get isScanning(): boolean {
    return this.#scan !== null
  }

  #turns(): boolean {
    return this.#scan !== null && this.fault !== 'stall'
  }

  /** Bytes that came, bytes that go back. */
  take(bytes: Uint8Array): Buffer {
    if (this.fault === 'silent') return Buffer.alloc(0)
    if (this.fault === 'wrong-device') return Buffer.from('ERR unknown command\r\n')
    const out = this.#requests.push(bytes).map((request) => this.#answer(request))
    return Buffer.concat(out)
  }

  #answer(request: Asked): Buffer {
    this.heard.push(request)
    if (this.heard.length > 1000) this.heard.shift()
    this.#scan = null
    switch (request) {
      case 'stop':
        return Buffer.alloc(0)
      case 'reset':
        if (this.fault === 'health-error') this.fault = 'none'
        return Buffer.from('RP LIDAR System.\r\nFirmware Ver 1.29 - rtm, HW Ver 7\r\n')
      case 'info':
        return Buffer.concat([
          descriptor(20, false, 4),
          Buffer.from(models[this.#options.model]),
          Buffer.from(this.#options.serialNumber, 'hex'),
        ])
      case 'health': {
        const isBad = this.fault === 'health-error' || this.fault === 'health-broken'
        const status = isBad ? [2, 0x03, 0x80] : this.fault === 'health-warning' ? [1, 5, 0] : [0, 0, 0]
        return Buffer.concat([descriptor(3, false, 6), Buffer.from(status)])
      }
      case 'sample-rate': {
        const us = Math.round(1e6 / (this.#options.hz * this.#options.pointsPerTurn))
        const bytes = Buffer.alloc(4)
        bytes.writeUInt16LE(us, 0)
        bytes.writeUInt16LE(us, 2)
        return Buffer.concat([descriptor(4, false, 0x15), bytes])
      }
      case 'scan':
      case 'force-scan':
        return this.#begin('standard', descriptor(5, true, 0x81))
      case 'express-scan':
        if (!this.#options.knowsExpress) return Buffer.alloc(0)
        return this.#begin('express', descriptor(84, true, 0x82))
    }
  }

  #begin(scan: 'standard' | 'express', answer: Buffer): Buffer {
    // In Protection Stop a device does not scan.
    if (this.fault === 'health-error' || this.fault === 'health-broken') return Buffer.alloc(0)
    this.#scan = scan
    this.#isFirst = true
    this.#capsule = []
    this.#due = this.#done
    return answer
  }

  /** What is measured in so many ms. */
  run(ms: number, now: number): Buffer {
    if (this.fault === 'flood')
      return Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(Math.random() * 256)))
    if (this.fault === 'silent' || this.fault === 'wrong-device' || !this.#turns()) return Buffer.alloc(0)
    const { hz, pointsPerTurn, walker } = this.#options
    this.#due += (ms / 1000) * hz * pointsPerTurn
    const obstacle = walker(now)
    const out: Buffer[] = []
    while (this.#done + 1 <= this.#due) {
      const index = this.#done % pointsPerTurn
      const headQ6 = Math.floor((index * 23_040) / pointsPerTurn)
      const offsetQ3 = this.#options.model === 'a1' && this.#scan === 'express' ? 40 + (index % 8) : 0
      const rangeMm = rangeAt(headQ6 / 64 - offsetQ3 / 8, obstacle)
      const quality = rangeMm === 0 ? 0 : 47
      this.#add({ headQ6, rangeMm, quality, starts: index === 0, offsetQ3 }, out)
      this.#done += 1
    }
    return this.#spoilt(Buffer.concat(out))
  }

  #add(point: Measured, out: Buffer[]): void {
    if (this.#scan === 'standard') {
      out.push(node(point))
      return
    }
    this.#capsule.push(point)
    if (this.#capsule.length < perCapsule) return
    out.push(capsule(this.#capsule, this.#isFirst))
    this.#isFirst = false
    this.#capsule = []
  }

  #spoilt(bytes: Buffer): Buffer {
    this.#sent += bytes.length
    if (this.#sent < bytesPerFault || bytes.length === 0) return bytes
    if (this.fault !== 'slip' && this.fault !== 'flip') return bytes
    this.#sent = 0
    const at = Math.floor(Math.random() * bytes.length)
    if (this.fault === 'slip') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8))
    return bytes
  }
}
