/** How a picture lies in the square a face server wants. Pure arithmetic; the way back is the driver's, which gets the excerpt. */
import type { Box } from '../../contract/events.ts'

interface Size {
  readonly width: number
  readonly height: number
}

export const squarePx = 640

/**
 * The part of the picture that the square shows, 0..1 of the picture: all of it with black around (`letterbox`, reaching beyond the
 * picture), or the largest square from its middle (`crop`).
 */
export function excerptOf({ width, height }: Size, fit: 'letterbox' | 'crop'): Box {
  const side = fit === 'letterbox' ? Math.max(width, height) : Math.min(width, height)
  return {
    x: (width - side) / 2 / width,
    y: (height - side) / 2 / height,
    width: side / width,
    height: side / height,
  }
}

/** A box of the picture as it lies in the square; both 0..1. */
export function toSquare(box: Box, excerpt: Box): Box {
  return {
    x: (box.x - excerpt.x) / excerpt.width,
    y: (box.y - excerpt.y) / excerpt.height,
    width: box.width / excerpt.width,
    height: box.height / excerpt.height,
  }
}

/** The size a picture is drawn in when no side may be longer than `longest`. Never larger than it is. */
export function within({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
