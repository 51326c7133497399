/** What a tile says instead of a live picture: since when there is none, why, and what can be done. */
import { useTranslation } from 'react-i18next'
import type { Camera } from '../../../contract/cameras.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import {
  badPicture,
  type Freshness,
  missingMs,
  noDecoder,
  tooSlow,
  unknownCodec,
} from '../../paint/freshness.ts'
import type { Painter } from '../../paint/painter.ts'
import type { Picture } from '../../paint/surface.ts'
import { SwitchCamera } from './switch-camera.tsx'
import styles from './tile.module.css'
import type { CameraState } from './use-camera-words.ts'
import { useStanding } from './use-painter.ts'

interface Props {
  readonly camera: Camera | undefined
  readonly state: CameraState | undefined
  readonly painter: Painter<Picture> | null
  readonly freshness: Freshness | 'none'
}

export function TileNotice({ camera, state, painter, freshness }: Props) {
  const { t } = useTranslation('cameras')
  if (camera === undefined || state === undefined) {
    return <Notice title={t('unknownCamera')} why={t('unknownCameraHint')} />
  }
  if (state.isOff) {
    return (
      <Notice title={t('switchedOff')} why={state.linkTrouble}>
        <SwitchCamera camera={camera} />
      </Notice>
    )
  }
  if (!camera.can.includes('stream')) return <Notice title={t('noStream')} why={t('noStreamHint')} />
  if (freshness === 'opening') return <Notice title={t('opening')} why={state.linkTrouble} />
  return freshness === 'lost' ? <NoPicture camera={camera} state={state} painter={painter} /> : null
}

interface NoPictureProps {
  readonly camera: Camera
  readonly state: CameraState
  readonly painter: Painter<Picture> | null
}

function NoPicture({ camera, state, painter }: NoPictureProps) {
  const { t } = useTranslation('cameras')
  const times = useTimes()
  const now = useNow()
  const cutOff = useIsCutOff()
  const standing = useStanding(painter)
  const own = painterWords[standing.trouble]
  const reasons = [
    own === undefined ? standing.trouble : t(own),
    cutOff ? t('stateCutOff') : state.linkTrouble,
    state.isCurrent ? camera.trouble : '',
  ].filter(Boolean)
  const why = reasons.length === 0 ? t('noFrames') : [...new Set(reasons)].join(' · ')
  return <Notice title={t('noPicture', { age: times.duration(missingMs(standing, now)) })} why={why} />
}

/** Troubles the painter has no words for. */
const painterWords: Readonly<Record<string, 'badPicture' | 'noDecoder' | 'tooSlow' | 'unknownCodec'>> = {
  [badPicture]: 'badPicture',
  [noDecoder]: 'noDecoder',
  [tooSlow]: 'tooSlow',
  [unknownCodec]: 'unknownCodec',
}

interface NoticeProps {
  readonly title: string
  readonly why: string
  readonly children?: React.ReactNode
}

function Notice({ title, why, children }: NoticeProps) {
  return (
    <div className={styles.notice}>
      <strong>{title}</strong>
      {why === '' ? null : <span>{why}</span>}
      {children}
    </div>
  )
}
