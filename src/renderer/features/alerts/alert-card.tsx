/** One open alert in the list: what, where, how bad, when, in which state, and whether it is stored and the camera told. */
import { useTranslation } from 'react-i18next'
import { isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert } from '../../../contract/alerts.ts'
import { useNow } from '../../data/now.ts'
import { focusAlert } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { AlertActions } from './alert-actions.tsx'
import { AlertMarks } from './alert-marks.tsx'
import { ageOf, useAlertWords } from './alert-words.ts'
import styles from './alerts.module.css'
import { Evidence } from './evidence.tsx'
import { PriorityMark } from './priority-mark.tsx'

interface Props {
  readonly alert: Alert
  readonly isFocused: boolean
  /** With every measure in its own row, for the blue-alerts view. */
  readonly onOpen?: () => void
}

export function AlertCard({ alert, isFocused, onOpen }: Props) {
  const { t } = useTranslation('alerts')
  const words = useAlertWords()
  const times = useTimes()
  const now = useNow()
  const title = words.title(alert)
  const unseen = isUnacknowledged(alert.state)
  const priority = t(`priority-${alert.priority}`)
  const look = [
    styles.card,
    isFocused && styles.focused,
    alert.state === 'unacknowledged-cleared' && styles.returned,
    !unseen && styles.seen,
  ]
  return (
    <article
      className={look.filter(Boolean).join(' ')}
      data-alert={alert.id}
      data-state={alert.state}
      aria-current={isFocused}
      aria-label={t('cardLabel', { priority, title, state: words.standing(alert, now) })}
    >
      <button
        type="button"
        className={styles.cardFace}
        data-alert-face={alert.id}
        aria-pressed={isFocused}
        onFocus={() => focusAlert(alert.id)}
        onClick={() => {
          focusAlert(alert.id)
          onOpen?.()
        }}
      >
        <PriorityMark alert={alert} isFlashing={alert.state === 'unacknowledged-active'} />
        <span className={styles.cardText}>
          <strong>{title}</strong>
          <span className={styles.measures}>{words.measures(alert)}</span>
          <span className={styles.when}>
            {t('at', { clock: times.clockOrDate(alert.raisedAt, now), ago: times.ago(ageOf(alert, now)) })}
            {'; '}
            {words.standing(alert, now)}
            {alert.silencedAt !== null && unseen ? `, ${t('silenced')}` : ''}
          </span>
          <span className={styles.when}>
            {words.delivery(alert)} <AlertMarks alert={alert} />
          </span>
        </span>
        <Evidence alert={alert} size="thumbnail" />
      </button>
      {isFocused ? <AlertActions alert={alert} showKeys /> : null}
    </article>
  )
}
