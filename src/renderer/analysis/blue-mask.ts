/**
 * Which pixels are blue light, and how strongly each shines: hue 200–260°, saturation ≥ 0.3, value ≥ 0.4 (HSV), in whole numbers and
 * without a division, as this runs over every pixel of every picture.
 */

/** Side of a cell, px: the scene is remembered, and regions are grown, by cells. */
export const cellPx = 4

/** A quarter of a cell: fewer blue pixels in it are noise. */
export const fewestInCell = 4

/** One picture by cells. Made once per size and filled anew each time. */
export interface Cells {
  readonly columns: number
  readonly rows: number
  readonly widthPx: number
  readonly heightPx: number
  /** Blue pixels in each cell, and the sum of their shine. */
  readonly count: Uint8Array
  readonly shine: Uint16Array
  /** Green summed over each cell: a stand-in for brightness that blue light hardly moves. */
  readonly green: Uint16Array
}

export function cellsFor(widthPx: number, heightPx: number): Cells {
  const columns = Math.ceil(widthPx / cellPx)
  const rows = Math.ceil(heightPx / cellPx)
  const size = columns * rows
  return {
    columns,
    rows,
    widthPx,
    heightPx,
    count: new Uint8Array(size),
    shine: new Uint16Array(size),
    green: new Uint16Array(size),
  }
}

/**
 * 0: not blue. Else 1..255: as bright as it is blue, `min(B, 5/3·(B − min(R, G)))`. A pixel that is bright and at least 0.6
 * saturated shines fully; paint, which returns only part of the light that falls on it, does not reach that.
 */
export function shineOf(r: number, g: number, b: number): number {
  if (b < 102 || r > b || g > b) return 0
  const delta = b - (r < g ? r : g)
  if (delta * 10 < b * 3) return 0
  // Hue is 240° + 60°·(R − G)/delta where blue is the largest.
  const turn = (r - g) * 3
  if (turn < -2 * delta || turn > delta) return 0
  const strength = (delta * 427) >> 8
  return strength < b ? strength : b
}

export function fillCells(cells: Cells, pixels: Uint8ClampedArray): void {
  const { columns, widthPx, heightPx, count, shine, green } = cells
  count.fill(0)
  shine.fill(0)
  green.fill(0)
  let at = 0
  for (let y = 0; y < heightPx; y++) {
    const row = ((y / cellPx) | 0) * columns
    for (let x = 0; x < widthPx; x++, at += 4) {
      const cell = row + ((x / cellPx) | 0)
      const g = pixels[at + 1] as number
      green[cell] = (green[cell] as number) + g
      const b = pixels[at + 2] as number
      if (b < 102) continue
      const value = shineOf(pixels[at] as number, g, b)
      if (value === 0) continue
      count[cell] = (count[cell] as number) + 1
      shine[cell] = (shine[cell] as number) + value
    }
  }
}
