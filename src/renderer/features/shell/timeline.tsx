/** One ruler for everything: a lane per link, alerts as marks, hatched where nothing was heard. A click opens History there. */
import { SegmentedControl } from '@mantine/core'
import { type PointerEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCell } from '../../data/cell.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useLinks } from '../../data/links.ts'
import { useNow } from '../../data/now.ts'
import { oneOf, remembered } from '../../data/remembered.ts'
import { openHistory } from '../../data/route.ts'
import { useTimelineMarks } from '../../data/timeline.ts'
import { useTimes } from '../../data/times.ts'
import styles from './timeline.module.css'
import { TimelineLane } from './timeline-lane.tsx'
import { gapsOf, marksOf, minuteMs, shareOf, slices, spans, ticksOf, windowAt } from './timeline-scale.ts'

const chosenSpan = remembered(
  'timeline-span',
  String(60 * minuteMs),
  oneOf(...spans.map((one) => String(one.spanMs))),
)

export function Timeline() {
  const { t } = useTranslation('shell')
  const times = useTimes()
  const now = useNow()
  const links = useLinks()
  const cutOff = useIsCutOff()
  const chosen = useCell(chosenSpan)
  const { spanMs, tickMs } = spans.find((one) => String(one.spanMs) === chosen) ?? spans[1]
  const window = windowAt(now, spanMs)
  const { marks, fault } = useTimelineMarks(window.fromAt, window.toAt, slices)
  const [hoverAt, setHoverAt] = useState<number | null>(null)
  const lanes = useMemo(() => {
    const ids = new Set(links?.map((link) => String(link.id)))
    for (const mark of marks?.marks ?? []) ids.add(mark.lane)
    return [...ids].map((id) => ({ id, name: links?.find((link) => link.id === id)?.name ?? id }))
  }, [links, marks])
  const timeAt = (event: PointerEvent<HTMLElement> | React.MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    return Math.min(now, window.fromAt + share * spanMs)
  }
  return (
    <section className={styles.timeline} aria-label={t('timeline')}>
      <div className={styles.ruler}>
        <SegmentedControl
          size="xs"
          aria-label={t('timelineSpan')}
          transitionDuration={0}
          value={chosen}
          onChange={(value) => chosenSpan.set(value)}
          data={spans.map((one) => ({ value: String(one.spanMs), label: times.duration(one.spanMs) }))}
        />
        <div className={styles.ticks} aria-hidden>
          {ticksOf(window, tickMs).map((at) => (
            <span key={at} style={{ left: `clamp(18px, ${shareOf(window, at) * 100}%, 100% - 18px)` }}>
              {times.minute(at)}
            </span>
          ))}
        </div>
      </div>
      <div className={styles.lanes}>
        <div className={styles.laneNames}>
          {lanes.map((lane) => (
            <span key={lane.id} title={lane.name}>
              {lane.name}
            </span>
          ))}
        </div>
        <button
          type="button"
          className={styles.laneArea}
          aria-label={t('timelineHint')}
          onPointerMove={(event) => setHoverAt(timeAt(event))}
          onPointerLeave={() => setHoverAt(null)}
          onClick={(event) => openHistory({ at: Math.round(event.detail === 0 ? now : timeAt(event)) })}
        >
          {lanes.map((lane, index) => (
            <TimelineLane
              key={lane.id}
              name={lane.name}
              window={window}
              marks={marksOf(marks?.marks ?? [], lane.id)}
              gaps={marks === null ? [] : gapsOf(marks.coverage, lane.id, window, now)}
              hoverAt={hoverAt}
              hoverText={index === 0 && hoverAt !== null ? times.clockOrDate(hoverAt, now) : ''}
            />
          ))}
          <span
            className={`${styles.nowLine} ${cutOff ? styles.old : ''}`}
            style={{ left: `${shareOf(window, now) * 100}%` }}
          />
          {hoverAt === null ? null : (
            <span className={styles.hoverLine} style={{ left: `${shareOf(window, hoverAt) * 100}%` }} />
          )}
        </button>
      </div>
      {fault !== null ? <p className={styles.timelineNote}>{fault.message}</p> : null}
      {fault === null && marks === null ? (
        <p className={styles.timelineNote}>{t('timelineWaiting')}</p>
      ) : null}
      {marks !== null && lanes.length === 0 ? (
        <p className={styles.timelineNote}>{t('timelineEmpty')}</p>
      ) : null}
    </section>
  )
}
