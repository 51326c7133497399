/** On a tile: what is done with the camera and who does it now. Quiet, until there is blue light. */
import { useTranslation } from 'react-i18next'
import type { AnalysisNow } from '../../../contract/analysis.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import type { CameraPlan } from '../../../contract/plans.ts'
import { useLinks } from '../../data/links.ts'
import { useAnalysis, usePlan } from '../../data/plans.ts'
import { useTimes } from '../../data/times.ts'
import { place, type Size, type Zoom } from '../../paint/geometry.ts'
import styles from './plan.module.css'

export function PlanChips({ camera }: { readonly camera: CameraId }) {
  const { t } = useTranslation('cameraPlan')
  const plan = usePlan(camera)
  const now = useAnalysis(camera)
  if (plan === undefined || (!plan.record && plan.faces === 'off' && !plan.blueLight)) return null
  return (
    <div className={styles.chips}>
      {plan.blueLight ? <BlueChip now={now} /> : null}
      {plan.faces === 'off' ? null : <FacesChip plan={plan} now={now} />}
      {plan.record ? <span className={styles.chip}>{t('chip-record')}</span> : null}
    </div>
  )
}

interface Now {
  readonly now: AnalysisNow | undefined
}

function FacesChip({ plan, now }: Now & { readonly plan: CameraPlan }) {
  const { t } = useTranslation('cameraPlan')
  const links = useLinks()
  if (now === undefined) return <span className={styles.chip}>{t('chip-faces')}</span>
  const { by, reason, perSecond, latencyMs, passedOver } = now.faces
  const name = links?.find(({ id }) => id === plan.faceLink)?.name ?? plan.faceLink ?? ''
  const figures = t('figures', {
    rate: perSecond.toFixed(0),
    ms: latencyMs === null ? '—' : latencyMs.toFixed(0),
    count: passedOver,
  })
  const who = t(`by-${by}`, { name })
  return (
    <span
      className={`${styles.chip} ${reason === '' ? '' : styles.notable}`}
      title={reason === '' ? figures : `${t('instead', { reason })}\n${figures}`}
    >
      {reason === '' ? who : `${who} · ${reason}`}
    </span>
  )
}

function BlueChip({ now }: Now) {
  const { t } = useTranslation('cameraPlan')
  const times = useTimes()
  const blue = now?.blue ?? null
  if (blue === null) {
    const isNobody = now === undefined || now.analyst === null
    return <span className={styles.chip}>{t(isNobody ? 'chip-unseen' : 'chip-learning')}</span>
  }
  if (!blue.isBlue)
    return <span className={styles.chip}>{t(blue.isReady ? 'chip-clear' : 'chip-learning')}</span>
  const share = (value: number) => Math.round(value * 100)
  const title = t('blueSince', {
    duration: times.duration(blue.durationMs),
    intensity: share(blue.intensity),
    confidence: share(blue.confidence),
  })
  return (
    <strong className={`${styles.chip} ${styles.blue}`} role="status" title={title}>
      {t('chip-blue')}
    </strong>
  )
}

interface RegionProps {
  readonly camera: CameraId
  readonly picture: Size
  readonly tile: Size
  readonly zoom: Zoom
}

/** Where the blue light is, as it was last told: once a second. */
export function BlueRegion({ camera, picture, tile, zoom }: RegionProps) {
  const blue = useAnalysis(camera)?.blue
  if (!blue?.isBlue || blue.box === null) return null
  const rect = place(blue.box, picture, tile, zoom)
  if (rect === null) return null
  const style = { transform: `translate(${rect.x}px, ${rect.y}px)`, width: rect.width, height: rect.height }
  return <i className={styles.region} style={style} data-blue-region />
}
