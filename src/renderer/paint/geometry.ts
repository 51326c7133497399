/** Where a picture lies in its tile, how it is zoomed there, and where a box of the picture comes to lie. Pure arithmetic, px. */

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rect extends Point, Size {}

/** The tile's content is drawn `scale` times as large, moved by `x`, `y`. */
export interface Zoom extends Point {
  readonly scale: number
}

export const noZoom: Zoom = { scale: 1, x: 0, y: 0 }
export const largestScale = 8

/** The whole picture in the middle of the tile, as `object-fit: contain` lays it out. */
export function contain(picture: Size, tile: Size): Rect {
  if (picture.width <= 0 || picture.height <= 0) return { x: 0, y: 0, width: 0, height: 0 }
  const scale = Math.min(tile.width / picture.width, tile.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: (tile.width - width) / 2, y: (tile.height - height) / 2, width, height }
}

/** Zooms by `factor` so that what lies under the pointer stays under it. */
export function zoomAt(zoom: Zoom, factor: number, at: Point, tile: Size): Zoom {
  const scale = Math.min(largestScale, Math.max(1, zoom.scale * factor))
  const ratio = scale / zoom.scale
  return held({ scale, x: at.x - (at.x - zoom.x) * ratio, y: at.y - (at.y - zoom.y) * ratio }, tile)
}

export function pan(zoom: Zoom, dx: number, dy: number, tile: Size): Zoom {
  return held({ ...zoom, x: zoom.x + dx, y: zoom.y + dy }, tile)
}

/** The content always covers its tile: nobody loses the picture by dragging it away. */
function held({ scale, x, y }: Zoom, tile: Size): Zoom {
  const within = (value: number, length: number) => Math.min(0, Math.max(length - length * scale, value))
  return { scale, x: within(x, tile.width), y: within(y, tile.height) }
}

/** A part of the picture, 0..1, where it lies in the tile; null when none of it is in sight. */
export function place(part: Rect, picture: Size, tile: Size, zoom: Zoom): Rect | null {
  const whole = contain(picture, tile)
  const left = Math.min(1, Math.max(0, part.x))
  const top = Math.min(1, Math.max(0, part.y))
  const right = Math.min(1, Math.max(0, part.x + part.width))
  const bottom = Math.min(1, Math.max(0, part.y + part.height))
  const rect = {
    x: (whole.x + left * whole.width) * zoom.scale + zoom.x,
    y: (whole.y + top * whole.height) * zoom.scale + zoom.y,
    width: (right - left) * whole.width * zoom.scale,
    height: (bottom - top) * whole.height * zoom.scale,
  }
  const isSeen =
    rect.width > 0 &&
    rect.height > 0 &&
    rect.x < tile.width &&
    rect.y < tile.height &&
    rect.x + rect.width > 0 &&
    rect.y + rect.height > 0
  return isSeen ? rect : null
}
