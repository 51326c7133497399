/** Which wall this screen shows, and what was changed on it and not saved. The choice survives a reload; the changes do not. */
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Wall } from '../../../contract/cameras.ts'
import { useCameras } from '../../data/cameras.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { remembered } from '../../data/remembered.ts'
import { wallOfWindow } from '../../data/wall-window.ts'
import { useWalls } from '../../data/walls.ts'
import type { Size } from '../../paint/geometry.ts'
import { camerasOfGroup, groupName } from './wall-groups.ts'
import { automaticWall, tidy } from './wall-layout.ts'

/** The wall that is never saved: every camera there is. */
export const automaticId = 'all'

/** A window of its own keeps its wall to itself. */
const chosen =
  wallOfWindow === null
    ? remembered<string>(
        'wall',
        automaticId,
        (value): value is string => typeof value === 'string' && value !== '',
      )
    : new Cell<string>(wallOfWindow)
const draft = new Cell<Wall | null>(null)
/** The room the wall has on this screen, px, in steps, so that a pixel more does not rearrange it. */
const room = new Cell<string>('800x600')
const roomStepPx = 40

export function tellRoom(width: number, height: number): void {
  const step = (px: number) => Math.max(1, Math.round(px / roomStepPx)) * roomStepPx
  room.set(`${step(width)}x${step(height)}`)
}

function sizeOf(text: string): Size {
  const [width = 800, height = 600] = text.split('x').map(Number)
  return { width, height }
}

export const listShown =
  wallOfWindow === null
    ? remembered<boolean>('cameras.list', window.innerWidth >= 1600, isBoolean)
    : new Cell<boolean>(false)
export const facesShown = remembered<boolean>('cameras.faces', true, isBoolean)

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

export interface WallChoice {
  readonly wall: Wall
  readonly saved: readonly Wall[]
  /** Made of cameras there are and not saved: all of them, or a group. */
  readonly isAutomatic: boolean
  /** Differs from what is saved under its name. */
  readonly isChanged: boolean
}

/** `undefined` until cameras and walls are known. */
export function useWallChoice(): WallChoice | undefined {
  const { t } = useTranslation('cameras')
  const id = useCell(chosen)
  const changed = useCell(draft)
  const cameras = useCameras()
  const saved = useWalls()
  const name = t('allCameras')
  const space = useCell(room)
  const shown = useRef<Wall | null>(null)
  return useMemo(() => {
    if (cameras === undefined || saved === undefined) return undefined
    const found = saved.find((wall) => wall.id === id)
    const group = found === undefined ? camerasOfGroup(id, cameras) : null
    const automatic = group === null ? automaticId : id
    const make = () => {
      const ids = (group ?? cameras).map((camera) => camera.id)
      return automaticWall(ids, automatic, group === null ? name : groupName(id), sizeOf(space))
    }
    const isChanged = changed !== null && changed.id === (found?.id ?? automatic)
    const made = isChanged ? changed : found ? tidy(found) : make()
    // The same wall stays the same object: every report of a camera comes by here, and its tiles need not.
    const wall = shown.current !== null && isSame(shown.current, made) ? shown.current : made
    shown.current = wall
    return { wall, saved, isAutomatic: found === undefined, isChanged }
  }, [id, changed, cameras, saved, name, space])
}

function isSame(a: Wall, b: Wall): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

export function chooseWall(id: string): void {
  before.set(null)
  draft.set(null)
  chosen.set(id)
}

/** What this screen showed, with what was changed on it, before an alert's camera took its place. */
const before = new Cell<{ readonly id: string; readonly draft: Wall | null } | null>(null)

/** Shows the wall of all cameras for a camera that the present one has not. The present one is kept. */
export function borrowScreen(): void {
  before.set(before.get() ?? { id: chosen.get(), draft: draft.get() })
  draft.set(null)
  chosen.set(automaticId)
}

export function useIsBorrowed(): boolean {
  return useCell(before) !== null
}

/** Back to what was shown before, unsaved changes too. */
export function giveBack(): void {
  const kept = before.get()
  if (kept === null) return
  before.set(null)
  chosen.set(kept.id)
  draft.set(kept.draft)
}

export function changeWall(wall: Wall): void {
  draft.set(wall)
}

export function forgetChanges(): void {
  draft.set(null)
}
