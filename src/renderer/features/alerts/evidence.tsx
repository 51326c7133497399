/** The picture sent with an alert, with the area the camera named drawn on it. Fetched only when shown. */
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { usePicture } from '../../data/picture.ts'
import styles from './alerts.module.css'

interface Props {
  readonly alert: Alert
  readonly size: 'thumbnail' | 'large'
}

export function Evidence({ alert, size }: Props) {
  const { t } = useTranslation('alerts')
  const picture = usePicture(alert.evidence?.sha256 ?? null)
  const look = size === 'large' ? styles.pictureLarge : styles.thumbnail
  if (alert.evidence === null || picture === null) {
    return size === 'large' ? (
      <div className={`${look} ${styles.pictureMissing}`}>{t('pictureNone')}</div>
    ) : null
  }
  if (picture.is === 'fetching') {
    return (
      <div className={`${look} ${styles.pictureMissing}`}>
        {size === 'large' ? t('pictureFetching') : '…'}
      </div>
    )
  }
  if (picture.is === 'failed') {
    const reason = t('pictureFailed', { reason: picture.fault.message })
    return (
      <div className={`${look} ${styles.pictureMissing}`} title={reason}>
        {size === 'large' ? reason : '—'}
      </div>
    )
  }
  const { widthPx, heightPx } = picture.evidence
  const area = alert.blue?.area
  return (
    <figure className={look}>
      <svg viewBox={`0 0 ${widthPx} ${heightPx}`} preserveAspectRatio="xMidYMid meet" role="img">
        <title>{t('pictureAlt', { device: alert.deviceName ?? alert.device ?? '' })}</title>
        <image href={picture.url} width={widthPx} height={heightPx} />
        {area ? (
          <rect
            className={styles.area}
            x={area.x}
            y={area.y}
            width={area.width}
            height={area.height}
            vectorEffect="non-scaling-stroke"
          />
        ) : null}
      </svg>
    </figure>
  )
}
