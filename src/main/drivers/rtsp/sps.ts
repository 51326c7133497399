/** The sequence parameter set of H.264 (ITU-T H.264 7.3.2.1.1): as much as says how large the pictures are. Any bytes may come. */
import { Bits, withoutEmulation } from '../../io/bits.ts'

export interface PictureFormat {
  /** RFC 6381. */
  readonly codec: string
  readonly widthPx: number
  readonly heightPx: number
}

/** Profiles whose sets say how colour is sampled. */
const withChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
/** Level 6.2 has 8192 × 4352; nobody's camera has more than 16,384 either way. */
const mostPx = 16_384

function skipScalingLists(bits: Bits, count: number): void {
  for (let list = 0; list < count; list++) {
    if (bits.bit() === 0) continue
    let last = 8
    let next = 8
    for (let n = 0; n < (list < 6 ? 16 : 64) && !bits.isOver; n++) {
      if (next !== 0) next = (((last + bits.signed()) % 256) + 256) % 256
      last = next === 0 ? last : next
    }
  }
}

/** The whole NAL unit with its header. Null: it says nothing sensible. */
export function readSps(unit: Uint8Array): PictureFormat | null {
  if (unit.length < 5 || ((unit[0] ?? 0) & 31) !== 7) return null
  const [profile = 0, constraints = 0, level = 0] = unit.subarray(1, 4)
  const bits = new Bits(withoutEmulation(unit.subarray(4)))
  bits.unsigned() // seq_parameter_set_id
  let chroma = 1
  let isPlanar = 0
  if (withChroma.has(profile)) {
    chroma = bits.unsigned()
    if (chroma > 3) return null
    if (chroma === 3) isPlanar = bits.bit()
    bits.unsigned() // bit_depth_luma_minus8
    bits.unsigned() // bit_depth_chroma_minus8
    bits.bit() // qpprime_y_zero_transform_bypass_flag
    if (bits.bit() === 1) skipScalingLists(bits, chroma === 3 ? 12 : 8)
  }
  bits.unsigned() // log2_max_frame_num_minus4
  const order = bits.unsigned()
  if (order === 0) bits.unsigned()
  else if (order === 1) {
    bits.bit()
    bits.signed()
    bits.signed()
    const cycle = bits.unsigned()
    if (cycle > 255) return null
    for (let n = 0; n < cycle; n++) bits.signed()
  } else if (order > 2) return null
  bits.unsigned() // max_num_ref_frames
  bits.bit() // gaps_in_frame_num_value_allowed_flag
  const acrossMbs = bits.unsigned() + 1
  const downUnits = bits.unsigned() + 1
  const areFrames = bits.bit()
  if (areFrames === 0) bits.bit() // mb_adaptive_frame_field_flag
  bits.bit() // direct_8x8_inference_flag
  const isCropped = bits.bit() === 1
  const [left, right, top, bottom] = isCropped
    ? [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()]
    : [0, 0, 0, 0]
  if (bits.isOver) return null
  const sampled = isPlanar === 1 ? 0 : chroma
  const cropX = sampled === 1 || sampled === 2 ? 2 : 1
  const cropY = (sampled === 1 ? 2 : 1) * (2 - areFrames)
  const widthPx = acrossMbs * 16 - cropX * (left + right)
  const heightPx = downUnits * 16 * (2 - areFrames) - cropY * (top + bottom)
  if (widthPx < 1 || heightPx < 1 || widthPx > mostPx || heightPx > mostPx) return null
  const hex = [profile, constraints, level].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
  return { codec: `avc1.${hex.join('')}`, widthPx, heightPx }
}
