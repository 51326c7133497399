/** From what the heads say to faces: where they lie, which of many guesses is taken, and how many. */
import { describe, expect, it } from 'vitest'
import { facesIn } from '../../../../../src/renderer/analysis/blazeface/faces.ts'
import type { Seen } from '../../../../../src/renderer/analysis/blazeface/runner.ts'

const limits = { surely: 0.5, sameFaceTwice: 0.3, mostFaces: 3 }
const sureAt = (score: number) => Math.log(score / (1 - score))

/** Heads of a grid of `side`, two guesses a place, sure of nothing but what is said. */
function grid(
  side: number,
  guesses: readonly { place: number; n?: number; score: number; numbers: readonly number[] }[],
): Seen[] {
  const scores = { side, channels: 2, step: 8, values: new Float32Array(side * side * 8).fill(-100) }
  const boxes = { side, channels: 32, step: 32, values: new Float32Array(side * side * 32) }
  for (const { place, n = 0, score, numbers } of guesses) {
    scores.values[place * 8 + n] = sureAt(score)
    boxes.values.set(numbers, place * 32 + n * 16)
  }
  return [boxes, scores]
}

const face = (width: number, height = width) => [0, 0, width, height, -5, -4, 5, -2]

describe('faces', () => {
  it('lie around their place in the grid, in whole pixels of the square, with the eyes where they are', () => {
    // The third place of the second row of 16, 16 pixels each: its middle is at 40, 24.
    const seen = grid(16, [{ place: 18, n: 1, score: 0.8765, numbers: [1.25, -2, 20, 30, -5, -4, 5, -2] }])
    const found = facesIn(seen, limits)
    expect(found).toEqual([
      {
        score: 0.88,
        // 41.25 − 15 and 22 − 15, rounded; the longer side is the square's.
        x: 26 / 256,
        y: 7 / 256,
        side: 30 / 256,
        eyes: [
          [35 / 256, 20 / 256],
          [45 / 256, 22 / 256],
        ],
      },
    ])
  })

  it('are taken once, the surest guess of each, of both grids', () => {
    const seen = [
      ...grid(16, [
        { place: 0, score: 0.7, numbers: face(40) },
        { place: 1, score: 0.9, numbers: face(40) },
        { place: 200, score: 0.6, numbers: face(30) },
        // Not surer than asked.
        { place: 100, score: 0.499, numbers: face(30) },
      ]),
      ...grid(8, [{ place: 0, score: 0.8, numbers: face(42) }]),
    ]
    expect(facesIn(seen, limits).map(({ score }) => score)).toEqual([0.9, 0.6])
    // Nearly one above the other counts as two when that is asked.
    expect(facesIn(seen, { ...limits, sameFaceTwice: 0.99 }).map(({ score }) => score)).toEqual([
      0.9, 0.8, 0.7,
    ])
  })

  it('are no more than asked for, and none where nothing is sure', () => {
    const many = [0, 5, 10, 15].map((place) => ({ place, score: 0.6 + place / 100, numbers: face(10) }))
    expect(facesIn(grid(16, many), limits).map(({ score }) => score)).toEqual([0.75, 0.7, 0.65])
    expect(facesIn(grid(16, []), limits)).toEqual([])
  })

  it('are not read from heads that speak of something else', () => {
    const [boxes, scores] = grid(16, []) as [Seen, Seen]
    for (const wrong of [[boxes], [scores], [boxes, { ...scores, channels: 3 }], [boxes, scores, scores]])
      expect(() => facesIn(wrong, limits)).toThrow(/something else than faces/)
  })
})
