/** The buttons of a tile, seen when it has the pointer or the focus, and what came of them. */
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { Button } from '../../ui/button.tsx'
import { SwitchCamera } from './switch-camera.tsx'
import styles from './tile.module.css'
import type { Snapshot } from './use-snapshot.ts'

interface Props {
  readonly camera: Camera | undefined
  readonly isLarge: boolean
  readonly span: number
  readonly snapshot: Snapshot
  readonly onEnlarge: () => void
  readonly onFullScreen: () => void
  readonly onRemove: (() => void) | undefined
  readonly onResize: (() => void) | undefined
}

export function TileActs({ camera, isLarge, span, snapshot, ...on }: Props) {
  const { t } = useTranslation('cameras')
  const { state } = snapshot
  return (
    <>
      <div className={styles.acts}>
        <Button hotkey="Enter" onClick={on.onEnlarge}>
          {t(isLarge ? 'shrink' : 'enlarge')}
        </Button>
        <Button
          hotkey="P"
          disabled={!snapshot.can}
          busy={state.is === 'asking' && t('snapshotAsking')}
          onClick={snapshot.take}
        >
          {t('snapshot')}
        </Button>
        {isLarge ? (
          <>
            <Button hotkey="F" onClick={on.onFullScreen}>
              {t('fullScreen')}
            </Button>
            {camera?.isActive ? <SwitchCamera camera={camera} /> : null}
          </>
        ) : (
          <>
            {on.onResize ? (
              <Button onClick={on.onResize}>{t(span === 1 ? 'larger' : 'smaller')}</Button>
            ) : null}
            {on.onRemove ? (
              <Button hotkey="Del" onClick={on.onRemove}>
                {t('takeOff')}
              </Button>
            ) : null}
          </>
        )}
      </div>
      <p className={styles.outcome} role="status">
        {state.is === 'saved' ? t('snapshotSaved', { name: state.name }) : null}
        {state.is === 'failed' ? t('snapshotFailed', { reason: state.reason }) : null}
      </p>
    </>
  )
}
