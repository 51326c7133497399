/** The buttons of a tile, seen when it has the pointer or the focus, and what came of them. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { Button } from '../../ui/button.tsx'
import { PipButton } from './pip-button.tsx'
import { PlanDialog } from './plan-dialog.tsx'
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
  const plan = useTranslation('cameraPlan')
  const [isPlanning, setPlanning] = useState(false)
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
        {camera?.can.includes('stream') ? <PipButton camera={camera} /> : null}
        {camera ? (
          <Button title={plan.t('openNamed', { name: camera.name })} onClick={() => setPlanning(true)}>
            {plan.t('open')}
          </Button>
        ) : null}
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
      {camera && isPlanning ? <PlanDialog camera={camera} onClose={() => setPlanning(false)} /> : null}
      <p className={styles.outcome} role="status">
        {state.is === 'saved' ? t('snapshotSaved', { name: state.name }) : null}
        {state.is === 'failed' ? t('snapshotFailed', { reason: state.reason }) : null}
      </p>
    </>
  )
}
