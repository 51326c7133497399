/** History: what happened, found by time, source, kind, priority, state, device and text, with every link down. */
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert, AlertId } from '../../../contract/alerts.ts'
import { asFault } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useClient } from '../../data/client.ts'
import { useIsCutOff } from '../../data/health.ts'
import { focusAlert, useHistoryWish } from '../../data/route.ts'
import { useMay, useSite } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { type Act, begin } from '../alerts/alert-acts.ts'
import { AlertDetail } from './alert-detail.tsx'
import { AlertList } from './alert-list.tsx'
import { AlertColumns } from './alert-row.tsx'
import { CoveragePanel } from './coverage-panel.tsx'
import { EmptyList } from './empty-list.tsx'
import { ExportMenu } from './export-menu.tsx'
import { FilterBar, FilterChips } from './filter-bar.tsx'
import styles from './history.module.css'
import { emptyQuery, type Query } from './query.ts'
import { useCoverage } from './use-coverage.ts'
import { useDetail } from './use-detail.ts'
import { type History, useHistory } from './use-history.ts'

/** Kept while the operator looks at other views: coming back finds the same question. */
const query = new Cell<Query>(emptyQuery)
const selectedId = new Cell<AlertId | null>(null)

const actOfKey: Readonly<Record<string, Act>> = {
  a: 'acknowledge',
  s: 'silence',
  h: 'shelve',
  c: 'close',
  n: 'note',
}

export function HistoryView() {
  const asked = useCell(query)
  const selected = useCell(selectedId)
  const history = useHistory(asked)
  const { pages, stretch } = history
  const search = useRef<HTMLInputElement>(null)
  const pane = useRef<HTMLElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const isStale = useIsCutOff()
  const row = stretch.rows.find((one) => one.id === selected) ?? null
  const [elsewhere, setElsewhere] = useState<Alert | null>(null)
  const alert = row ?? (elsewhere?.id === selected ? elsewhere : null)
  // An alert opened from elsewhere may lie outside the list: its detail is asked for by id alone.
  const { detail, fault, retry } = useDetail(alert, selected)
  useEffect(() => setElsewhere(detail?.alert ?? null), [detail])
  const coverage = useCoverage(asked.span, stretch.pending)
  const change = (next: Query): void => query.set(next)
  const toList = (): void => list.current?.querySelector<HTMLElement>('[data-history-list]')?.focus()
  const select = (id: AlertId): void => {
    selectedId.set(id)
    focusAlert(id)
  }
  useWish(history, select, search)
  useSlash(search)
  useEffect(() => {
    if (selectedId.get() !== null) focusAlert(selectedId.get())
  }, [])

  const client = useClient()
  const site = useSite()
  const mayAct = useMay('operator')
  // The keys of the open-alerts list act on its alerts only; here they act on the selected one, wherever it stands.
  const onActKey = (event: KeyboardEvent): void => {
    const act = actOfKey[event.key.toLowerCase()]
    if (
      !act ||
      !alert ||
      !mayAct ||
      event.repeat ||
      isTyping(event) ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return
    event.preventDefault()
    event.stopPropagation()
    begin(client, act, alert, site)
  }

  const isEmpty = !stretch.pending && stretch.rows.length === 0 && stretch.failure === null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble here from the list and the detail
    <div className={styles.frame} onKeyDown={onActKey}>
      <div className={styles.view}>
        <FilterBar query={asked} onChange={change} search={search} onLeaveSearch={toList} />
        <Summary history={history} query={asked} onChange={change} />
        <div ref={list} className={styles.main}>
          <AlertColumns />
          {stretch.failure === null ? null : (
            <FaultNote fault={asFault(stretch.failure)} onRetry={() => void history.renew()} />
          )}
          {isEmpty ? (
            <EmptyList query={asked} coverage={coverage} onChange={change} />
          ) : (
            <AlertList
              pages={pages}
              stretch={stretch}
              selected={selected}
              onSelect={select}
              onOpen={() => pane.current?.focus()}
              onNewest={history.renew}
              isStale={isStale}
            />
          )}
        </div>
        <AlertDetail
          alert={alert}
          detail={detail}
          fault={selected === null ? null : fault}
          onRetry={retry}
          onBack={toList}
          pane={pane}
        />
        {coverage.isFuture ? null : <CoveragePanel coverage={coverage} />}
      </div>
    </div>
  )
}

interface SummaryProps {
  readonly history: History
  readonly query: Query
  readonly onChange: (query: Query) => void
}

/** How many, what narrows them, what is newer, and the way out to a file. */
function Summary({ history, query: asked, onChange }: SummaryProps) {
  const { t } = useTranslation('history')
  const { stretch, newer, renew } = history
  const { rows, total } = stretch
  const count = (n: number): string => n.toLocaleString('en')
  const said =
    total === null
      ? t(stretch.olderBeyond ? 'totalUnknown' : 'total', { count: count(rows.length) as never })
      : total === 1
        ? t('totalOne')
        : t('total', { count: count(total) as never })
  return (
    <div className={styles.summary}>
      <span role="status" data-pending={stretch.pending || undefined} className={styles.total}>
        {rows.length === 0 && (stretch.pending || stretch.failure !== null) ? '…' : said}
      </span>
      {stretch.growing === 'jump' ? <span className={styles.soft}>{t('jumping')}</span> : null}
      <FilterChips query={asked} onChange={onChange} />
      <span className={styles.spacer} />
      {stretch.newerBeyond ? <span className={styles.soft}>{t('newerAbove')}</span> : null}
      {newer > 0 ? (
        <Button primary onClick={() => void renew()}>
          {t('newer', { count: newer })}
        </Button>
      ) : null}
      <ExportMenu filter={stretch.filter} total={total} />
    </div>
  )
}

/** History opened from elsewhere: at an instant, at an alert, or with the keyboard in the search field. */
function useWish(
  history: History,
  select: (id: AlertId) => void,
  search: RefObject<HTMLInputElement | null>,
): void {
  const wish = useHistoryWish()
  const done = useRef(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish is granted once, however often the view renders
  useEffect(() => {
    if (wish.asked === done.current || wish.asked === granted) return
    done.current = wish.asked
    granted = wish.asked
    if (wish.search) search.current?.focus()
    if (wish.alert !== null) select(wish.alert)
    if (wish.at !== null) {
      history.beginAt(wish.at)
      // A new object each time, so that the same question asked twice is answered twice.
      query.set({ ...emptyQuery, span: { is: 'all' } })
    }
  }, [wish])
}

/** Survives the view's unmounting, so that coming back does not repeat an old wish. */
let granted = 0

function isTyping(event: { readonly target: EventTarget | null }): boolean {
  return (
    event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
  )
}

function useSlash(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return
      if (isTyping(event)) return
      event.preventDefault()
      search.current?.focus()
      search.current?.select()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [search])
}
