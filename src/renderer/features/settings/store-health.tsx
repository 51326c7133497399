/** How the store keeps its promise right now: mode, durability as read back from the file, sizes, room, and what was put aside. */
import { useTranslation } from 'react-i18next'
import type { Health } from '../../../contract/site.ts'
import { useHealth, useIsCutOff } from '../../data/health.ts'
import { useTable } from '../../data/sources.ts'
import { useTimes } from '../../data/times.ts'
import { Fact, Facts } from '../../ui/facts.tsx'
import { sizeText } from '../../ui/size-text.ts'
import styles from './settings.module.css'

/** SQLite's number for FULL. */
const full = 2
/** Below this the ballast may soon be needed. */
const lowBytes = 2_000_000_000

export function StoreHealth() {
  const { t } = useTranslation('settings')
  const health = useHealth()
  if (!health) return <p className={styles.soft}>{t('healthNone')}</p>
  return <Shown health={health} />
}

function Shown({ health }: { readonly health: Health }) {
  const { t } = useTranslation('settings')
  const times = useTimes()
  const isStale = useIsCutOff()
  const { store } = health
  const [recorder] = useTable('recordings.store') ?? []
  const isDurable = store.journalMode.toLowerCase() === 'wal' && store.synchronous >= full
  const values = {
    journal: store.journalMode.toUpperCase(),
    sync: store.synchronous >= full ? 'FULL' : 'NORMAL',
  }
  return (
    <>
      {store.trouble === '' ? null : (
        <p className={styles.warning}>
          <strong>{t('trouble')}:</strong> {store.trouble}
        </p>
      )}
      {recorder === undefined || recorder.trouble === '' ? null : (
        <p className={styles.warning}>
          <strong>{t('recorderTrouble')}:</strong> {recorder.trouble}
        </p>
      )}
      <Facts>
        <Fact name={t('mode')} stale={isStale}>
          {t(`mode-${store.mode}`)}
        </Fact>
        <Fact name={t('durability')} stale={isStale}>
          {t(isDurable ? 'durable' : 'notDurable', values)}
        </Fact>
        <Fact name={t('lastCommit')} stale={isStale}>
          {store.lastCommitMs.toFixed(1)} ms
        </Fact>
        <Fact name={t('queue')} stale={isStale}>
          {store.queueDepth}
        </Fact>
        <Fact name={t('alertsStored')} stale={isStale}>
          {store.alerts.toLocaleString('en')}
        </Fact>
        <Fact name={t('outbox')} stale={isStale}>
          {store.outboxWaiting}
        </Fact>
        <Fact name={t('size')} stale={isStale}>
          {sizeText(store.sizeBytes)}
        </Fact>
        <Fact name={t('free')} stale={isStale}>
          {sizeText(store.diskFreeBytes)}
          {store.diskFreeBytes < lowBytes ? `, ${t('freeLow')}` : ''}
        </Fact>
        {recorder === undefined ? null : (
          <Fact name={t('recorded')} stale={isStale}>
            {t('recordedOf', {
              used: sizeText(recorder.bytes),
              budget: sizeText(recorder.budgetBytes),
              kept: sizeText(recorder.keptBytes),
              count: recorder.alerts,
            })}
          </Fact>
        )}
        <Fact name={t('schema')}>{store.schemaVersion}</Fact>
        <Fact name={t('quarantined')}>{store.quarantined ?? t('nonePutAside')}</Fact>
        <Fact name={t('running')}>{times.dateTime(health.startedAt)}</Fact>
      </Facts>
    </>
  )
}
