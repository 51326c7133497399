/** The open blue-light alerts with their pictures and measures. Acts are on the focused card. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { useAlerts } from '../../data/alerts.ts'
import { useNow } from '../../data/now.ts'
import { focusAlert, useFocusedAlert } from '../../data/route.ts'
import { useTimes } from '../../data/times.ts'
import { Empty } from '../../ui/empty.tsx'
import { AlertActions } from '../alerts/alert-actions.tsx'
import { AlertMarks } from '../alerts/alert-marks.tsx'
import { ageOf, useAlertWords } from '../alerts/alert-words.ts'
import { Evidence } from '../alerts/evidence.tsx'
import { PriorityMark } from '../alerts/priority-mark.tsx'
import styles from './blue-alerts.module.css'

/** More pictures than this at once help nobody; the list beside it has them all. */
const mostCards = 48

export function BlueAlertCards() {
  const { t } = useTranslation('blueAlerts')
  const alerts = useAlerts()
  const focused = useFocusedAlert()
  const blue = useMemo(() => alerts?.filter((alert) => alert.kind === 'blue-light'), [alerts])
  if (blue === undefined) return <Empty title={t('readingAlerts')} />
  if (blue.length === 0) return <Empty title={t('noAlertsTitle')} hint={t('noAlertsHint')} />
  return (
    <>
      <ul className={styles.cards}>
        {blue.slice(0, mostCards).map((alert) => (
          <li key={alert.id}>
            <Card alert={alert} isFocused={alert.id === focused} />
          </li>
        ))}
      </ul>
      {blue.length > mostCards ? (
        <p className={styles.more}>{t('moreInList', { count: blue.length - mostCards })}</p>
      ) : null}
    </>
  )
}

function Card({ alert, isFocused }: { readonly alert: Alert; readonly isFocused: boolean }) {
  const { t } = useTranslation('alerts')
  const words = useAlertWords()
  const times = useTimes()
  const now = useNow()
  const area = alert.blue?.area
  return (
    <article className={`${styles.card} ${isFocused ? styles.focused : ''}`}>
      <button
        type="button"
        className={styles.cardFace}
        aria-pressed={isFocused}
        onClick={() => focusAlert(alert.id)}
      >
        <span className={styles.cardPicture}>
          <Evidence alert={alert} size="large" />
        </span>
        <span className={styles.cardText}>
          <strong>
            <PriorityMark alert={alert} isFlashing={alert.state === 'unacknowledged-active'} />
            {alert.deviceName ?? alert.device ?? words.title(alert)}
          </strong>
          <span>{words.measures(alert)}</span>
          {area ? (
            <span>
              {t('area')} {t('areaValue', area)}
            </span>
          ) : null}
          <span>
            {t('at', { clock: times.clockOrDate(alert.raisedAt, now), ago: times.ago(ageOf(alert, now)) })}
          </span>
          <span>{words.standing(alert, now)}</span>
          <span>
            {words.delivery(alert)} <AlertMarks alert={alert} />
          </span>
        </span>
      </button>
      {isFocused ? <AlertActions alert={alert} showKeys /> : null}
    </article>
  )
}
