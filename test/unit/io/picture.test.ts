/** Pictures by their headers: three formats, real and damaged. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBase64Picture, readPicture } from '../../../src/main/io/picture.ts'
import { encodePng } from '../../sim/blue-light/picture.ts'

const png = encodePng(3, 2, Buffer.alloc(2 * (1 + 3 * 3)))

function jpeg(widthPx: number, heightPx: number): Buffer {
  const app0 = Buffer.from('ffe000104a46494600010100000100010000', 'hex')
  const sof = Buffer.concat([Buffer.from('ffc000110800000000', 'hex'), Buffer.alloc(10)])
  sof.writeUInt16BE(heightPx, 5)
  sof.writeUInt16BE(widthPx, 7)
  return Buffer.concat([Buffer.from('ffd8', 'hex'), app0, sof, Buffer.from('ffd9', 'hex')])
}

function webp(chunk: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(12 + body.length)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WEBP'), Buffer.from(chunk), length, body])
}

/** 640 × 480 in each of WebP's three headers. */
const lossy = webp('VP8 ', Buffer.from('0000009d012a8002e0010000', 'hex'))
const lossless = webp('VP8L', Buffer.from('2f7fc2770000000000000000', 'hex'))
const extended = webp('VP8X', Buffer.from('000000007f0200df01000000', 'hex'))

const good: readonly (readonly [string, Buffer, string, number, number])[] = [
  ['PNG', png, 'image/png', 3, 2],
  ['JPEG', jpeg(640, 480), 'image/jpeg', 640, 480],
  ['WebP, lossy', lossy, 'image/webp', 640, 480],
  ['WebP, lossless', lossless, 'image/webp', 640, 480],
  ['WebP, extended', extended, 'image/webp', 640, 480],
]

test.each(good)('%s is read by its header', (_name, bytes, mime, widthPx, heightPx) => {
  expect(readPicture(bytes)).toMatchObject({ ok: true, evidence: { mime, widthPx, heightPx } })
})

const bad: readonly (readonly [string, Buffer, RegExp])[] = [
  ['nothing', Buffer.alloc(0), /empty/],
  ['GIF', Buffer.from('GIF89a......'), /GIF/],
  ['PDF', Buffer.from('%PDF-1.7'), /PDF/],
  ['XML with SVG', Buffer.from('<?xml version="1.0"?><svg/>'), /SVG/],
  ['JPEG of 5000 × 5000', jpeg(5000, 5000), /5000 × 5000/],
  ['JPEG without a size', jpeg(0, 0), /damaged/],
  ['JPEG cut in its header', jpeg(640, 480).subarray(0, 20), /damaged/],
  ['PNG cut short', png.subarray(0, 30), /damaged/],
]

test.each(bad)('%s is refused', (_name, bytes, reason) => {
  const read = readPicture(bytes)
  expect(read.ok).toBe(false)
  expect(read.ok ? '' : read.reason).toMatch(reason)
})

test('base64 comes with or without a data prefix, and its claim is not believed', () => {
  const text = png.toString('base64')
  expect(readBase64Picture(text)).toMatchObject({ ok: true })
  expect(readBase64Picture(`data:image/jpeg;base64,${text}`)).toMatchObject({
    ok: true,
    evidence: { mime: 'image/png' },
  })
})

test('never throws, whatever is broken', () => {
  const broken = fc
    .tuple(
      fc.constantFrom(...good.map(([, bytes]) => bytes)),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255))),
      fc.nat(90),
    )
    .map(([bytes, edits, length]) => {
      const copy = Buffer.from(bytes)
      for (const [at, value] of edits) if (at < copy.length) copy[at] = value
      return copy.subarray(0, length)
    })
  fc.assert(
    fc.property(broken, (bytes) => {
      readPicture(bytes)
    }),
  )
})
