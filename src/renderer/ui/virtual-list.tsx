/** A list that renders only the rows in sight; rows may differ in height. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import styles from './ui.module.css'

interface Props<T> {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly estimatedHeightPx: number
  readonly label: string
  readonly render: (item: T, index: number) => ReactNode
  /** Brought into sight when it changes. */
  readonly shownKey?: string | null
  readonly overscan?: number
}

export function VirtualList<T>(props: Props<T>) {
  const { items, keyOf, shownKey } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.estimatedHeightPx,
    getItemKey: (index) => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    },
    overscan: props.overscan ?? 6,
  })
  const lastShown = useRef<string | null>(null)
  useEffect(() => {
    if (!shownKey || shownKey === lastShown.current) return
    const index = items.findIndex((item) => keyOf(item) === shownKey)
    if (index < 0) return
    lastShown.current = shownKey
    virtual.scrollToIndex(index, { align: 'auto' })
  }, [items, keyOf, shownKey, virtual])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section ref={scroller} className={styles.scroller} aria-label={props.label} tabIndex={0}>
      <ul className={styles.virtual} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => {
          const item = items[row.index]
          if (item === undefined) return null
          return (
            <li
              key={row.key}
              data-index={row.index}
              ref={virtual.measureElement}
              className={styles.virtualRow}
              style={{ transform: `translateY(${row.start}px)` }}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
            >
              {props.render(item, row.index)}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
