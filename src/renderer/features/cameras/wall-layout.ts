/** A wall's tiles in their cells: placing, moving, swapping, growing, packing. Pure; every answer is a wall without overlaps. */
import type { CameraId, Wall } from '../../../contract/cameras.ts'
import type { Size } from '../../paint/geometry.ts'

export type Tile = Wall['tiles'][number]
export type Direction = 'left' | 'right' | 'up' | 'down'

export const mostColumns = 8
const usualRoom: Size = { width: 4, height: 3 }
const mostRows = 64
const mostTiles = 64
const largestSpan = 4

/** So many columns that pictures of the usual 4 : 3 are as large as they can be in this room; of equals the fuller, then the wider wall. */
export function columnsFor(count: number, room: Size = usualRoom): number {
  let best = { columns: 1, width: 0, cells: 0 }
  for (let columns = 1; columns <= mostColumns; columns++) {
    const rows = Math.ceil(Math.max(1, count) / columns)
    const width = Math.min(room.width / columns, (room.height / rows) * (4 / 3))
    const cells = columns * rows
    // A hair's breadth is no difference: else rounding would decide.
    const isEqual = Math.abs(width - best.width) < best.width * 0.001
    if (isEqual ? cells <= best.cells : width > best.width) best = { columns, width, cells }
  }
  return best.columns
}

/** Every camera in the order given, one cell each. */
export function automaticWall(
  cameras: readonly CameraId[],
  id: string,
  name: string,
  room: Size = usualRoom,
): Wall {
  const columns = columnsFor(Math.min(cameras.length, mostTiles), room)
  const tiles = cameras
    .slice(0, mostTiles)
    .map((camera, at) => ({ camera, column: at % columns, row: Math.floor(at / columns), span: 1 }))
  return { id, name, columns, tiles }
}

/** The same wall without overlaps, doubles or tiles beyond its edge: what another screen saved is not to be trusted blindly. */
export function tidy(wall: Wall): Wall {
  const placed: Tile[] = []
  for (const tile of wall.tiles) {
    if (placed.some((other) => other.camera === tile.camera)) continue
    const span = Math.min(tile.span, wall.columns)
    const wanted = { ...tile, span }
    const fits = tile.column + span <= wall.columns && isFree(placed, wanted)
    const at = fits ? wanted : firstFree(placed, wall.columns, tile.camera, span)
    if (at !== null) placed.push(at)
  }
  return { ...wall, tiles: placed }
}

export function add(wall: Wall, camera: CameraId): Wall {
  if (wall.tiles.length >= mostTiles || wall.tiles.some((tile) => tile.camera === camera)) return wall
  // A full square grows by a column, so that tiles stay as large as they can be for their number.
  const columns = Math.max(wall.columns, Math.min(columnsFor(wall.tiles.length + 1), wall.columns + 1))
  const at = firstFree(wall.tiles, columns, camera, 1)
  return at === null ? wall : { ...wall, columns, tiles: [...wall.tiles, at] }
}

export function remove(wall: Wall, camera: CameraId): Wall {
  return { ...wall, tiles: wall.tiles.filter((tile) => tile.camera !== camera) }
}

/** To the given cell. What lay there goes where the tile came from, if it fits, else to the first free place. */
export function move(wall: Wall, camera: CameraId, column: number, row: number): Wall {
  const tile = wall.tiles.find((one) => one.camera === camera)
  if (tile === undefined) return wall
  const target = {
    ...tile,
    column: clamp(column, wall.columns - tile.span),
    row: clamp(row, mostRows - tile.span),
  }
  return displacing(wall, target, tile)
}

export function resize(wall: Wall, camera: CameraId, span: number): Wall {
  const tile = wall.tiles.find((one) => one.camera === camera)
  if (tile === undefined) return wall
  const size = Math.max(1, Math.min(span, wall.columns, largestSpan))
  return displacing(wall, { ...tile, span: size, column: clamp(tile.column, wall.columns - size) }, tile)
}

/** Fewer or more columns: the tiles flow anew in reading order. */
export function setColumns(wall: Wall, columns: number): Wall {
  const placed: Tile[] = []
  for (const tile of readingOrder(wall.tiles)) {
    const at = firstFree(placed, columns, tile.camera, Math.min(tile.span, columns))
    if (at !== null) placed.push(at)
  }
  return { ...wall, columns, tiles: placed }
}

export function readingOrder(tiles: readonly Tile[]): readonly Tile[] {
  return tiles.toSorted((a, b) => a.row - b.row || a.column - b.column)
}

export function rowsOf(wall: Wall): number {
  return wall.tiles.reduce((rows, tile) => Math.max(rows, tile.row + tile.span), 1)
}

/** The nearest tile that way, by the middles; null at the edge. */
export function neighbour(wall: Wall, camera: CameraId, direction: Direction): CameraId | null {
  const from = wall.tiles.find((tile) => tile.camera === camera)
  if (from === undefined) return null
  let best: { readonly camera: CameraId; readonly cost: number } | null = null
  for (const tile of wall.tiles) {
    const dx = middle(tile.column, tile.span) - middle(from.column, from.span)
    const dy = middle(tile.row, tile.span) - middle(from.row, from.span)
    const [ahead, aside] = along(direction, dx, dy)
    if (ahead <= 0) continue
    const cost = ahead + 2 * Math.abs(aside)
    if (best === null || cost < best.cost) best = { camera: tile.camera, cost }
  }
  return best?.camera ?? null
}

function along(direction: Direction, dx: number, dy: number): readonly [ahead: number, aside: number] {
  if (direction === 'left') return [-dx, dy]
  if (direction === 'right') return [dx, dy]
  return direction === 'up' ? [-dy, dx] : [dy, dx]
}

function displacing(wall: Wall, target: Tile, from: Tile): Wall {
  const others = wall.tiles.filter((tile) => tile.camera !== target.camera)
  const placed: Tile[] = [target, ...others.filter((tile) => !overlaps(tile, target))]
  for (const tile of others.filter((one) => overlaps(one, target))) {
    const swapped = { ...tile, column: from.column, row: from.row }
    const canSwap = from.column + tile.span <= wall.columns && isFree(placed, swapped)
    const at = canSwap ? swapped : firstFree(placed, wall.columns, tile.camera, tile.span)
    if (at !== null) placed.push(at)
  }
  // One that found no place would vanish: then nothing moves.
  if (placed.length < wall.tiles.length) return wall
  return { ...wall, tiles: placed }
}

function firstFree(tiles: readonly Tile[], columns: number, camera: CameraId, span: number): Tile | null {
  for (let row = 0; row + span <= mostRows; row++) {
    for (let column = 0; column + span <= columns; column++) {
      const tile = { camera, column, row, span }
      if (isFree(tiles, tile)) return tile
    }
  }
  return null
}

function isFree(tiles: readonly Tile[], wanted: Tile): boolean {
  return !tiles.some((tile) => overlaps(tile, wanted))
}

function overlaps(a: Tile, b: Tile): boolean {
  return (
    a.column < b.column + b.span &&
    b.column < a.column + a.span &&
    a.row < b.row + b.span &&
    b.row < a.row + a.span
  )
}

function middle(start: number, span: number): number {
  return start + span / 2
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(0, most), Math.max(0, Math.round(value)))
}
