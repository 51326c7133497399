/** A tile's head: the camera's name, and the figures that may be believed now. Old ones are "—" or say their age. */
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { type Freshness, missingMs } from '../../paint/freshness.ts'
import type { Painter } from '../../paint/painter.ts'
import type { Picture } from '../../paint/surface.ts'
import { Lamp, type LampShape } from '../../ui/lamp.tsx'
import styles from './tile.module.css'
import type { CameraState } from './use-camera-words.ts'
import { useStanding } from './use-painter.ts'

interface Props {
  readonly name: string
  readonly camera: Camera | undefined
  readonly state: CameraState | undefined
  readonly painter: Painter<Picture> | null
  readonly freshness: Freshness | 'none'
}

export function TileHead({ name, camera, state, painter, freshness }: Props) {
  const marks = state?.isCurrent ? camera : undefined
  const { t } = useTranslation('cameras')
  return (
    <>
      <Lamp shape={lampOf(freshness, state)} />
      <strong title={[name, camera?.location].filter(Boolean).join(', ')}>{name}</strong>
      {marks?.isRecording ? <span className={styles.mark}>{t('recording')}</span> : null}
      {marks?.findsFaces ? <span className={styles.mark}>{t('findsFaces')}</span> : null}
      {freshness === 'none' ? null : <Figures painter={painter} freshness={freshness} />}
    </>
  )
}

function lampOf(freshness: Freshness | 'none', state: CameraState | undefined): LampShape {
  if (freshness === 'live') return 'good'
  if (freshness === 'late' || freshness === 'lost') return 'trouble'
  return state?.isOff === false && state.lamp === 'trouble' ? 'trouble' : 'idle'
}

interface FiguresProps {
  readonly painter: Painter<Picture> | null
  readonly freshness: Freshness
}

/** The only part of a tile that changes twice a second. */
function Figures({ painter, freshness }: FiguresProps) {
  const { t } = useTranslation('cameras')
  const times = useTimes()
  const now = useNow()
  const standing = useStanding(painter)
  const { receivedAt, shownFps, latencyMs, sourceFps, widthPx, heightPx, dropped, bad, codec } = standing
  if (freshness !== 'live') {
    const text = receivedAt === null ? '—' : t('lastFrame', { at: times.clockOrDate(receivedAt, now) })
    const age = receivedAt === null ? '' : times.ago(missingMs(standing, now))
    return (
      <span className={styles.figures}>
        {age === '' ? null : <b className={styles.ageBadge}>{age}</b>}
        <span className={receivedAt === null ? undefined : styles.wideOnly}>{text}</span>
      </span>
    )
  }
  const fps = shownFps === null ? '—' : shownFps.toFixed(0)
  const all = [
    t('figureShown', { fps }),
    t('figureSource', { fps: sourceFps === null ? '—' : sourceFps.toFixed(1) }),
    t(standing.latencyFrom === 'captured' ? 'figureGlass' : 'figureLatency', {
      ms: latencyMs === null ? '—' : latencyMs.toFixed(0),
    }),
    t('figureCodec', { codec: codecText(codec), full: codec ?? 'image/jpeg' }),
    t('figureDropped', { count: dropped }),
    t('figureBad', { count: bad }),
  ].join('\n')
  return (
    <span className={styles.figures} title={all}>
      <span>{t('fps', { fps })}</span>
      <span>{latencyMs === null ? '—' : t('ms', { ms: latencyMs.toFixed(0) })}</span>
      {bad > 0 ? (
        <span className={`${styles.wideOnly} ${styles.notable}`}>{t('bad', { count: bad })}</span>
      ) : null}
      <span className={styles.wideOnly}>{t('dropped', { count: dropped })}</span>
      <span className={styles.wideOnly}>{`${widthPx}×${heightPx}`}</span>
      <span className={styles.wideOnly}>{codecText(codec)}</span>
    </span>
  )
}

/** As people call it: `avc1.42E01F` is H.264 to them (RFC 6381 §3.3). */
function codecText(codec: string | null): string {
  if (codec === null) return 'JPEG'
  if (/^avc[13]\./.test(codec)) return 'H.264'
  return /^(hev|hvc)1\./.test(codec) ? 'H.265' : codec
}
