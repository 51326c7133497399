/** Where a face is cut out, and that a box is never drawn on a picture of another moment. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxOn, containedIn, cropOf, pictureOffMs } from '../../../../src/renderer/features/faces/crop.ts'
import { makeEvent, picture } from './make-event.ts'

describe('the box', () => {
  const at = (pictureAt: number | null) => makeEvent(1, 10_000, { evidence: picture(), pictureAt })
  test.each([
    [10_000, true],
    [11_000, true],
    [9000, true],
    [11_001, false],
    [8999, false],
    [null, false],
  ])('with the picture taken at %s belongs to it: %s', (pictureAt, belongs) => {
    expect(boxOn(at(pictureAt)) !== null).toBe(belongs)
  })

  test('needs a picture and a place', () => {
    expect(boxOn(makeEvent(1, 10_000, { pictureAt: 10_000 }))).toBeNull()
    expect(boxOn({ ...at(10_000), box: null })).toBeNull()
  })

  test('a picture of another moment says how far off it is', () => {
    expect(pictureOffMs(at(14_000))).toBe(4000)
    expect(pictureOffMs(at(7000))).toBe(-3000)
    expect(pictureOffMs(at(10_900))).toBeNull()
    expect(pictureOffMs(at(null))).toBeNull()
  })
})

describe('the crop', () => {
  test('is the box with a margin, square, around the same middle', () => {
    const crop = cropOf({ x: 0.4, y: 0.4, width: 0.1, height: 0.2 }, 1000, 1000)
    expect(crop?.width).toBeCloseTo(340)
    expect(crop?.height).toBeCloseTo(340)
    expect((crop?.x ?? 0) + 170).toBeCloseTo(450)
    expect((crop?.y ?? 0) + 170).toBeCloseTo(500)
  })

  test('at the edge it moves in rather than showing nothing', () => {
    const crop = cropOf({ x: 0, y: 0.9, width: 0.1, height: 0.1 }, 1000, 1000)
    expect(crop?.x).toBe(0)
    expect((crop?.y ?? 0) + (crop?.height ?? 0)).toBeCloseTo(1000)
  })

  test.each([
    { x: 0.5, y: 0.5, width: 0, height: 0.2 },
    { x: 1.2, y: 0.5, width: 0.1, height: 0.1 },
    { x: Number.NaN, y: 0.5, width: 0.1, height: 0.1 },
    { x: 0.5, y: 0.5, width: -0.1, height: 0.1 },
  ])('of nothing is none: %j', (box) => {
    expect(cropOf(box, 1000, 1000)).toBeNull()
  })

  test('lies in the picture and covers the face, whatever the box', () => {
    const share = fc.double({ min: -0.5, max: 1.5, noNaN: true })
    const side = fc.integer({ min: 8, max: 4000 })
    fc.assert(
      fc.property(share, share, share, share, side, side, (x, y, width, height, widthPx, heightPx) => {
        const crop = cropOf({ x, y, width, height }, widthPx, heightPx)
        if (crop === null) return
        expect(crop.x).toBeGreaterThanOrEqual(0)
        expect(crop.y).toBeGreaterThanOrEqual(0)
        expect(crop.x + crop.width).toBeLessThanOrEqual(widthPx + 1e-6)
        expect(crop.y + crop.height).toBeLessThanOrEqual(heightPx + 1e-6)
        expect(crop.width).toBeCloseTo(crop.height)
        const middleX = ((Math.max(0, x) + Math.min(1, x + width)) / 2) * widthPx
        const middleY = ((Math.max(0, y) + Math.min(1, y + height)) / 2) * heightPx
        expect(middleX).toBeGreaterThanOrEqual(crop.x - 1e-6)
        expect(middleX).toBeLessThanOrEqual(crop.x + crop.width + 1e-6)
        expect(middleY).toBeGreaterThanOrEqual(crop.y - 1e-6)
        expect(middleY).toBeLessThanOrEqual(crop.y + crop.height + 1e-6)
      }),
    )
  })
})

test('a whole picture is shown whole and in the middle', () => {
  expect(containedIn(640, 480, 48, 48)).toEqual({ x: 0, y: 6, width: 48, height: 36 })
})
