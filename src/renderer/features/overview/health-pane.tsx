/** The operator's load as ISA-18.2 computes it, and how the store keeps its promise. */
import { useTranslation } from 'react-i18next'
import type { Load, StoreHealth } from '../../../contract/site.ts'
import { useHealth } from '../../data/health.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { Empty } from '../../ui/empty.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import styles from './overview.module.css'

export function HealthPane() {
  const { t } = useTranslation('overview')
  const times = useTimes()
  const health = useHealth()
  if (health === undefined) return <Empty title={t('waiting')} />
  return (
    <div className={styles.health}>
      <section>
        <h3>{t('loadHead')}</h3>
        <LoadFacts load={health.load} />
      </section>
      <section>
        <h3>{t('storeHead')}</h3>
        <StoreFacts store={health.store} />
        <Facts>
          <Fact name={t('running')}>{times.duration(health.at - health.startedAt)}</Fact>
        </Facts>
      </section>
    </div>
  )
}

function LoadFacts({ load }: { readonly load: Load }) {
  const { t } = useTranslation('overview')
  const { critical, high, medium, low } = load.mix
  // ISA-18.2 §16: about one alarm in ten minutes, under 1 % of time in flood, fewer than five stale.
  return (
    <Facts>
      <Fact name={t('perTen')}>
        {load.alarmsPer10Min.toFixed(1)} <Aim aim="≤ 2" />
      </Fact>
      <Fact name={t('lastTen')}>{load.lastTenMinutes}</Fact>
      <Fact name={t('flood')}>
        {load.floodPercent.toFixed(1)} % <Aim aim="< 1 %" />
      </Fact>
      <Fact name={t('chattering')}>
        {load.chattering} <Aim aim="0" />
      </Fact>
      <Fact name={t('stale')}>
        {load.stale} <Aim aim="< 5" />
      </Fact>
      <Fact name={t('mix')}>
        {[critical, high, medium, low].map((share) => Math.round(share * 100)).join(' / ')} %
      </Fact>
      {load.top.slice(0, 3).map((one) => (
        <Fact key={one.device} name={`${t('top')} ${one.device}`}>
          {one.count}
        </Fact>
      ))}
    </Facts>
  )
}

function Aim({ aim }: { readonly aim: string }) {
  const { t } = useTranslation('overview')
  return <small className={styles.aim}>{t('target', { aim })}</small>
}

/** SQLite's number for synchronous=FULL; EXTRA is above it. */
const full = 2

function StoreFacts({ store }: { readonly store: StoreHealth }) {
  const { t } = useTranslation('overview')
  const [recorder] = useTable('recordings.store') ?? []
  return (
    <Facts>
      <Fact name={t('storeMode')}>{t(`mode-${store.mode}`)}</Fact>
      <Fact name={t('durability')}>
        {store.synchronous >= full ? t('durabilityFull') : t('durabilityLess', { mode: store.synchronous })}
      </Fact>
      <Fact name={t('alertsKept')}>{store.alerts.toLocaleString('en').replaceAll(',', ' ')}</Fact>
      <Fact name={t('lastCommit')}>{store.lastCommitMs.toFixed(1)} ms</Fact>
      <Fact name={t('queue')}>{store.queueDepth}</Fact>
      <Fact name={t('outbox')}>{store.outboxWaiting}</Fact>
      <Fact name={t('size')}>{sizeText(store.sizeBytes)}</Fact>
      <Fact name={t('diskFree')}>{sizeText(store.diskFreeBytes)}</Fact>
      {recorder === undefined ? null : (
        <Fact name={t('recorded')}>
          {sizeText(recorder.bytes)} / {sizeText(recorder.budgetBytes)}
        </Fact>
      )}
    </Facts>
  )
}

function sizeText(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${Math.round(bytes / 1e3)} kB`
}
