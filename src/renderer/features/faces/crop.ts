/** Where a face is in its picture, and whether the box belongs to the picture at all. Arithmetic only. */
import type { Box, DetectionEvent } from '../../../contract/events.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A face moves about its own width in a second: later than this, the box would frame a wall. */
export const sameMomentMs = 1000

type Pictured = Pick<DetectionEvent, 'at' | 'pictureAt' | 'box' | 'evidence'>

/** The box as far as it may be drawn: null when there is none, or when the picture is of another moment. */
export function boxOn(event: Pictured): Box | null {
  if (event.box === null || event.evidence === null || event.pictureAt === null) return null
  return Math.abs(event.pictureAt - (event.box.at ?? event.at)) <= sameMomentMs ? event.box : null
}

/** How long after the sighting the picture was taken, negative before it; null when it is of the same moment or unknown. */
export function pictureOffMs(event: Pictured): number | null {
  if (event.evidence === null || event.pictureAt === null) return null
  const offMs = event.pictureAt - (event.box?.at ?? event.at)
  return Math.abs(offMs) <= sameMomentMs ? null : offMs
}

/** A recognisable head needs hair and chin: detectors' boxes end at the brow. */
const marginShare = 0.35

/**
 * The part of the picture to show for a face, in its pixels: the box with a margin, widened to the wanted shape, moved back into the
 * picture where it would reach over the edge. Null for a box without area or outside the picture.
 */
export function cropOf(box: Box, widthPx: number, heightPx: number, aspect = 1): Rect | null {
  const left = Math.max(0, box.x) * widthPx
  const top = Math.max(0, box.y) * heightPx
  const right = Math.min(1, box.x + box.width) * widthPx
  const bottom = Math.min(1, box.y + box.height) * heightPx
  if (!(right - left >= 1 && bottom - top >= 1)) return null
  let width = (right - left) * (1 + 2 * marginShare)
  let height = (bottom - top) * (1 + 2 * marginShare)
  if (width / height < aspect) width = height * aspect
  else height = width / aspect
  const shrink = Math.min(1, widthPx / width, heightPx / height)
  width *= shrink
  height *= shrink
  return {
    x: between(0, (left + right - width) / 2, widthPx - width),
    y: between(0, (top + bottom - height) / 2, heightPx - height),
    width,
    height,
  }
}

/** A whole picture inside a frame, as large as it can be, in the middle. */
export function containedIn(
  widthPx: number,
  heightPx: number,
  frameWidth: number,
  frameHeight: number,
): Rect {
  const scale = Math.min(frameWidth / widthPx, frameHeight / heightPx)
  const width = widthPx * scale
  const height = heightPx * scale
  return { x: (frameWidth - width) / 2, y: (frameHeight - height) / 2, width, height }
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), Math.max(least, most))
}
