/** Connected regions of new blue light in one picture: grown over cells that touch, measured in pixels. */
import { type Cells, cellPx, fewestInCell, shineOf } from './blue-mask.ts'
import type { Scene } from './blue-scene.ts'

export const leastAreaPx = 50

export interface Region {
  /** Blue pixels in it. */
  readonly areaPx: number
  /** 0..1: the mean shine of its 50 strongest pixels. */
  readonly intensity: number
  /** Edges in px; right and bottom are the first column and row outside. */
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly cells: readonly number[]
}

/** Regions looked at per picture, largest first: a picture full of specks has thousands, none of them a light. */
const mostRegions = 16

export function regionsOf(cells: Cells, scene: Scene, pixels: Uint8ClampedArray): readonly Region[] {
  const size = cells.columns * cells.rows
  const isOpen = new Uint8Array(size)
  let open = 0
  for (let cell = 0; cell < size; cell++) {
    if (!scene.isNew(cells, cell)) continue
    isOpen[cell] = 1
    open++
  }
  if (open === 0) return []
  const found: { readonly list: number[]; readonly areaPx: number }[] = []
  for (let cell = 0; cell < size; cell++) {
    if (isOpen[cell] !== 1) continue
    const list = grow(cells, isOpen, cell)
    const areaPx = list.reduce((sum, one) => sum + (cells.count[one] as number), 0)
    if (areaPx >= leastAreaPx) found.push({ list, areaPx })
  }
  return found
    .sort((a, b) => b.areaPx - a.areaPx)
    .slice(0, mostRegions)
    .map(({ list, areaPx }) => measure(cells, pixels, list, areaPx))
}

/** All open cells that touch this one, corners included, and the half-covered ones at their edge. Closes them. */
function grow(cells: Cells, isOpen: Uint8Array, start: number): number[] {
  const { columns, rows, count } = cells
  const list = [start]
  isOpen[start] = 2
  for (let next = 0; next < list.length; next++) {
    const cell = list[next] as number
    if (isOpen[cell] === 3) continue // of the edge: not grown from
    const column = cell % columns
    const row = (cell / columns) | 0
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const near = y * columns + x
        if ((isOpen[near] as number) > 1) continue
        // One that is well covered and not new is scenery.
        const covered = count[near] as number
        if (isOpen[near] === 0 && (covered === 0 || covered >= fewestInCell)) continue
        isOpen[near] = isOpen[near] === 1 ? 2 : 3
        list.push(near)
      }
    }
  }
  return list
}

const levels = new Uint32Array(256)

function measure(cells: Cells, pixels: Uint8ClampedArray, list: readonly number[], areaPx: number): Region {
  const { columns, widthPx, heightPx } = cells
  levels.fill(0)
  let [left, top, right, bottom] = [widthPx, heightPx, 0, 0]
  for (const cell of list) {
    const fromX = (cell % columns) * cellPx
    const fromY = ((cell / columns) | 0) * cellPx
    for (let y = fromY; y < Math.min(heightPx, fromY + cellPx); y++) {
      for (let x = fromX; x < Math.min(widthPx, fromX + cellPx); x++) {
        const at = (y * widthPx + x) * 4
        const shine = shineOf(pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number)
        if (shine === 0) continue
        levels[shine] = (levels[shine] as number) + 1
        left = Math.min(left, x)
        top = Math.min(top, y)
        right = Math.max(right, x + 1)
        bottom = Math.max(bottom, y + 1)
      }
    }
  }
  return { areaPx, intensity: strongest(), left, top, right, bottom, cells: list }
}

function strongest(): number {
  let [taken, sum] = [0, 0]
  for (let level = 255; level > 0 && taken < leastAreaPx; level--) {
    const take = Math.min(levels[level] as number, leastAreaPx - taken)
    taken += take
    sum += take * level
  }
  return taken === 0 ? 0 : sum / taken / 255
}
