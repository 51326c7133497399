/** A device's value with its freshness: current, or "—" with the age of what it last said. Old data never looks live. */
import { useTranslation } from 'react-i18next'
import type { Device } from '../../../contract/devices.ts'
import { type Freshness, freshnessOf } from '../../data/devices.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { Meter } from '../../ui/meter.tsx'
import styles from './blue-alerts.module.css'

export function useFreshness(device: Device): Freshness {
  const now = useNow()
  const cutOff = useIsCutOff()
  const freshness = freshnessOf(device.heardAt, device.budgetMs, now)
  return cutOff || device.state !== 'live' ? { ...freshness, isFresh: false } : freshness
}

interface Props {
  readonly device: Device
  readonly freshness: Freshness
}

export function Intensity({ device, freshness }: Props) {
  const { t } = useTranslation('blueAlerts')
  const value = freshness.isFresh ? device.blueIntensity : null
  return (
    <span className={styles.intensity}>
      <Meter
        value={value}
        label={value === null ? t('intensityOld') : t('intensityLabel', { value: value.toFixed(2) })}
        tone="blue"
        {...(device.settings === null ? {} : { mark: device.settings.blueSensitivity })}
      />
      <Reading freshness={freshness}>{value === null ? null : value.toFixed(2)}</Reading>
    </span>
  )
}

interface ReadingProps {
  readonly freshness: Freshness
  readonly children: string | null
}

export function Reading({ freshness, children }: ReadingProps) {
  const { t } = useTranslation('common')
  if (freshness.isFresh && children !== null) return <span>{children}</span>
  return (
    <span className={styles.noValue} title={t('noValue')}>
      —
    </span>
  )
}

/** How long ago it was heard; a badge once that is longer than it may be. */
export function Heard({ freshness }: { readonly freshness: Freshness }) {
  const { t } = useTranslation('common')
  const times = useTimes()
  const age = freshness.ageMs === null ? t('never') : times.ago(freshness.ageMs)
  return <span className={freshness.isFresh ? styles.age : styles.ageBadge}>{age}</span>
}

/** A share of one as people read it. */
export function percent(share: number | null): string | null {
  return share === null ? null : `${Math.round(share * 100)} %`
}
