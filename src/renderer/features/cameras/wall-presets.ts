/** The usual layouts in one press: so many equal tiles, filled with the cameras the wall has and then with others. Pure. */
import type { CameraId, Wall } from '../../../contract/cameras.ts'
import { readingOrder } from './wall-layout.ts'

export const presets = [1, 4, 9, 12, 16] as const
export type Preset = (typeof presets)[number]

/** Twelve are four by three: screens are wider than high. */
const columnsOf: Readonly<Record<Preset, number>> = { 1: 1, 4: 2, 9: 3, 12: 4, 16: 4 }

export function applyPreset(wall: Wall, count: Preset, cameras: readonly CameraId[]): Wall {
  const columns = columnsOf[count]
  const present = readingOrder(wall.tiles).map((tile) => tile.camera)
  const order = [...new Set([...present, ...cameras])].slice(0, count)
  const tiles = order.map((camera, at) => ({
    camera,
    column: at % columns,
    row: Math.floor(at / columns),
    span: 1,
  }))
  return { ...wall, columns, tiles }
}

/** Whether the wall is laid out as this preset has it. */
export function isPreset(wall: Wall, count: Preset): boolean {
  const columns = columnsOf[count]
  const rows = count / columns
  return (
    wall.columns === columns &&
    wall.tiles.length <= count &&
    // A wall with room for a smaller preset is that one.
    wall.tiles.length > Math.max(0, ...presets.filter((one) => one < count)) &&
    wall.tiles.every((tile) => tile.span === 1 && tile.row < rows)
  )
}
