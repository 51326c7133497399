/** Where a face in a square lies in its picture, and which faces are worth a closer look. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxInPicture,
  overlap,
  squareAround,
  wholeSquare,
} from '../../../../src/renderer/analysis/face-square.ts'
import { FaceTracks, mostAtOnce } from '../../../../src/renderer/analysis/face-tracks.ts'

describe('a square of a picture', () => {
  it('holds the whole picture, and a box in it is the same place in the picture', () => {
    expect(wholeSquare({ width: 640, height: 360 })).toEqual({ x: 0, y: -140, side: 640 })
    const size = { width: 640, height: 360 }
    const middle = boxInPicture({ x: 0.25, y: 0.375, width: 0.5, height: 0.25 }, wholeSquare(size), size)
    expect(middle?.x).toBeCloseTo(0.25)
    expect(middle?.y).toBeCloseTo(100 / 360)
    expect(middle?.height).toBeCloseTo(160 / 360)
  })

  it('gives boxes that lie in the picture, or none, whatever the detector says', () => {
    const part = fc.double({ min: -3, max: 3, noNaN: true })
    const px = fc.integer({ min: 1, max: 4096 })
    fc.assert(
      fc.property(part, part, part, part, px, px, (x, y, width, height, wide, high) => {
        const size = { width: wide, height: high }
        const box = boxInPicture({ x, y, width, height }, wholeSquare(size), size)
        if (box === null) return
        expect(box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0).toBe(true)
        expect(box.x + box.width <= 1.000001 && box.y + box.height <= 1.000001).toBe(true)
      }),
    )
  })

  it('around a face has the face in its middle', () => {
    const square = squareAround({ x: 0.4, y: 0.2, width: 0.1, height: 0.2 }, { width: 1000, height: 500 }, 2)
    expect([square.x, square.y, square.side].map(Math.round)).toEqual([350, 50, 200])
  })

  it('two boxes have all, half or nothing in common', () => {
    const box = { x: 0, y: 0, width: 0.2, height: 0.2 }
    expect(overlap(box, box)).toBe(1)
    expect(overlap(box, { ...box, x: 0.1 })).toBeCloseTo(1 / 3)
    expect(overlap(box, { ...box, x: 0.2 })).toBe(0)
  })
})

describe('a closer look', () => {
  const box = { x: 0.1, y: 0.1, width: 0.1, height: 0.1 }

  it('is for a new face, for one that has jumped, and for each once a second', () => {
    const tracks = new FaceTracks()
    const asked = [0, 33, 66, 990, 1001, 1034].map((at) => tracks.at(at)(box))
    expect(asked).toEqual([true, false, false, false, true, false])
    expect(tracks.at(1067)({ ...box, x: 0.5 })).toBe(true)
    // Walking on little by little is the same face.
    expect([1100, 1133, 1166].map((at, step) => tracks.at(at)({ ...box, x: 0.1 + step * 0.03 }))).toEqual([
      false,
      false,
      false,
    ])
  })

  it('is for few faces of one picture; the others have their turn in the next ones', () => {
    const tracks = new FaceTracks()
    const crowd = Array.from({ length: 5 }, (_, n) => ({ ...box, x: n * 0.15 }))
    const rounds = [0, 33, 66].map((at) => {
      const wanted = tracks.at(at)
      return crowd.filter((face) => wanted(face)).length
    })
    expect(rounds).toEqual([mostAtOnce, mostAtOnce, 5 - 2 * mostAtOnce])
  })

  it('forgets faces that are gone', () => {
    const tracks = new FaceTracks()
    expect(tracks.at(0)(box)).toBe(true)
    tracks.at(2500)
    expect(tracks.at(2501)(box)).toBe(true)
  })
})
