/** From and to of a custom range, typed as wall time, judged while typing, applied with Enter. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { appNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import styles from './history.module.css'
import type { Span } from './query.ts'
import { parseWallTime, wallTime } from './wall-time.ts'

interface Props {
  readonly span: Extract<Span, { is: 'custom' }>
  readonly onApply: (span: Span) => void
}

export function SpanFields({ span, onApply }: Props) {
  const { t } = useTranslation('history')
  const { zone } = useTimes()
  const hintId = useId()
  const [from, setFrom] = useState(() => (span.fromAt === null ? '' : wallTime(span.fromAt, zone)))
  const [to, setTo] = useState(() => (span.toAt === null ? '' : wallTime(span.toAt, zone)))
  const fromAt = from.trim() === '' ? null : parseWallTime(from, zone)
  const toAt = to.trim() === '' ? null : parseWallTime(to, zone)
  const fromBad = from.trim() !== '' && fromAt === null
  const toBad = to.trim() !== '' && toAt === null
  const isBackward = fromAt !== null && toAt !== null && toAt < fromAt
  const complaint =
    fromBad || toBad ? t('wallBad', { example: wallTime(appNow(), zone) }) : isBackward ? t('wallOrder') : ''
  return (
    <form
      className={styles.spanFields}
      onSubmit={(event) => {
        event.preventDefault()
        // A typed second means all of that second.
        if (complaint === '') onApply({ is: 'custom', fromAt, toAt: toAt === null ? null : toAt + 999 })
      }}
    >
      <label>
        {t('from')}
        <input
          className={styles.wall}
          value={from}
          placeholder={t('openEnd')}
          aria-invalid={fromBad || isBackward}
          aria-describedby={hintId}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        {t('to')}
        <input
          className={styles.wall}
          value={to}
          placeholder={t('openEnd')}
          aria-invalid={toBad || isBackward}
          aria-describedby={hintId}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <Button submit disabled={complaint !== ''}>
        {t('apply')}
      </Button>
      <span id={hintId} className={complaint === '' ? styles.hint : styles.complaint}>
        {complaint === '' ? t('wallHint', { zone: zone === '' ? 'local' : zone }) : complaint}
      </span>
    </form>
  )
}
