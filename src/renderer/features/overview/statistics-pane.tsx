/** Faces and cameras in figures: of this site, and of each server it is connected to. Old figures are dashes with their age. */
import { useTranslation } from 'react-i18next'
import type { Statistics } from '../../../contract/statistics.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { go } from '../../data/route.ts'
import { siteRow, useStatistics, useStatisticsFreshness } from '../../data/statistics.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import styles from './overview.module.css'

const dash = '—'

export function StatisticsPane() {
  const { t } = useTranslation('overview')
  const rows = useStatistics()
  const links = useLinks()
  if (rows === undefined) return <Empty title={t('waiting')} />
  const servers = rows.filter((row) => row.id !== siteRow)
  const isEmpty = rows.every((row) => !row.totalCameras && !row.totalPeople)
  if (servers.length === 0 && isEmpty) {
    return (
      <Empty title={t('noStatisticsTitle')} hint={t('noStatisticsHint')}>
        <Button onClick={() => go('links')}>{t('openLinks')}</Button>
      </Empty>
    )
  }
  return (
    <div className={styles.statistics}>
      {rows.map((row) => (
        <Source
          key={row.id}
          row={row}
          name={row.id === siteRow ? t('thisSite') : (links?.find(({ id }) => id === row.id)?.name ?? row.id)}
        />
      ))}
    </div>
  )
}

function Source({ row, name }: { readonly row: Statistics; readonly name: string }) {
  const { t } = useTranslation('overview')
  const times = useTimes()
  const now = useNow()
  const { isFresh, ageMs } = useStatisticsFreshness(row)
  const figure = (value: number | null) => (isFresh && value !== null ? value.toLocaleString('en') : dash)
  const last = row.lastRecognitionAt
  return (
    <section className={styles.source} data-stale={!isFresh || undefined} aria-label={name}>
      <h3>
        {name}
        <small>{isFresh ? t(`via-${row.via}`) : t('figuresOld', { age: times.ago(ageMs ?? 0) })}</small>
      </h3>
      <dl>
        <Figure name={t('people')} value={figure(row.totalPeople)} />
        <Figure name={t('recognisedToday')} value={figure(row.recognitionsToday)} />
        <Figure name={t('unknownToday')} value={figure(row.unknownFacesToday)} />
        <Figure
          name={t('camerasActive')}
          value={`${figure(row.activeCameras)} / ${figure(row.totalCameras)}`}
        />
        <Figure name={t('camerasRecording')} value={figure(row.recordingCameras)} />
        <Figure
          name={t('lastRecognition')}
          value={isFresh && last !== null ? times.clockOrDate(last, now) : dash}
        />
      </dl>
    </section>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
