/** What four numbers mean, and where they are in the camera's picture. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Boxes, inPicture } from '../../../../src/main/drivers/owt/boxes.ts'

describe('boxes', () => {
  const square = { widthPx: 640, heightPx: 640 }
  const face = { x: 0.5, y: 0.25, width: 0.125, height: 0.25 }

  test.each([
    ['xywh-px', [320, 160, 80, 160]],
    ['xyxy-px', [320, 160, 400, 320]],
    ['xywh-norm', [0.5, 0.25, 0.125, 0.25]],
    ['tlbr-px', [160, 320, 320, 400]],
  ] as const)('%s', (format, numbers) => {
    expect(new Boxes(format).read({ field: 'bbox', numbers: [...numbers] }, square)).toEqual(face)
  })

  test('a guess goes by the name, by what the numbers cannot mean, and by what was ruled out', () => {
    const boxes = new Boxes('auto')
    const read = (field: 'bbox' | 'box', ...numbers: [number, number, number, number]) => {
      boxes.read({ field, numbers }, square)
      return boxes.last
    }
    expect(read('bbox', 100, 100, 200, 220)).toBe('xyxy-px')
    expect(read('box', 100, 100, 200, 220)).toBe('xywh-px')
    expect(read('bbox', 0.1, 0.1, 0.2, 0.2)).toBe('xywh-norm')
    // Its right edge would be left of its left one, so these are sizes; and then the next ones are too.
    expect(read('bbox', 320, 300, 80, 90)).toBe('xywh-px')
    expect(read('bbox', 100, 100, 200, 220)).toBe('xywh-px')
    // Reaching far over the edge, so these are corners.
    expect(read('box', 400, 400, 600, 620)).toBe('xyxy-px')
    expect(read('box', 100, 100, 200, 220)).toBe('xyxy-px')
    expect(boxes.isGuess).toBe(true)
  })

  test('go from the square back to the picture, and are cut at its edges', () => {
    // A wide picture in a square with bars above and below: the square shows more than the picture.
    const letterbox = { x: 0, y: -1 / 3, width: 1, height: 5 / 3 }
    const placed = inPicture({ x: 0.25, y: 0.5, width: 0.5, height: 0.2 }, letterbox)
    expect(placed?.x).toBeCloseTo(0.25)
    expect(placed?.y).toBeCloseTo(0.5)
    expect(placed?.width).toBeCloseTo(0.5)
    expect(placed?.height).toBeCloseTo(1 / 3)
    expect(inPicture({ x: 0.1, y: 0, width: 0.1, height: 0.1 }, letterbox)).toBeNull()
    // The middle of a wide picture.
    const crop = { x: 0.125, y: 0, width: 0.75, height: 1 }
    expect(inPicture({ x: 0, y: 0, width: 1, height: 1 }, crop)).toEqual(crop)
  })

  test('whatever is sent comes back where it was, through letterbox and crop', () => {
    const share = fc.double({ min: 0.01, max: 0.98, noNaN: true })
    const shape = fc.record({
      x: share,
      y: share,
      w: share,
      h: share,
      letterbox: fc.boolean(),
      aspect: fc.double({ min: 0.5, max: 2, noNaN: true }),
    })
    fc.assert(
      fc.property(shape, ({ x, y, w, h, letterbox, aspect }) => {
        const over = letterbox
          ? Math.max(aspect, 1) / Math.min(aspect, 1)
          : Math.min(aspect, 1) / Math.max(aspect, 1)
        const excerpt =
          aspect > 1 === letterbox
            ? { x: 0, y: (1 - over) / 2, width: 1, height: over }
            : { x: (1 - over) / 2, y: 0, width: over, height: 1 }
        const face = { x, y, width: Math.min(w, 1 - x), height: Math.min(h, 1 - y) }
        const inSquare = {
          x: (face.x - excerpt.x) / excerpt.width,
          y: (face.y - excerpt.y) / excerpt.height,
          width: face.width / excerpt.width,
          height: face.height / excerpt.height,
        }
        const back = inPicture(inSquare, excerpt)
        for (const edge of ['x', 'y', 'width', 'height'] as const)
          expect(back?.[edge]).toBeCloseTo(face[edge], 9)
      }),
    )
  })
})
