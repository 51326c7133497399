/** H.265 in RTP (RFC 7798, without decoding order numbers): single units, aggregation packets, fragmentation units. */
import { aggregated, type Carried, type NalCodec, type NalRole } from './nal.ts'

const aggregation = 48
const fragmentation = 49

function typeOf(unit: Uint8Array): number {
  return ((unit[0] ?? 0) >> 1) & 63
}

function carried(payload: Buffer): Carried {
  const head = payload[0] ?? 0
  if (payload.length < 3 || (head & 0x80) !== 0) return { is: 'broken' }
  const type = typeOf(payload)
  if (type < aggregation) return { is: 'units', units: [payload] }
  if (type === aggregation) {
    const units = aggregated(payload.subarray(2))
    return units === null ? { is: 'broken' } : { is: 'units', units }
  }
  if (type !== fragmentation) return { is: 'unknown' }
  const control = payload[2] ?? 0
  const fragmented = control & 63
  if (payload.length < 4 || fragmented >= aggregation) return { is: 'broken' }
  return {
    is: 'fragment',
    first: (control & 0x80) !== 0,
    last: (control & 0x40) !== 0,
    head: Buffer.from([(head & 0x81) | (fragmented << 1), payload[1] ?? 0]),
    part: payload.subarray(3),
  }
}

function role(unit: Buffer): NalRole {
  const type = typeOf(unit)
  if (unit.length < 3 || ((unit[0] ?? 0) & 0x80) !== 0 || type >= aggregation) return 'broken'
  if (type >= 16 && type <= 21) return 'key'
  if (type < 16) return 'picture'
  if (type >= 32 && type <= 34) return 'set'
  return type === 39 || type === 40 ? 'other' : 'drop'
}

export const h265: NalCodec = {
  carried,
  role,
  needed: ['32', '33', '34'],
  // first_slice_segment_in_pic_flag
  isFirstSlice: (unit) => ((unit[2] ?? 0) & 0x80) !== 0,
  setName: (unit) => `${typeOf(unit)}`,
}
