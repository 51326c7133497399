/**
 * A recorded frame as a sample of an MP4 file, and the entry that says how it is decoded. H.264 changes its form, not its content:
 * start codes become lengths (ISO/IEC 14496-15, 5.3), and the parameter sets of a key frame go to the entry (`avc1`).
 */
import { unitsOf } from '../../io/annex-b.ts'
import { Bits, withoutEmulation } from '../../io/bits.ts'
import type { RecordedFrame } from '../record.ts'
import { box, fullBox, u8, u16, u32 } from './box.ts'

const [sliceType, idrType, spsType, ppsType] = [1, 5, 7, 8]
/** As many as the entry has room for. */
const [mostSps, mostPps] = [31, 255]
/** Profiles whose entry says how colour is sampled (5.3.3.1.2). */
const withChroma = new Set([100, 110, 122, 144])
/** JPEG as a kind of stream (ISO/IEC 14496-1, 7.2.6.6.2). */
const jpegObject = 0x6c

function typeOf(unit: Uint8Array): number {
  return (unit[0] ?? 0) & 31
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function isSet(unit: Uint8Array): boolean {
  return typeOf(unit) === spsType || typeOf(unit) === ppsType
}

/** What goes into the file, in pieces. Sets between key frames stay where they are. */
export function sampleOf({ video, bytes }: RecordedFrame): Uint8Array[] {
  if (video === null) return [bytes]
  const units = unitsOf(bufferOf(bytes))
  const kept = video.isKey ? units.filter((unit) => !isSet(unit)) : units
  return kept.flatMap((unit) => [u32(unit.length), unit])
}

/** Whether it refers to a picture shown after it: slice_type of its first slice is B (ITU-T H.264 7.4.3). */
export function isBidirectional({ video, bytes }: RecordedFrame): boolean {
  // The baseline profile has none.
  if (video === null || video.isKey || video.codec.startsWith('avc1.42')) return false
  const slice = unitsOf(bufferOf(bytes)).find(
    (unit) => typeOf(unit) === sliceType || typeOf(unit) === idrType,
  )
  if (slice === undefined) return false
  const bits = new Bits(withoutEmulation(slice.subarray(1, 24)))
  bits.unsigned() // first_mb_in_slice
  return bits.unsigned() % 5 === 1
}

/** The sample entry a key frame begins; null for video without its parameter sets, which nobody can decode. */
export function entryOf(frame: RecordedFrame): Buffer | null {
  const { video, widthPx, heightPx, bytes } = frame
  if (video === null) return box('mp4v', visual(widthPx, heightPx), jpegDescriptor())
  const units = unitsOf(bufferOf(bytes))
  const sps = units.filter((unit) => typeOf(unit) === spsType).slice(0, mostSps)
  const pps = units.filter((unit) => typeOf(unit) === ppsType).slice(0, mostPps)
  if (sps[0] === undefined || pps.length === 0) return null
  return box('avc1', visual(widthPx, heightPx), box('avcC', configurationOf(sps[0], sps, pps)))
}

/** VisualSampleEntry (ISO/IEC 14496-12, 12.1.3), 72 dots an inch, 24 bits. */
function visual(widthPx: number, heightPx: number): Buffer {
  return Buffer.concat([
    Buffer.alloc(6),
    u16(1), // data_reference_index
    Buffer.alloc(16),
    u16(widthPx, heightPx),
    u32(0x480000, 0x480000, 0),
    u16(1), // frame_count
    Buffer.alloc(32),
    u16(24, 0xffff),
  ])
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
function configurationOf(first: Buffer, sps: readonly Buffer[], pps: readonly Buffer[]): Buffer {
  const [profile = 0, constraints = 0, level = 0] = first.subarray(1, 4)
  const listed = (units: readonly Buffer[]) => units.flatMap((unit) => [u16(unit.length), unit])
  return Buffer.concat([
    u8(1, profile, constraints, level, 0xff, 0xe0 | sps.length),
    ...listed(sps),
    u8(pps.length),
    ...listed(pps),
    withChroma.has(profile) ? chromaOf(first) : Buffer.alloc(0),
  ])
}

function chromaOf(sps: Buffer): Buffer {
  const bits = new Bits(withoutEmulation(sps.subarray(4)))
  bits.unsigned() // seq_parameter_set_id
  const chroma = bits.unsigned()
  if (chroma === 3) bits.bit()
  const [luma, colour] = [bits.unsigned(), bits.unsigned()]
  return u8(0xfc | (chroma & 3), 0xf8 | (luma & 7), 0xf8 | (colour & 7), 0)
}

/** `esds`: an ES with a decoder of JPEGs, and nothing more (ISO/IEC 14496-1, 7.2.6). */
function jpegDescriptor(): Buffer {
  const decoder = descriptor(4, Buffer.concat([u8(jpegObject, 0x11), Buffer.alloc(3), u32(0, 0)]))
  const stream = Buffer.concat([u16(1), u8(0), decoder, descriptor(6, u8(2))])
  return fullBox('esds', 0, 0, descriptor(3, stream))
}

function descriptor(tag: number, content: Buffer): Buffer {
  return Buffer.concat([u8(tag, content.length), content])
}
