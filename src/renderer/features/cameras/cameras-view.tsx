/** The cameras: a wall of tiles people arrange and save, with every camera in a list beside it. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CameraId, Wall } from '../../../contract/cameras.ts'
import { cameraWishGranted, useCameraWish } from '../../data/camera-wish.ts'
import { useCameras } from '../../data/cameras.ts'
import { useCell } from '../../data/cell.ts'
import { openFirstSteps } from '../../data/first-run.ts'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { openWebcamDialog } from '../webcam/webcam-host.tsx'
import { CameraList } from './camera-list.tsx'
import styles from './cameras.module.css'
import {
  automaticId,
  borrowScreen,
  changeWall,
  facesShown,
  listShown,
  useWallChoice,
  type WallChoice,
} from './wall-choice.ts'
import { WallGrid } from './wall-grid.tsx'
import { WallTools } from './wall-tools.tsx'

export function CamerasView() {
  const { t } = useTranslation('cameras')
  const cameras = useCameras()
  const choice = useWallChoice()
  const isListShown = useCell(listShown)
  const [enlarged, setEnlarged] = useState<CameraId | null>(null)
  useKeys(enlarged, setEnlarged)
  useWish(choice, setEnlarged)
  const isThere = choice?.wall.tiles.some((tile) => tile.camera === enlarged) ?? true
  useEffect(() => {
    // Put on the wall again later, it must not cover the others by itself.
    if (!isThere) setEnlarged(null)
  }, [isThere])
  if (cameras === undefined || choice === undefined)
    return (
      <div className={styles.blank}>
        <Empty title={t('waiting')} />
      </div>
    )
  if (cameras.length === 0 && choice.wall.tiles.length === 0) return <NoCameras />
  return (
    <section className={styles.view} aria-label={t('title')}>
      <WallTools choice={choice} />
      <div className={styles.body} data-list={isListShown}>
        {isListShown ? <CameraList cameras={cameras} wall={choice.wall} /> : null}
        <WallGrid wall={choice.wall} enlarged={isThere ? enlarged : null} onEnlarge={setEnlarged} />
      </div>
    </section>
  )
}

/** A camera that was asked for elsewhere is enlarged; where this wall has it not, on the wall that has them all. */
function useWish(choice: WallChoice | undefined, onEnlarge: (id: CameraId) => void): void {
  const wish = useCameraWish()
  useEffect(() => {
    if (wish === null || choice === undefined) return
    const { wall, isAutomatic } = choice
    const isOn = (on: Wall) => on.tiles.some((tile) => tile.camera === wish.camera)
    if (!isOn(wall)) {
      if (!isAutomatic || wall.id !== automaticId || choice.isChanged) return borrowScreen()
      // More cameras than a wall has room for.
      changeWall({ ...wall, columns: 1, tiles: [{ camera: wish.camera, column: 0, row: 0, span: 1 }] })
    }
    onEnlarge(wish.camera)
    cameraWishGranted()
  }, [wish, choice, onEnlarge])
}

function NoCameras() {
  const { t } = useTranslation('cameras')
  return (
    <div className={styles.blank}>
      <Empty title={t('noCamerasTitle')} hint={t('noCamerasHint')}>
        <Button primary onClick={() => go('links')}>
          {t('openLinks')}
        </Button>
        <Button onClick={() => openWebcamDialog(null)}>{t('useWebcam')}</Button>
        <Button
          onClick={() => {
            openFirstSteps()
            go('overview')
          }}
        >
          {t('startDemo')}
        </Button>
      </Empty>
    </div>
  )
}

/** O works wherever the focus is; Esc leaves the enlarged tile before it leaves the view. */
function useKeys(enlarged: CameraId | null, onEnlarge: (id: CameraId | null) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return
      if (event.key.toLowerCase() === 'o') facesShown.set(!facesShown.get())
      else if (event.key === 'Escape' && enlarged !== null) onEnlarge(null)
      else if (event.key.startsWith('Arrow') && isNothingFocused()) focusFirstTile()
      else return
      event.preventDefault()
    }
    // Before the frame's own keys, which would take Esc as "leave the view".
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [enlarged, onEnlarge])
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input, textarea, select, [role="dialog"]') !== null
}

function isNothingFocused(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

function focusFirstTile(): void {
  document.querySelector<HTMLElement>('[data-camera] button')?.focus()
}
