/** Frames of a bus in rows: when, which way, the bytes, what they mean, and why one was not used. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useTimes } from '../../data/times.ts'
import type { LoggedFrame } from './frame-log.ts'
import { unitText } from './values.ts'
import styles from './vehicles.module.css'

const rowPx = 20

export function FrameList({
  frames,
  empty,
}: {
  readonly frames: readonly LoggedFrame[]
  readonly empty: string
}) {
  const { t } = useTranslation('vehicles')
  const scroller = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(true)
  const virtual = useVirtualizer({
    count: frames.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => frames[index]?.n ?? index,
    overscan: 12,
  })
  const last = frames.at(-1)?.n
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last frame is the reason to scroll
  useEffect(() => {
    const box = scroller.current
    if (box && isFollowing) box.scrollTop = box.scrollHeight
  }, [last, isFollowing])
  return (
    <section
      ref={scroller}
      className={styles.frames}
      aria-label={t('frames')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: box }) =>
        setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < rowPx * 2)
      }
    >
      {frames.length === 0 && <p className={styles.quiet}>{empty}</p>}
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const frame = frames[item.index]
          return frame && <FrameRow key={item.key} frame={frame} top={item.start} />
        })}
      </div>
    </section>
  )
}

function FrameRow({ frame, top }: { readonly frame: LoggedFrame; readonly top: number }) {
  const { t } = useTranslation('vehicles')
  const times = useTimes()
  const { at, direction, unit, hex, text, trouble, tookMs, values } = frame
  const told = Object.entries(values ?? {}).map(([name, value]) => `${name} ${value ?? '—'}`)
  return (
    <div
      className={styles.frame}
      data-trouble={trouble === '' ? undefined : trouble}
      style={{ transform: `translateY(${top}px)` }}
    >
      <time>
        {times.clock(at)}.{String(Math.floor(at) % 1000).padStart(3, '0')}
      </time>
      <span>{direction === 'request' ? '→' : direction === 'reply' ? '←' : '✕'}</span>
      <span>{unit === null ? '' : unitText(unit)}</span>
      <span>{tookMs === null ? '' : `${tookMs.toFixed(1)} ms`}</span>
      <span>{trouble === '' ? '' : t(`trouble-${trouble}`)}</span>
      <span title={told.join(', ')}>
        {text} {told.join(', ')}
      </span>
      <code title={hex}>{hex.replace(/../g, '$& ')}</code>
    </div>
  )
}
