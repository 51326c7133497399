/** Recognised and unknown faces of today at this site; a dash with its age once the figures are old. */
import { useTranslation } from 'react-i18next'
import { useNow } from '../../data/now.ts'
import { siteRow, useStatistics, useStatisticsFreshness } from '../../data/statistics.ts'
import { useTimes } from '../../data/times.ts'
import styles from './faces.module.css'
import sightingsLook from './sightings.module.css'

export function TodayBar() {
  const { t } = useTranslation('faces')
  const { t: tc } = useTranslation('common')
  const times = useTimes()
  const now = useNow()
  const row = useStatistics()?.find((one) => one.id === siteRow)
  const { isFresh, ageMs } = useStatisticsFreshness(row)
  const shown = (value: number | null | undefined): string =>
    isFresh && value !== null && value !== undefined ? value.toLocaleString('en') : '—'
  const last = row?.lastRecognitionAt ?? null
  return (
    <dl className={sightingsLook.today} aria-label={t('today')}>
      <div>
        <dt>{t('recognisedToday')}</dt>
        <dd>{shown(row?.recognitionsToday)}</dd>
      </div>
      <div>
        <dt>{t('unknownToday')}</dt>
        <dd>{shown(row?.unknownFacesToday)}</dd>
      </div>
      <div>
        <dt>{t('lastRecognised')}</dt>
        <dd>{isFresh && last !== null ? times.clockOrDate(last, now) : '—'}</dd>
      </div>
      {isFresh || row === undefined ? null : (
        <span className={styles.ageBadge}>
          {ageMs === null ? tc('never') : tc('storedValueOld', { age: times.duration(ageMs) })}
        </span>
      )}
    </dl>
  )
}
