/** One alert of the list in one line. Marks are words, never colour alone. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import { useTimes } from '../../data/times.ts'
import { PriorityMark } from '../alerts/priority-mark.tsx'
import styles from './history.module.css'

interface Props {
  readonly alert: Alert
  readonly top: number
  readonly position: number
  readonly isSelected: boolean
  readonly onSelect: (id: AlertId) => void
  readonly onOpen: () => void
}

export const AlertRow = memo(function AlertRow(props: Props) {
  const { alert, isSelected } = props
  const { t } = useTranslation('history')
  const times = useTimes()
  const day = times.date(alert.raisedAt)
  const marks = [
    alert.late ? t('late') : '',
    alert.clockSuspect ? t('clock') : '',
    alert.evidence ? t('picture') : '',
    alert.duplicates > 0 ? t('duplicates', { count: alert.duplicates }) : '',
    alert.ackDelivery === 'none' ? '' : t(`deliveryShort-${alert.ackDelivery}`),
  ].filter((mark) => mark !== '')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it owns the keys
    <div
      id={`history-${alert.id}`}
      role="option"
      aria-selected={isSelected}
      tabIndex={-1}
      className={styles.row}
      data-selected={isSelected || undefined}
      data-ended={!isUnacknowledged(alert.state) || undefined}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onSelect(alert.id)}
      onDoubleClick={props.onOpen}
    >
      <span className={styles.cellSign}>
        <PriorityMark alert={alert} />
      </span>
      <time className={styles.cellTime}>
        <span className={styles.year}>{day.slice(0, 5)}</span>
        {day.slice(5)} {times.clock(alert.raisedAt)}
      </time>
      <span className={styles.cellText}>{alert.text}</span>
      <span className={styles.cellDevice}>{alert.deviceName ?? alert.device ?? alert.source}</span>
      <span className={styles.cellPlace}>{alert.location ?? ''}</span>
      <span className={styles.cellState}>{t(`brief-${alert.state}`)}</span>
      <span className={styles.cellBy}>{alert.acknowledgedBy ?? ''}</span>
      <span className={styles.cellMarks}>{marks.join(', ')}</span>
    </div>
  )
})

/** Names above the columns, aligned with the rows. */
export function AlertColumns() {
  const { t } = useTranslation('history')
  return (
    <div className={styles.columns} aria-hidden>
      <span className={styles.cellSign}>{t('columnPriority')}</span>
      <span className={styles.cellTime}>{t('columnTime')}</span>
      <span className={styles.cellText}>{t('columnText')}</span>
      <span className={styles.cellDevice}>{t('columnDevice')}</span>
      <span className={styles.cellPlace}>{t('columnPlace')}</span>
      <span className={styles.cellState}>{t('columnState')}</span>
      <span className={styles.cellBy}>{t('columnAck')}</span>
      <span className={styles.cellMarks}>{t('columnFlags')}</span>
    </div>
  )
}
