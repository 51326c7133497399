/** What happened lately besides alerts, newest first. */
import { useTranslation } from 'react-i18next'
import { useNow } from '../../data/now.ts'
import { openHistory } from '../../data/route.ts'
import { useRecentTimeline } from '../../data/timeline.ts'
import { useTimes } from '../../data/times.ts'
import { Empty } from '../../ui/empty.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import styles from './overview.module.css'

export function ActivityPane() {
  const { t } = useTranslation('overview')
  const entries = useRecentTimeline()
  const times = useTimes()
  const now = useNow()
  if (entries === undefined) return <Empty title={t('waiting')} />
  if (entries.length === 0) return <Empty title={t('noActivityTitle')} hint={t('noActivityHint')} />
  return (
    <VirtualList
      items={entries}
      keyOf={(entry) => String(entry.seq)}
      estimatedHeightPx={27}
      label={t('paneActivity')}
      render={(entry) => (
        <button type="button" className={styles.activity} onClick={() => openHistory({ at: entry.at })}>
          <time dateTime={new Date(entry.at).toISOString()}>{times.clockOrDate(entry.at, now)}</time>
          <span>{entry.text}</span>
        </button>
      )}
    />
  )
}
