/** The square a face server gets, and boxes on their way into it and back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inPicture } from '../../../../src/main/drivers/owt/boxes.ts'
import { excerptOf, squarePx, toSquare, within } from '../../../../src/renderer/analysis/fit.ts'

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 8000 }),
  height: fc.integer({ min: 1, max: 8000 }),
})
const fits = fc.constantFrom('letterbox' as const, 'crop' as const)

describe('an excerpt', () => {
  it('is a square of the picture’s pixels around its middle', () => {
    fc.assert(
      fc.property(sizes, fits, ({ width, height }, fit) => {
        const box = excerptOf({ width, height }, fit)
        expect(box.width * width).toBeCloseTo(box.height * height, 6)
        expect(box.x + box.width / 2).toBeCloseTo(0.5, 9)
        expect(box.y + box.height / 2).toBeCloseTo(0.5, 9)
      }),
    )
  })

  it('holds all of the picture when letterboxed, and nothing beyond it when cropped', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const all = excerptOf(size, 'letterbox')
        expect(Math.max(all.x, all.y)).toBeLessThanOrEqual(0)
        expect(Math.min(all.x + all.width, all.y + all.height)).toBeGreaterThanOrEqual(1 - 1e-9)
        const crop = excerptOf(size, 'crop')
        expect(Math.min(crop.x, crop.y)).toBeGreaterThanOrEqual(0)
        expect(Math.max(crop.x + crop.width, crop.y + crop.height)).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('is what a person would draw for a wide picture', () => {
    expect(excerptOf({ width: 1280, height: 720 }, 'letterbox')).toEqual({
      x: 0,
      y: (720 - 1280) / 2 / 720,
      width: 1,
      height: 1280 / 720,
    })
    expect(excerptOf({ width: 1280, height: 720 }, 'crop')).toEqual({
      x: (1280 - 720) / 2 / 1280,
      y: 0,
      width: 720 / 1280,
      height: 1,
    })
    expect(squarePx).toBe(640)
  })
})

it('leads a box to the square, and the driver leads it back to where it was', () => {
  const inside = fc.double({ min: 0, max: 0.5, noNaN: true })
  const length = fc.double({ min: 0.01, max: 0.5, noNaN: true })
  const boxes = fc.record({ x: inside, y: inside, width: length, height: length })
  fc.assert(
    fc.property(sizes, fits, boxes, (size, fit, box) => {
      const excerpt = excerptOf(size, fit)
      const back = inPicture(toSquare(box, excerpt), excerpt)
      for (const key of ['x', 'y', 'width', 'height'] as const) expect(back?.[key]).toBeCloseTo(box[key], 6)
    }),
  )
})

it('keeps a box square in pixels on either side', () => {
  fc.assert(
    fc.property(sizes, fits, (size, fit) => {
      const excerpt = excerptOf(size, fit)
      const there = toSquare({ x: 0, y: 0, width: 10 / size.width, height: 10 / size.height }, excerpt)
      expect(there.width / there.height).toBeCloseTo(1, 6)
    }),
  )
})

it('draws no picture larger than it is, and none longer than asked', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 1000 }), (size, longest) => {
      const drawn = within(size, longest)
      expect(Math.max(drawn.width, drawn.height)).toBeLessThanOrEqual(longest)
      expect(drawn.width).toBeLessThanOrEqual(size.width)
      expect(Math.min(drawn.width, drawn.height)).toBeGreaterThanOrEqual(1)
    }),
  )
})
