/** The tiles in their cells: arrows go from one to the next, Shift with an arrow or dragging the head moves one. */
import { type DragEvent, type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId, Wall } from '../../../contract/cameras.ts'
import { useSources } from '../../data/sources.ts'
import { Empty } from '../../ui/empty.tsx'
import { CameraTile } from './camera-tile.tsx'
import styles from './cameras.module.css'
import { draggedCamera } from './drag.ts'
import { changeWall, tellRoom } from './wall-choice.ts'
import * as layout from './wall-layout.ts'

interface Props {
  readonly wall: Wall
  readonly enlarged: CameraId | null
  readonly onEnlarge: (id: CameraId | null) => void
}

const directions: Readonly<Record<string, layout.Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Kept as it is while the wall is the same: rows of cameras and links change many times a second, and each tile hears its own. */
export const WallGrid = memo(function WallGrid({ wall, enlarged, onEnlarge }: Props) {
  const { t } = useTranslation('cameras')
  const { cameras } = useSources().tables
  const grid = useRef<HTMLUListElement>(null)
  const [target, setTarget] = useState<Cell | null>(null)
  const rows = layout.rowsOf(wall)
  useEffect(() => {
    if (grid.current === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry) tellRoom(entry.contentRect.width, entry.contentRect.height)
    })
    observer.observe(grid.current)
    return () => observer.disconnect()
  }, [])

  const onDragOver = (event: DragEvent) => {
    if (grid.current === null || !draggedCamera.isIn(event)) return
    event.preventDefault()
    const cell = cellAt(grid.current, event, wall.columns, rows)
    if (cell.column !== target?.column || cell.row !== target.row) setTarget(cell)
  }
  const onDrop = (event: DragEvent) => {
    setTarget(null)
    const id = cameras.rows()?.find((camera) => camera.id === draggedCamera.from(event))?.id
    if (id === undefined || grid.current === null) return
    event.preventDefault()
    const { column, row } = cellAt(grid.current, event, wall.columns, rows)
    changeWall(layout.move(layout.add(wall, id), id, column, row))
  }
  const onKey = (tile: layout.Tile) => (event: KeyboardEvent<HTMLElement>) => {
    const direction = directions[event.key]
    if (event.key === 'Delete') {
      event.preventDefault()
      focusTile(grid.current, layout.neighbour(wall, tile.camera, 'left') ?? wall.tiles[0]?.camera ?? null)
      changeWall(layout.remove(wall, tile.camera))
      return
    }
    if (direction === undefined) return
    event.preventDefault()
    if (event.shiftKey && enlarged === null) changeWall(stepped(wall, tile, direction))
    else {
      const next = layout.neighbour(wall, tile.camera, direction)
      if (next === null) return
      if (enlarged !== null) onEnlarge(next)
      focusTile(grid.current, next)
    }
  }

  if (wall.tiles.length === 0) return <Empty title={t('emptyWallTitle')} hint={t('emptyWallHint')} />
  return (
    <ul
      ref={grid}
      className={styles.wall}
      aria-label={wall.name}
      data-enlarged={enlarged !== null}
      style={{ gridTemplateColumns: `repeat(${wall.columns}, minmax(0, 1fr))` }}
      onDragOver={onDragOver}
      onDragLeave={(event) => {
        if (event.target === grid.current) setTarget(null)
      }}
      onDrop={onDrop}
    >
      {wall.tiles.map((tile) => (
        <li key={tile.camera} style={area(tile)} onDragEnd={() => setTarget(null)}>
          <CameraTile
            id={tile.camera}
            span={tile.span}
            isPaused={enlarged !== null && enlarged !== tile.camera}
            isLarge={enlarged === tile.camera}
            isMovable={enlarged === null}
            onEnlarge={() => onEnlarge(enlarged === tile.camera ? null : tile.camera)}
            onRemove={() => changeWall(layout.remove(wall, tile.camera))}
            onResize={() => changeWall(layout.resize(wall, tile.camera, tile.span === 1 ? 2 : 1))}
            onKey={onKey(tile)}
          />
        </li>
      ))}
      {target === null ? null : <li className={styles.target} style={area({ ...target, span: 1 })} />}
    </ul>
  )
})

interface Cell {
  readonly column: number
  readonly row: number
}

function area({ column, row, span }: Cell & { readonly span: number }) {
  return { gridColumn: `${column + 1} / span ${span}`, gridRow: `${row + 1} / span ${span}` }
}

function cellAt(grid: HTMLElement, event: DragEvent, columns: number, rows: number): Cell {
  const frame = grid.getBoundingClientRect()
  const column = Math.floor(((event.clientX - frame.left) / frame.width) * columns)
  const row = Math.floor(((event.clientY - frame.top + grid.scrollTop) / grid.scrollHeight) * rows)
  return { column: Math.min(columns - 1, Math.max(0, column)), row: Math.min(rows, Math.max(0, row)) }
}

function stepped(wall: Wall, tile: layout.Tile, direction: layout.Direction): Wall {
  const column = tile.column + Number(direction === 'right') - Number(direction === 'left')
  const row = tile.row + Number(direction === 'down') - Number(direction === 'up')
  return layout.move(wall, tile.camera, column, row)
}

function focusTile(grid: HTMLElement | null, camera: CameraId | null): void {
  if (camera === null) return
  grid?.querySelector<HTMLElement>(`[data-camera="${CSS.escape(camera)}"] button`)?.focus()
}
