/** The open alerts, always in sight: newest unacknowledged on top by priority, what was put aside behind a tab. */
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '../../../contract/alerts.ts'
import { isAside, openCount, useAlertCounts, useAlerts } from '../../data/alerts.ts'
import { openHistory, useFocusedAlert } from '../../data/route.ts'
import { Empty } from '../../ui/empty.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { AlertCard } from './alert-card.tsx'
import { shownAlerts } from './alert-focus.ts'
import styles from './alerts.module.css'
import { NewAlertVoice } from './new-alert-voice.tsx'

/** The table's cap. Below it the two numbers can differ only for the moment between two messages. */
const listedAtMost = 1000

type Tab = 'active' | 'shelved'

export function AlertList() {
  const { t } = useTranslation('alerts')
  const alerts = useAlerts()
  const counts = useAlertCounts()
  const focused = useFocusedAlert()
  const [tab, setTab] = useState<Tab>('active')
  const inTab = useMemo(
    () => (alerts ?? []).filter((alert) => isAside(alert) === (tab === 'shelved')),
    [alerts, tab],
  )
  useEffect(() => shownAlerts.set(inTab), [inTab])
  const aside = counts ? counts.shelved + counts.outOfService : null
  const open = counts ? openCount(counts) : 0
  return (
    <div className={styles.list}>
      <div className={styles.tabs} role="tablist" aria-label={t('title')}>
        <TabButton isOn={tab === 'active'} onClick={() => setTab('active')}>
          {t('tabActive')} {aside === null ? '—' : open - aside}
        </TabButton>
        <TabButton isOn={tab === 'shelved'} onClick={() => setTab('shelved')}>
          {t('tabShelved')} {aside ?? '—'}
        </TabButton>
        <button
          type="button"
          className={styles.searchLink}
          aria-label={t('searchLabel')}
          aria-keyshortcuts="/"
          onClick={() => openHistory({ search: true })}
        >
          / {t('searchHint')}
        </button>
      </div>
      {alerts && alerts.length < open && open > listedAtMost ? (
        <button type="button" className={styles.capped} onClick={() => openHistory({})}>
          {t('shownOf', { shown: alerts.length, total: open })}
        </button>
      ) : null}
      <div className={styles.cards}>
        <Cards alerts={alerts === undefined ? undefined : inTab} tab={tab} focused={focused} />
      </div>
      <NewAlertVoice alerts={alerts} />
    </div>
  )
}

interface CardsProps {
  readonly alerts: readonly Alert[] | undefined
  readonly tab: Tab
  readonly focused: string | null
}

function Cards({ alerts, tab, focused }: CardsProps) {
  const { t } = useTranslation('alerts')
  if (alerts === undefined) return <Empty title={t('waiting')} />
  if (alerts.length === 0) {
    return tab === 'active' ? (
      <Empty title={t('noneTitle')} hint={t('noneHint')} />
    ) : (
      <Empty title={t('noneShelved')} hint={t('noneShelvedHint')} />
    )
  }
  return (
    <VirtualList
      items={alerts}
      keyOf={keyOf}
      estimatedHeightPx={88}
      label={t('listLabel')}
      shownKey={focused}
      render={(alert) => <AlertCard alert={alert} isFocused={alert.id === focused} />}
    />
  )
}

function keyOf(alert: Alert): string {
  return alert.id
}

interface TabProps {
  readonly isOn: boolean
  readonly onClick: () => void
  readonly children: React.ReactNode
}

function TabButton({ isOn, onClick, children }: TabProps) {
  return (
    <button type="button" role="tab" aria-selected={isOn} className={styles.tab} onClick={onClick}>
      {children}
    </button>
  )
}
