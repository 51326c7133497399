/** For an alert whose camera is known: its live picture on request, and the way to it on the wall. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { showCamera } from '../../data/camera-wish.ts'
import { useCameras } from '../../data/cameras.ts'
import { Button } from '../../ui/button.tsx'
import { cameraOf } from './alert-camera.ts'
import { CameraTile } from './camera-tile.tsx'
import styles from './cameras.module.css'

interface Props {
  readonly alert: Alert
  /** Its message, once it is known. */
  readonly raw: string | null
}

export function IncidentCamera({ alert, raw }: Props) {
  const { t } = useTranslation('cameras')
  const camera = cameraOf(alert, useCameras() ?? [], raw)
  // Of which alert it was opened: the next alert's camera is not opened by itself.
  const [openedFor, setOpenedFor] = useState<string | null>(null)
  if (camera === undefined) return null
  const isOpen = openedFor === alert.id
  return (
    <div className={styles.incident}>
      <div className={styles.incidentActs}>
        <Button aria-pressed={isOpen} onClick={() => setOpenedFor(isOpen ? null : alert.id)}>
          {t(isOpen ? 'incidentHide' : 'incidentShow')}
        </Button>
        <Button onClick={() => showCamera(camera.id)}>{t('showInCameras')}</Button>
      </div>
      {isOpen ? (
        <div className={styles.incidentPicture}>
          <CameraTile id={camera.id} isPlain onEnlarge={() => showCamera(camera.id)} />
        </div>
      ) : null}
    </div>
  )
}
