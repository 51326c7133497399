/** The list of sightings: only the rows in sight exist, older ones are fetched before they are reached, and nothing jumps while one reads. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { SightingPages, Sightings } from './sighting-pages.ts'
import { SightingRow } from './sighting-row.tsx'
import sightingsLook from './sightings.module.css'

const rowHeightPx = 54
const prefetchRows = 80

interface Props {
  readonly pages: SightingPages
  readonly sightings: Sightings
  readonly selected: string | null
  readonly onSelect: (id: string) => void
  readonly onOpen: () => void
  readonly isStale: boolean
}

export function SightingList({ pages, sightings, selected, onSelect, onOpen, isStale }: Props) {
  const { t } = useTranslation('faces')
  const { rows } = sightings
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
  })
  const inSight = virtual.getVirtualItems()
  const lastShown = inSight.at(-1)?.index ?? 0
  useEffect(() => {
    if (sightings.failure === null && sightings.olderBeyond && lastShown > rows.length - prefetchRows) {
      void pages.growOlder()
    }
  }, [lastShown, pages, rows.length, sightings])

  // At the top the newest is shown as it comes. Below it the row being read stays where it is, whatever comes above.
  const held = useRef<{ id: string; offsetPx: number } | null>(null)
  const epoch = useRef(-1)
  function hold(): void {
    const top = scroller.current?.scrollTop ?? 0
    const row = top < rowHeightPx / 2 ? undefined : rows[Math.floor(top / rowHeightPx)]
    held.current = row ? { id: row.id, offsetPx: top % rowHeightPx } : null
  }
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    if (epoch.current !== sightings.epoch) {
      epoch.current = sightings.epoch
      held.current = null
      box.scrollTop = 0
      return
    }
    const anchor = held.current
    if (anchor === null) return
    const index = rows.findIndex((row) => row.id === anchor.id)
    const wanted = index * rowHeightPx + anchor.offsetPx
    if (index >= 0 && Math.abs(box.scrollTop - wanted) >= 1) box.scrollTop = wanted
  }, [rows, sightings.epoch])

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
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      Enter: onOpen,
    }
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }

  return (
    <div
      ref={scroller}
      className={sightingsLook.scroller}
      role="listbox"
      aria-label={t('sightingsLabel')}
      aria-busy={sightings.pending || sightings.growing}
      aria-activedescendant={at >= 0 ? `sighting-${selected}` : undefined}
      tabIndex={0}
      data-sighting-list
      data-stale={isStale || sightings.pending || undefined}
      onScroll={hold}
      onKeyDown={onKeyDown}
    >
      <div className={sightingsLook.rows} style={{ height: virtual.getTotalSize() }}>
        {inSight.map((item) => {
          const event = rows[item.index]
          return event ? (
            <SightingRow
              key={item.key}
              event={event}
              top={item.start}
              position={item.index + 1}
              isSelected={event.id === selected}
              onSelect={onSelect}
              onOpen={onOpen}
            />
          ) : null
        })}
      </div>
      <p className={sightingsLook.tail} role="status">
        {sightings.growing
          ? t('readingOlder')
          : sightings.olderBeyond || rows.length === 0
            ? ''
            : t('endOfList')}
      </p>
    </div>
  )
}
