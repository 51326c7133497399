/** The list of History: only the rows in sight exist, the next ones are fetched before they are reached, the keyboard does everything. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertId } from '../../../contract/alerts.ts'
import type { AlertPages, Stretch } from './alert-pages.ts'
import { AlertRow } from './alert-row.tsx'
import styles from './history.module.css'

export const rowHeightPx = 30
/** A fast scroll covers about 100 rows in the time a page takes, so the next one is asked for well before. */
const prefetchRows = 120

interface Props {
  readonly pages: AlertPages
  readonly stretch: Stretch
  readonly selected: AlertId | null
  readonly onSelect: (id: AlertId) => void
  readonly onOpen: () => void
  readonly onNewest: () => Promise<void>
  readonly isStale: boolean
}

export function AlertList(props: Props) {
  const { pages, stretch, selected, onSelect } = props
  const { t } = useTranslation('history')
  const { rows } = stretch
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.seq ?? index,
    overscan: 12,
  })
  const inSight = virtual.getVirtualItems()
  const firstShown = inSight[0]?.index ?? 0
  const lastShown = inSight.at(-1)?.index ?? 0

  useEffect(() => {
    if (stretch.failure !== null) return
    if (stretch.olderBeyond && lastShown > rows.length - prefetchRows) void pages.growOlder()
    else if (stretch.newerBeyond && firstShown < prefetchRows / 2) void pages.growNewer()
  }, [firstShown, lastShown, pages, rows.length, stretch])

  // A new list starts at its top, or at its bottom after End; rows put above must not move the ones being read.
  const epoch = useRef(-1)
  const topSeq = useRef<number | null>(null)
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    if (epoch.current !== stretch.epoch) {
      epoch.current = stretch.epoch
      box.scrollTop = stretch.anchor === 'bottom' ? rows.length * rowHeightPx : 0
    } else if (stretch.prepended > 0 && topSeq.current !== rows[0]?.seq) {
      box.scrollTop += stretch.prepended * rowHeightPx
    }
    topSeq.current = rows[0]?.seq ?? null
  }, [rows, stretch])

  const at = rows.findIndex((row) => row.id === selected)

  function moveTo(index: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row) return
    onSelect(row.id)
    virtual.scrollToIndex(rows.indexOf(row), { align: 'auto' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const pageful = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeightPx) - 1)
    const moves: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      j: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at < 0 ? 0 : at - 1),
      k: () => moveTo(at < 0 ? 0 : at - 1),
      PageDown: () => moveTo(at + pageful),
      PageUp: () => moveTo(at - pageful),
      // After a jump the count and what came since are not known: the newest page tells both.
      Home: () =>
        stretch.newerBeyond || stretch.total === null ? void props.onNewest().then(selectFirst) : moveTo(0),
      End: () => void pages.showOldest().then(() => selectLast()),
      Enter: props.onOpen,
    }
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }

  function selectFirst(): void {
    const first = pages.snapshot().rows[0]
    if (first) onSelect(first.id)
  }

  function selectLast(): void {
    const last = pages.snapshot().rows.at(-1)
    if (last) onSelect(last.id)
  }

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="listbox"
      aria-label={t('listLabel')}
      aria-busy={stretch.pending || stretch.growing !== 'none'}
      aria-activedescendant={at >= 0 ? `history-${selected}` : undefined}
      tabIndex={0}
      data-history-list
      data-stale={props.isStale || stretch.pending || undefined}
      onKeyDown={onKeyDown}
    >
      <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {inSight.map((item) => {
          const alert = rows[item.index]
          if (!alert) return null
          return (
            <AlertRow
              key={item.key}
              alert={alert}
              top={item.start}
              position={item.index + 1}
              isSelected={alert.id === selected}
              onSelect={onSelect}
              onOpen={props.onOpen}
            />
          )
        })}
      </div>
      <p className={styles.tail} role="status">
        {stretch.growing === 'older' || stretch.growing === 'newer'
          ? t(stretch.growing === 'older' ? 'readingOlder' : 'readingNewer')
          : stretch.full
            ? t('listFull', { count: rows.length })
            : stretch.olderBeyond || stretch.failure !== null
              ? ''
              : t('endOfList')}
      </p>
    </div>
  )
}
