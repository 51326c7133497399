/**
 * Four numbers to a part of the camera's picture. Nobody says which four they are: the link's setting does, or, on `auto`, a guess
 * from the field's name, from what the numbers cannot mean, and from what was ruled out before.
 */
import type { Box } from '../../../contract/events.ts'
import type { RawBox } from './codec.ts'
import type { BoxFormat, OwtProfile } from './profile.ts'

export interface Square {
  readonly widthPx: number
  readonly heightPx: number
}

type PixelFormat = 'xywh-px' | 'xyxy-px'
/** A detector's box may reach over the edge by a little: beyond that the numbers mean something else. */
const overShare = 0.1

/** As its maker writes it: the server's description has corners in `bbox`, the document a size in `box`. */
const usual: Readonly<Record<RawBox['field'], PixelFormat>> = { bbox: 'xyxy-px', box: 'xywh-px' }

export class Boxes {
  readonly #setting: OwtProfile['boxFormat']
  readonly #ruledOut: Record<RawBox['field'], PixelFormat | null> = { bbox: null, box: null }
  /** The format of the last box, for the link's words. */
  #last: BoxFormat | null = null

  constructor(setting: OwtProfile['boxFormat']) {
    this.#setting = setting
  }

  get last(): BoxFormat | null {
    return this.#last
  }

  get isGuess(): boolean {
    return this.#setting === 'auto'
  }

  /** Part of the square that was sent, not yet cut at its edges. Null: no area. */
  read(raw: RawBox, square: Square): Box | null {
    const format = this.#setting === 'auto' ? this.#guess(raw, square) : this.#setting
    this.#last = format
    const [a, b, c, d] = raw.numbers
    const { widthPx: w, heightPx: h } = square
    const box =
      format === 'xywh-norm'
        ? { x: a, y: b, width: c, height: d }
        : format === 'xywh-px'
          ? { x: a / w, y: b / h, width: c / w, height: d / h }
          : format === 'xyxy-px'
            ? { x: a / w, y: b / h, width: (c - a) / w, height: (d - b) / h }
            : { x: b / w, y: a / h, width: (d - b) / w, height: (c - a) / h }
    return box.width > 0 && box.height > 0 ? box : null
  }

  #guess({ field, numbers }: RawBox, { widthPx, heightPx }: Square): BoxFormat {
    const [a, b, c, d] = numbers
    // A box of one pixel is no face.
    if (numbers.every((one) => Math.abs(one) <= 1)) return 'xywh-norm'
    const isNoCorner = c <= a || d <= b
    const isNoSize = a + c > widthPx * (1 + overShare) || b + d > heightPx * (1 + overShare)
    if (isNoCorner !== isNoSize) this.#ruledOut[field] = isNoCorner ? 'xyxy-px' : 'xywh-px'
    const not = this.#ruledOut[field]
    if (not === null) return usual[field]
    return not === 'xywh-px' ? 'xyxy-px' : 'xywh-px'
  }
}

/** From the square to the camera's picture, cut at its edges. Null when nothing of it is in the picture. */
export function inPicture(box: Box, excerpt: Box): Box | null {
  const x = share(excerpt.x + box.x * excerpt.width)
  const y = share(excerpt.y + box.y * excerpt.height)
  const width = share(excerpt.x + (box.x + box.width) * excerpt.width) - x
  const height = share(excerpt.y + (box.y + box.height) * excerpt.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
