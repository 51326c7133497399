/**
 * The recorder's file, byte by byte. A head that says whose it is, then frames, each with its own CRC-32, then, when the file was ended
 * in order, a foot. All numbers are little-endian.
 *
 *   head   "WFRC", version u8, 0 u8, length u16, JSON { camera }, crc u32 of all before it
 *   frame  length u32 of what follows the crc, crc u32 of it, flags u8, codec length u8, width u16, height u16,
 *          receivedAt f64, capturedAt f64, codec, bytes
 *   foot   "WFRE", frames u32, firstAt f64, lastAt f64, 0 u32, crc u32 of all before it
 */
import { crc32 } from 'node:zlib'
import { CameraId, type VideoUnit } from '../../contract/cameras.ts'

export interface RecordedFrame {
  readonly receivedAt: number
  readonly capturedAt: number | null
  /** Null: a JPEG. */
  readonly video: VideoUnit | null
  readonly widthPx: number
  readonly heightPx: number
  readonly bytes: Uint8Array
}

export interface Foot {
  readonly frames: number
  readonly firstAt: number
  readonly lastAt: number
}

const headMagic = Buffer.from('WFRC')
const footMagic = Buffer.from('WFRE')
const version = 1
const fixedBytes = 22
export const prefixBytes = 8
export const footBytes = 32
export const headStartBytes = 8
/** A frame crosses to a screen in a message of 4 MiB; a longer one never gets here. */
export const longestRecord = 4 * 1024 * 1024 + fixedBytes + 64

const isVideo = 1
const isKey = 2
const hasCapturedAt = 4

export function encodeHead(camera: CameraId): Buffer {
  const text = Buffer.from(JSON.stringify({ camera }))
  const head = Buffer.alloc(headStartBytes + text.length + 4)
  headMagic.copy(head)
  head.writeUInt8(version, 4)
  head.writeUInt16LE(text.length, 6)
  text.copy(head, headStartBytes)
  head.writeUInt32LE(crc32(head.subarray(0, -4)), head.length - 4)
  return head
}

/** How long the whole head is, from its first eight bytes; null when they begin no file of ours. */
export function headLength(start: Uint8Array): number | null {
  const view = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  if (view.length < headStartBytes || !view.subarray(0, 4).equals(headMagic) || view[4] !== version)
    return null
  return headStartBytes + view.readUInt16LE(6) + 4
}

export function decodeHead(bytes: Buffer): CameraId | null {
  if (headLength(bytes) !== bytes.length) return null
  if (crc32(bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4)) return null
  try {
    return CameraId.parse(JSON.parse(bytes.subarray(headStartBytes, -4).toString()).camera)
  } catch {
    return null
  }
}

/** What goes before the frame's own bytes. */
export function encodeFramePrefix(frame: RecordedFrame): Buffer {
  const { video, capturedAt, bytes } = frame
  const codec = Buffer.from(video?.codec ?? '').subarray(0, 40)
  const prefix = Buffer.alloc(prefixBytes + fixedBytes + codec.length)
  prefix.writeUInt32LE(fixedBytes + codec.length + bytes.length, 0)
  prefix.writeUInt8(
    (video === null ? 0 : isVideo) |
      (video === null || video.isKey ? isKey : 0) |
      (capturedAt === null ? 0 : hasCapturedAt),
    8,
  )
  prefix.writeUInt8(codec.length, 9)
  prefix.writeUInt16LE(clamped(frame.widthPx), 10)
  prefix.writeUInt16LE(clamped(frame.heightPx), 12)
  prefix.writeDoubleLE(frame.receivedAt, 14)
  prefix.writeDoubleLE(capturedAt ?? 0, 22)
  codec.copy(prefix, prefixBytes + fixedBytes)
  prefix.writeUInt32LE(crc32(bytes, crc32(prefix.subarray(prefixBytes))), 4)
  return prefix
}

function clamped(size: number): number {
  return Math.min(0xffff, Math.max(0, Math.round(size)))
}

export type Decoded =
  | { readonly is: 'frame'; readonly frame: RecordedFrame; readonly length: number }
  /** More bytes are needed: so many from the record's beginning. */
  | { readonly is: 'more'; readonly length: number }
  /** The foot, or what no frame begins with. */
  | { readonly is: 'end' }
  | { readonly is: 'torn' }

/** The record that begins at `at`. The frame's bytes are part of `buffer`. */
export function decodeRecord(buffer: Buffer, at: number): Decoded {
  const left = buffer.length - at
  if (left < prefixBytes) return { is: 'more', length: prefixBytes }
  if (buffer.subarray(at, at + 4).equals(footMagic)) return { is: 'end' }
  const length = buffer.readUInt32LE(at)
  if (length < fixedBytes || length > longestRecord) return { is: 'torn' }
  if (left < prefixBytes + length) return { is: 'more', length: prefixBytes + length }
  const record = buffer.subarray(at + prefixBytes, at + prefixBytes + length)
  if (crc32(record) !== buffer.readUInt32LE(at + 4)) return { is: 'torn' }
  const flags = record.readUInt8(0)
  const codecLength = record.readUInt8(1)
  if (fixedBytes + codecLength > length) return { is: 'torn' }
  const codec = record.subarray(fixedBytes, fixedBytes + codecLength).toString()
  const frame = {
    receivedAt: record.readDoubleLE(6),
    capturedAt: flags & hasCapturedAt ? record.readDoubleLE(14) : null,
    video: flags & isVideo ? { codec, isKey: (flags & isKey) !== 0 } : null,
    widthPx: record.readUInt16LE(2),
    heightPx: record.readUInt16LE(4),
    bytes: record.subarray(fixedBytes + codecLength),
  }
  return { is: 'frame', frame, length: prefixBytes + length }
}

export function encodeFoot({ frames, firstAt, lastAt }: Foot): Buffer {
  const foot = Buffer.alloc(footBytes)
  footMagic.copy(foot)
  foot.writeUInt32LE(frames, 4)
  foot.writeDoubleLE(firstAt, 8)
  foot.writeDoubleLE(lastAt, 16)
  foot.writeUInt32LE(crc32(foot.subarray(0, 28)), 28)
  return foot
}

export function decodeFoot(bytes: Buffer): Foot | null {
  if (bytes.length !== footBytes || !bytes.subarray(0, 4).equals(footMagic)) return null
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return null
  const foot = {
    frames: bytes.readUInt32LE(4),
    firstAt: bytes.readDoubleLE(8),
    lastAt: bytes.readDoubleLE(16),
  }
  return Number.isFinite(foot.firstAt) && Number.isFinite(foot.lastAt) ? foot : null
}
