/** How a photo is made to fit one request: quality goes before size, never above the limits, base64 right over its seams. */
import { describe, expect, test } from 'vitest'
import { PhotoUpload } from '../../../../src/contract/faces.ts'
import {
  attempts,
  base64Length,
  firstFitting,
  mostBase64Chars,
  mostSidePx,
  toBase64,
} from '../../../../src/renderer/features/faces/photo.ts'

describe('what is tried', () => {
  test('a small picture keeps its size first', () => {
    expect(attempts(300, 200)[0]).toEqual({ widthPx: 300, heightPx: 200, quality: 0.92 })
  })

  test('a large one starts at the limit, in its own shape', () => {
    expect(attempts(4000, 3000)[0]).toEqual({ widthPx: mostSidePx, heightPx: 768, quality: 0.92 })
  })

  test('quality goes before size, and both only down', () => {
    const tries = attempts(2000, 1000)
    expect(tries.slice(0, 4).map(({ widthPx, quality }) => [widthPx, quality])).toEqual([
      [1024, 0.92],
      [1024, 0.8],
      [1024, 0.65],
      [768, 0.92],
    ])
    const widths = tries.map(({ widthPx }) => widthPx)
    expect(widths).toEqual(widths.toSorted((a, b) => b - a))
  })

  test.each([
    [1, 1],
    [50, 40],
    [5000, 10],
  ])('a picture of %i × %i is tried at least once, and never without pixels', (width, height) => {
    const tries = attempts(width, height)
    expect(tries.length).toBeGreaterThan(0)
    expect(tries.every(({ widthPx, heightPx }) => widthPx >= 1 && heightPx >= 1)).toBe(true)
  })
})

describe('the first that fits', () => {
  /** An encoder whose output grows with pixels and quality, as JPEG does. */
  const encode =
    (bytesPerPixel: number) => async (a: { widthPx: number; heightPx: number; quality: number }) =>
      new Uint8Array(Math.ceil(a.widthPx * a.heightPx * a.quality * bytesPerPixel))

  test('is the best of those below the limit', async () => {
    const tries = attempts(4000, 3000)
    const bytes = await firstFitting(tries, encode(0.3))
    const sizes = tries.map((a) => Math.ceil(a.widthPx * a.heightPx * a.quality * 0.3))
    expect(bytes?.length).toBe(sizes.find((size) => base64Length(size) < mostBase64Chars))
    expect(sizes[0]).toBeGreaterThan(bytes?.length ?? 0)
  })

  test('is none when even the smallest is too large', async () => {
    expect(await firstFitting(attempts(4000, 3000), encode(1000))).toBeNull()
  })
})

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000])('%i bytes as base64', (length) => {
  const bytes = Uint8Array.from({ length }, (_, n) => (n * 31) % 256)
  const text = toBase64(bytes)
  expect(text).toBe(Buffer.from(bytes).toString('base64'))
  expect(text).toHaveLength(base64Length(length))
})

test('the limit is the contract’s', () => {
  const upload = (chars: number) =>
    PhotoUpload.safeParse({ mime: 'image/jpeg', base64: 'A'.repeat(chars) }).success
  expect(upload(mostBase64Chars)).toBe(true)
  expect(upload(mostBase64Chars + 4)).toBe(false)
})
