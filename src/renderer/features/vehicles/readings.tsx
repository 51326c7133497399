/** What is said of a vehicle, and by whom. Sources that disagree are shown beside each other; which is right is not for a screen to guess. */
import { useTranslation } from 'react-i18next'
import type { VehicleReport } from '../../../contract/vehicles.ts'
import { freshnessOf } from '../../data/devices.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { type ReadingName, readingNames, readingNumber } from './values.ts'
import styles from './vehicles.module.css'

interface Told {
  readonly source: string
  readonly text: string
  readonly isFresh: boolean
  readonly ageMs: number
  readonly isGrave: boolean
}

export function Readings({ reports }: { readonly reports: readonly VehicleReport[] }) {
  const { t } = useTranslation('vehicles')
  const tell = useTold(reports)
  const rows = readingNames.map((name) => ({ name, told: tell(name) })).filter(({ told }) => told.length > 0)
  if (rows.length === 0) return <p className={styles.quiet}>{t('nothingSaid')}</p>
  return (
    <dl className={styles.readings}>
      {rows.map(({ name, told }) => (
        <div key={name}>
          <dt>{t(`reading-${name}`)}</dt>
          <dd>
            {told.map((one) => (
              <ReadingLine key={one.source} told={one} named={told.length > 1} />
            ))}
            {disagree(name, told) && <small className={styles.disagree}>{t('disagree')}</small>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function ReadingLine({ told, named }: { readonly told: Told; readonly named: boolean }) {
  const { t } = useTranslation('vehicles')
  const times = useTimes()
  const { source, text, isFresh, ageMs, isGrave } = told
  return (
    <span
      className={styles.reading}
      data-stale={!isFresh || undefined}
      data-grave={(isGrave && isFresh) || undefined}
    >
      {named && <small>{source}</small>}
      <strong>{isFresh ? text : '—'}</strong>
      {!isFresh && <small className={styles.age}>{t('was', { text, age: times.ago(ageMs) })}</small>}
    </span>
  )
}

/** Numbers are measured at different places and moments; these have one truth. */
const oneTruth: ReadonlySet<ReadingName> = new Set(['state', 'estop', 'safetyOk'])

/** Only what is current can disagree. */
function disagree(name: ReadingName, told: readonly Told[]): boolean {
  if (!oneTruth.has(name)) return false
  const fresh = told.filter(({ isFresh }) => isFresh)
  return new Set(fresh.map(({ text }) => text)).size > 1
}

function useTold(reports: readonly VehicleReport[]): (name: ReadingName) => readonly Told[] {
  const { t } = useTranslation(['vehicles', 'common'])
  const now = useNow()
  const cutOff = useIsCutOff()
  const links = useLinks()
  return (name) =>
    reports.flatMap((report) => {
      const reading = report.readings[name]
      if (reading === null) return []
      const { isFresh, ageMs } = freshnessOf(reading.at, reading.budgetMs, now)
      const { value } = reading
      const text =
        typeof value === 'number'
          ? readingNumber(name, value)
          : typeof value === 'boolean'
            ? t(`${name === 'estop' ? 'estop' : 'safe'}-${value}`)
            : value
      const source = links?.find(({ id }) => id === report.link)?.name ?? report.link
      const isGrave = isGraveReading(name, value)
      return [{ source, text, isFresh: isFresh && !cutOff, ageMs: ageMs ?? 0, isGrave }]
    })
}

function isGraveReading(name: ReadingName, value: unknown): boolean {
  if (name === 'state') return value === 'ESTOP' || value === 'FAULT'
  return name === 'fault' || (name === 'estop' && value === true) || (name === 'safetyOk' && value === false)
}
