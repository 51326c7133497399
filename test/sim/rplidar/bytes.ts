/** Slamtec's protocol as the device speaks it, written from the document and apart from the app: what it is asked, what it answers. */

export const asked = {
  37: 'stop',
  64: 'reset',
  32: 'scan',
  33: 'force-scan',
  130: 'express-scan',
  80: 'info',
  82: 'health',
  89: 'sample-rate',
} as const
export type Asked = (typeof asked)[keyof typeof asked]

/** Requests out of bytes as they come; a request with a wrong sum is not answered. */
export class Requests {
  #bytes: number[] = []

  push(bytes: Uint8Array): Asked[] {
    this.#bytes.push(...bytes)
    const found: Asked[] = []
    while (this.#bytes.length >= 2) {
      const [flag, code = 0, size = 0] = this.#bytes
      if (flag !== 0xa5) {
        this.#bytes.shift()
        continue
      }
      const hasPayload = (code & 0x80) !== 0
      if (hasPayload && this.#bytes.length < 3) break
      const length = hasPayload ? 4 + size : 2
      if (this.#bytes.length < length) break
      const packet = this.#bytes.splice(0, length)
      const name = asked[code as keyof typeof asked] as Asked | undefined
      const isRight = !hasPayload || packet.reduce((sum, byte) => sum ^ byte, 0) === 0
      if (name !== undefined && isRight) found.push(name)
    }
    return found
  }
}

/** One answer, or with `repeats` the announcement of many. */
export function descriptor(size: number, repeats: boolean, kind: number): Buffer {
  const bytes = Buffer.from([0xa5, 0x5a, 0, 0, 0, 0, kind])
  bytes.writeUInt32LE((size + (repeats ? 0x4000_0000 : 0)) >>> 0, 2)
  return bytes
}

export interface Measured {
  /** Where the head points, 1/64°. */
  readonly headQ6: number
  readonly rangeMm: number
  /** 0..63 */
  readonly quality: number
  readonly starts: boolean
  /** Echo's angle = head − offset/8°. Only express scans carry it apart. */
  readonly offsetQ3: number
}

export function node({ headQ6, rangeMm, quality, starts, offsetQ3 }: Measured): Buffer {
  const bytes = Buffer.alloc(5)
  const angleQ6 = (headQ6 - offsetQ3 * 8 + 23_040) % 23_040
  bytes.writeUInt8((quality << 2) | (starts ? 1 : 2), 0)
  bytes.writeUInt16LE((angleQ6 << 1) | 1, 1)
  bytes.writeUInt16LE(rangeMm * 4, 3)
  return bytes
}

export const perCapsule = 32

export function capsule(points: readonly Measured[], isFirst: boolean): Buffer {
  const bytes = Buffer.alloc(84)
  bytes.writeUInt16LE((points[0]?.headQ6 ?? 0) | (isFirst ? 0x8000 : 0), 2)
  for (let cabin = 0; cabin < 16; cabin += 1) {
    const [one, other] = points.slice(cabin * 2)
    if (one === undefined || other === undefined) break
    const at = 4 + cabin * 5
    bytes.writeUInt16LE((one.rangeMm << 2) | (one.offsetQ3 >> 4), at)
    bytes.writeUInt16LE((other.rangeMm << 2) | (other.offsetQ3 >> 4), at + 2)
    bytes.writeUInt8((one.offsetQ3 & 0xf) | ((other.offsetQ3 & 0xf) << 4), at + 4)
  }
  const sum = bytes.subarray(2).reduce((all, byte) => all ^ byte, 0)
  bytes.writeUInt8(0xa0 | (sum & 0xf), 0)
  bytes.writeUInt8(0x50 | (sum >> 4), 1)
  return bytes
}
