/** Every camera there is, with what its source says of it; pressing one puts it on the wall or takes it off. */
import { useTranslation } from 'react-i18next'
import type { Camera, Wall } from '../../../contract/cameras.ts'
import { Lamp } from '../../ui/lamp.tsx'
import styles from './cameras.module.css'
import { startDrag } from './drag.ts'
import { useCameraState } from './use-camera-words.ts'
import { changeWall } from './wall-choice.ts'
import { add, remove } from './wall-layout.ts'

export function CameraList({ cameras, wall }: { readonly cameras: readonly Camera[]; readonly wall: Wall }) {
  const { t } = useTranslation('cameras')
  const stateOf = useCameraState()
  const shown = new Set(wall.tiles.map((tile) => tile.camera))
  const hasLinks = new Set(cameras.map((camera) => camera.link)).size > 1
  return (
    <ul className={styles.list} aria-label={t('listLabel')}>
      {cameras.map((camera) => {
        const state = stateOf(camera)
        const isShown = shown.has(camera.id)
        const place = [camera.location, hasLinks ? state.link?.name : null].filter(Boolean).join(', ')
        return (
          <li key={camera.id} draggable onDragStart={(event) => startDrag(event, camera.id)}>
            <button
              type="button"
              className={styles.listRow}
              aria-pressed={isShown}
              title={t(isShown ? 'takeOffNamed' : 'putOnNamed', { name: camera.name })}
              onClick={() => changeWall(isShown ? remove(wall, camera.id) : add(wall, camera.id))}
            >
              <Lamp shape={state.lamp} />
              <span className={styles.listName}>
                {camera.name}
                <small>{[place, state.text].filter(Boolean).join(' · ')}</small>
              </span>
              <span className={styles.listMark} aria-hidden>
                {isShown ? '✓' : '+'}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
