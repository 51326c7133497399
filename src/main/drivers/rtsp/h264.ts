/** H.264 in RTP (RFC 6184, packetization modes 0 and 1): single units, STAP-A, FU-A. */
import { Bits } from '../../io/bits.ts'
import { aggregated, type Carried, type NalCodec, type NalRole } from './nal.ts'

const stapA = 24
const fuA = 28
const spsType = 7
const ppsType = 8
const highestType = 23

export function typeOf(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 31
}

function carried(payload: Buffer): Carried {
  const head = payload[0] ?? 0
  if (payload.length < 2 || (head & 0x80) !== 0) return { is: 'broken' }
  const type = typeOf(payload)
  if (type >= 1 && type <= highestType) return { is: 'units', units: [payload] }
  if (type === stapA) {
    const units = aggregated(payload.subarray(1))
    return units === null ? { is: 'broken' } : { is: 'units', units }
  }
  if (type !== fuA) return { is: 'unknown' }
  const control = payload[1] ?? 0
  const fragmented = control & 31
  if (payload.length < 3 || fragmented === 0 || fragmented > highestType) return { is: 'broken' }
  return {
    is: 'fragment',
    first: (control & 0x80) !== 0,
    last: (control & 0x40) !== 0,
    head: Buffer.from([(head & 0xe0) | fragmented]),
    part: payload.subarray(2),
  }
}

function role(unit: Buffer): NalRole {
  if (unit.length < 2 || ((unit[0] ?? 0) & 0x80) !== 0) return 'broken'
  switch (typeOf(unit)) {
    case 5:
      return 'key'
    case 1:
      return 'picture'
    case spsType:
    case ppsType:
      return 'set'
    case 6:
      return 'other'
    // Data partitions (2–4) belong to a profile no browser decodes; nested packets must not be.
    case 2:
    case 3:
    case 4:
      return 'broken'
    default:
      return typeOf(unit) > highestType || typeOf(unit) === 0 ? 'broken' : 'drop'
  }
}

export const h264: NalCodec = {
  carried,
  role,
  needed: [`${spsType}/`, `${ppsType}/`],
  // first_mb_in_slice is 0: in Exp-Golomb a single 1.
  isFirstSlice: (unit) => ((unit[1] ?? 0) & 0x80) !== 0,
  setName(unit) {
    const type = typeOf(unit)
    const id = new Bits(unit.subarray(type === spsType ? 4 : 1, 12)).unsigned()
    return `${type}/${id}`
  },
}
