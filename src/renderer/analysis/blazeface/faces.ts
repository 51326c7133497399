/**
 * From what the heads say to faces. Each place of the grid guesses whether a face is there, and where from the place its box, its
 * eyes and four more points lie; many places guess the same face, and the surest is taken.
 */
import type { Box } from '../../../contract/events.ts'
import { overlap } from '../face-square.ts'
import { blazeSide, type Seen } from './runner.ts'

/** 0..1 of the square; the points are its eyes, from left to right in the picture of an upright face. */
export interface BlazeFace {
  readonly score: number
  readonly x: number
  readonly y: number
  readonly side: number
  readonly eyes: readonly [Point, Point]
}

type Point = readonly [x: number, y: number]

export interface Limits {
  /** 0..1; faces that are not surer are none. */
  readonly surely: number
  /** 0..1 of what two boxes cover together; from here on it is one face. */
  readonly sameFaceTwice: number
  readonly mostFaces: number
}

interface Guess {
  readonly score: number
  /** Pixels of the square. */
  readonly box: Box
  readonly eyes: readonly [Point, Point]
}

/** Middle and size of the box, then six points. */
const numbersPerGuess = 16

/** The surest first. */
export function facesIn(seen: readonly Seen[], { surely, sameFaceTwice, mostFaces }: Limits): BlazeFace[] {
  const taken: Guess[] = []
  // Sorting keeps the order of those that are equally sure.
  for (const guess of guesses(seen, surely).sort((a, b) => b.score - a.score)) {
    if (taken.length === mostFaces) break
    if (taken.every(({ box }) => overlap(box, guess.box) < sameFaceTwice)) taken.push(guess)
  }
  return taken.map(faceOf)
}

function guesses(seen: readonly Seen[], surely: number): Guess[] {
  const found: Guess[] = []
  for (const { side, boxes, scores } of gridsOf(seen)) {
    const cell = blazeSide / side
    for (let place = 0; place < side * side; place += 1) {
      const middle: Point = [((place % side) + 0.5) * cell, (Math.floor(place / side) + 0.5) * cell]
      for (let n = 0; n < scores.channels; n += 1) {
        const score = 1 / (1 + Math.exp(-(scores.values[place * scores.step + n] ?? 0)))
        if (!(score > surely)) continue
        const at = place * boxes.step + n * numbersPerGuess
        found.push(guessOf(score, middle, boxes.values.subarray(at, at + numbersPerGuess)))
      }
    }
  }
  return found
}

/** Of each grid two heads speak: how sure, and sixteen times as much about where. The finer grid comes first. */
function gridsOf(seen: readonly Seen[]): { side: number; boxes: Seen; scores: Seen }[] {
  const sides = [...new Set(seen.map(({ side }) => side))].sort((a, b) => b - a)
  return sides.map((side) => {
    const [scores, boxes, ...more] = seen
      .filter((head) => head.side === side)
      .sort((a, b) => a.channels - b.channels)
    if (
      scores === undefined ||
      boxes === undefined ||
      more.length > 0 ||
      boxes.channels !== scores.channels * numbersPerGuess
    )
      throw new Error('the model that finds faces says something else than faces')
    return { side, boxes, scores }
  })
}

function guessOf(score: number, [middleX, middleY]: Point, numbers: Float32Array): Guess {
  const [x = 0, y = 0, w = 0, h = 0, ...points] = numbers
  const [width, height] = [Math.abs(w), Math.abs(h)]
  const eye = (at: number): Point => [(points[at] ?? 0) + middleX, (points[at + 1] ?? 0) + middleY]
  return {
    score,
    box: { x: x + middleX - width / 2, y: y + middleY - height / 2, width, height },
    eyes: [eye(0), eye(2)],
  }
}

/**
 * The square around the box in whole pixels, and hundredths of sureness, as the library gives them with which photos were learned
 * before: what is told of a face depends on its square, and people stay as well known as they were.
 */
function faceOf({ score, box: { x, y, width, height }, eyes: [one, other] }: Guess): BlazeFace {
  const half = Math.max(width, height) / 2
  const middle: Point = [x + width / 2, y + height / 2]
  const left = Math.round(middle[0] - half)
  const top = Math.round(middle[1] - half)
  const part = ([x, y]: Point): Point => [x / blazeSide, y / blazeSide]
  return {
    score: Math.round(100 * score) / 100,
    x: left / blazeSide,
    y: top / blazeSide,
    side: (Math.round(middle[0] + half) - left) / blazeSide,
    eyes: [part(one), part(other)],
  }
}
