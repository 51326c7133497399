/** An alert in words: its title, its measures, its standing. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { useTimes } from '../../data/times.ts'

export interface AlertWords {
  readonly title: (alert: Alert) => string
  readonly measures: (alert: Alert) => string
  readonly standing: (alert: Alert, now: number) => string
  /** Whether it is on disk and whether the source was told. */
  readonly delivery: (alert: Alert) => string
}

/** A source whose clock is ahead cannot make its alert younger than our knowledge of it. */
export function ageOf(alert: Alert, now: number): number {
  return now - Math.min(alert.raisedAt, alert.receivedAt)
}

export function useAlertWords(): AlertWords {
  const { t } = useTranslation('alerts')
  const times = useTimes()
  return useMemo(
    () => ({
      title: (alert) => {
        const subject = alert.deviceName ?? alert.device ?? alert.location
        return subject === null ? t(`kind-${alert.kind}`) : `${t(`kind-${alert.kind}`)}, ${subject}`
      },
      measures: (alert) => {
        const { blue } = alert
        if (blue === null) return alert.text
        const first: string[] = [t('measureIntensity', { value: blue.intensity.toFixed(2) })]
        if (blue.durationS !== undefined)
          first.push(t('measureDuration', { value: blue.durationS.toFixed(1) }))
        const parts: string[] = [first.join(' ')]
        if (blue.confidence !== undefined)
          parts.push(t('measureConfidence', { value: blue.confidence.toFixed(2) }))
        return parts.join(', ')
      },
      standing: (alert, now) => {
        if (alert.state === 'acknowledged-active' && alert.acknowledgedBy !== null)
          return t('acknowledgedBy', { by: alert.acknowledgedBy })
        if (alert.state === 'shelved' && alert.shelvedUntil !== null)
          return t('shelvedUntil', { until: times.clockOrDate(alert.shelvedUntil, now) })
        return t(`state-${alert.state}`)
      },
      delivery: (alert) => {
        if (alert.kind !== 'blue-light') return t('stored')
        return `${t('stored')}, ${t(`ack-${alert.ackDelivery}`)}`
      },
    }),
    [t, times],
  )
}
