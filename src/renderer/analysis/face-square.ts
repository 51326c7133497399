/** Squares of pictures, as face models want them: which part of a picture a square shows, and where a box in it lies in the picture. */
import type { Box } from '../../contract/events.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** A square of the picture in pixels; it may reach beyond the picture, where the square is black. */
export interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** The smallest square that holds the whole picture, the picture in its middle. */
export function wholeSquare({ width, height }: Size): Square {
  const side = Math.max(width, height)
  return { x: (width - side) / 2, y: (height - side) / 2, side }
}

/** A face with `room` times its size around its middle. */
export function squareAround(face: Box, { width, height }: Size, room: number): Square {
  const side = Math.max(face.width * width, face.height * height) * room
  const middleX = (face.x + face.width / 2) * width
  const middleY = (face.y + face.height / 2) * height
  return { x: middleX - side / 2, y: middleY - side / 2, side }
}

/** `inside` is 0..1 of the square; what comes back is 0..1 of the picture, cut at its edges. Null: nothing of it is in the picture. */
export function boxInPicture(inside: Box, square: Square, { width, height }: Size): Box | null {
  const left = clamp((square.x + inside.x * square.side) / width)
  const top = clamp((square.y + inside.y * square.side) / height)
  const right = clamp((square.x + (inside.x + inside.width) * square.side) / width)
  const bottom = clamp((square.y + (inside.y + inside.height) * square.side) / height)
  if (!(right > left && bottom > top)) return null
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** How much of two boxes is common to both, 0..1 of what they cover together. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const common = width * height
  return common / (a.width * a.height + b.width * b.height - common)
}

function clamp(part: number): number {
  return Math.min(1, Math.max(0, part))
}
