/** What must be known before an alert's times are believed: late, clock suspect, repeated. */
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { useTimes } from '../../data/times.ts'
import styles from './alerts.module.css'

/** Smaller differences are no matter for a person. */
const noticeableMs = 5000

export function AlertMarks({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation('alerts')
  const times = useTimes()
  const aheadMs = alert.raisedAt - alert.receivedAt
  return (
    <>
      {alert.late ? (
        <span
          className={styles.tag}
          title={t('lateHint', { age: times.duration(alert.receivedAt - alert.raisedAt) })}
        >
          {t('late')}
        </span>
      ) : null}
      {aheadMs > noticeableMs && !alert.clockSuspect ? (
        <span className={styles.tag} title={t('clockSuspectHint', { at: times.dateTime(alert.receivedAt) })}>
          {t('clockAhead', { offset: times.duration(aheadMs) })}
        </span>
      ) : null}
      {alert.clockSuspect ? (
        <span className={styles.tag} title={t('clockSuspectHint', { at: times.dateTime(alert.receivedAt) })}>
          {t('clockSuspect')}
        </span>
      ) : null}
      {alert.duplicates > 0 ? (
        <span className={styles.tag}>{t('repeated', { times: alert.duplicates })}</span>
      ) : null}
    </>
  )
}
