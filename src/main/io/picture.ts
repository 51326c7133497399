/** Looks at a picture without decoding it: kind by magic bytes, size by header, within limits, tail cut off. */
import { createHash } from 'node:crypto'
import type { Evidence } from '../../contract/alerts.ts'

export const pictureLimits = { sizeBytes: 1024 * 1024, pixels: 4_000_000 }

export type PictureRead =
  | { readonly ok: true; readonly evidence: Evidence; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: string }

interface Header {
  readonly mime: Evidence['mime']
  readonly widthPx: number
  readonly heightPx: number
  /** Where the picture ends: whatever hides behind it is not kept. */
  readonly endAt: number
}

const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function readPng(bytes: Buffer): Header | null {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  let at = 8
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    at += 12 + length
    if (name === 'IEND' && at <= bytes.length) {
      return {
        mime: 'image/png',
        widthPx: bytes.readUInt32BE(16),
        heightPx: bytes.readUInt32BE(20),
        endAt: at,
      }
    }
  }
  return null
}

/** Start-of-frame markers carry the size; C4, C8 and CC share their range but are tables. */
function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function readJpeg(bytes: Buffer): Header | null {
  let at = 2
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2) return null
    if (isFrameMarker(marker)) {
      const end = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]))
      const heightPx = bytes.readUInt16BE(at + 5)
      const widthPx = bytes.readUInt16BE(at + 7)
      return { mime: 'image/jpeg', widthPx, heightPx, endAt: end > at ? end + 2 : bytes.length }
    }
    at += 2 + length
  }
  return null
}

/** Size of a JPEG by its header alone: cheap enough for every frame of a stream. Null for what is no JPEG. */
export function jpegSize(bytes: Buffer): { readonly widthPx: number; readonly heightPx: number } | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const header = readJpeg(bytes)
  if (header === null || header.widthPx === 0 || header.heightPx === 0) return null
  return { widthPx: header.widthPx, heightPx: header.heightPx }
}

function readWebp(bytes: Buffer): Header | null {
  if (bytes.length < 30) return null
  const mime = 'image/webp'
  const endAt = Math.min(bytes.length, bytes.readUInt32LE(4) + 8)
  const chunk = bytes.toString('latin1', 12, 16)
  if (chunk === 'VP8X') {
    return { mime, widthPx: bytes.readUIntLE(24, 3) + 1, heightPx: bytes.readUIntLE(27, 3) + 1, endAt }
  }
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21)
    return { mime, widthPx: (bits & 0x3fff) + 1, heightPx: ((bits >>> 14) & 0x3fff) + 1, endAt }
  }
  if (chunk !== 'VP8 ') return null
  return { mime, widthPx: bytes.readUInt16LE(26) & 0x3fff, heightPx: bytes.readUInt16LE(28) & 0x3fff, endAt }
}

function readHeader(bytes: Buffer): Header | null | 'unknown' {
  if (bytes.subarray(0, 8).equals(pngMagic)) return readPng(bytes)
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return readJpeg(bytes)
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
    return readWebp(bytes)
  return 'unknown'
}

function nameOfOther(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 512).trimStart().toLowerCase()
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg'))) return 'SVG'
  if (start.startsWith('gif8')) return 'GIF'
  if (start.startsWith('%pdf')) return 'PDF'
  return 'unknown'
}

export function readPicture(bytes: Buffer): PictureRead {
  if (bytes.length === 0) return { ok: false, reason: 'empty' }
  if (bytes.length > pictureLimits.sizeBytes)
    return { ok: false, reason: `${bytes.length} bytes, at most ${pictureLimits.sizeBytes}` }
  const header = readHeader(bytes)
  if (header === 'unknown')
    return { ok: false, reason: `${nameOfOther(bytes)} format, only PNG, JPEG and WebP are kept` }
  if (header === null || header.widthPx === 0 || header.heightPx === 0)
    return { ok: false, reason: 'damaged header' }
  const { mime, widthPx, heightPx } = header
  // An 8 KB PNG can decode to 186 MB: the header decides, before anything decodes it.
  if (widthPx * heightPx > pictureLimits.pixels)
    return { ok: false, reason: `${widthPx} × ${heightPx}, at most ${pictureLimits.pixels} pixels` }
  const kept = bytes.subarray(0, header.endAt)
  const sha256 = createHash('sha256').update(kept).digest('hex')
  return { ok: true, bytes: kept, evidence: { sha256, mime, widthPx, heightPx, sizeBytes: kept.length } }
}

const base64Text = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Base64, with or without a `data:` prefix; the declared type is ignored, the bytes decide. */
export function readBase64Picture(text: string): PictureRead {
  const comma = text.startsWith('data:') ? text.indexOf(',') : -1
  const body = text.slice(comma + 1)
  if (body.length > pictureLimits.sizeBytes * 1.4)
    return { ok: false, reason: `${body.length} characters of base64, too large` }
  if (!base64Text.test(body)) return { ok: false, reason: 'not base64' }
  return readPicture(Buffer.from(body, 'base64'))
}
