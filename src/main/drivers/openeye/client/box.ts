/** Edges in pixels to a box in shares of the picture. */
import type { Box } from '../../../../contract/events.ts'
import type { Edges } from '../messages.ts'

export interface PictureSize {
  readonly widthPx: number
  readonly heightPx: number
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share))
}

/** Null where there is no size to measure by, or no area. */
export function boxOf(edges: Edges | null, size: PictureSize | undefined): Box | null {
  if (edges === null || size === undefined) return null
  const x = clamp(edges.left / size.widthPx)
  const y = clamp(edges.top / size.heightPx)
  const width = clamp(edges.right / size.widthPx) - x
  const height = clamp(edges.bottom / size.heightPx) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}
