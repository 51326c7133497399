/** One lane of the ruler: hatched gaps below, alert marks above, and in words what lies under the pointer. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TimelineMark } from '../../../contract/timeline.ts'
import { useTimes } from '../../data/times.ts'
import styles from './timeline.module.css'
import { type Gap, shareOf, type Window } from './timeline-scale.ts'

interface Props {
  readonly name: string
  readonly window: Window
  readonly marks: readonly TimelineMark[]
  readonly gaps: readonly Gap[]
  readonly hoverAt: number | null
  /** Said before what lies under the pointer. */
  readonly hoverText: string
}

export const TimelineLane = memo(function TimelineLane({
  name,
  window,
  marks,
  gaps,
  hoverAt,
  hoverText,
}: Props) {
  const { t } = useTranslation('shell')
  const times = useTimes()
  const span = window.toAt - window.fromAt
  const alerts = marks.reduce((sum, mark) => sum + mark.count, 0)
  const label = t('timelineLabel', { lane: name, alerts, gaps: gaps.length, span: times.duration(span) })
  const under = hoverAt === null ? null : underPoint(marks, gaps, hoverAt, span)
  return (
    <span className={styles.lane}>
      <svg viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label={label}>
        <rect className={styles.laneGround} width="1000" height="12" />
        {marks.map((mark) => {
          const x = shareOf(window, mark.fromAt) * 1000
          const width = Math.max(2.5, shareOf(window, mark.toAt) * 1000 - x)
          return (
            <rect
              key={`${mark.fromAt} ${mark.priority}`}
              className={styles[`mark-${mark.priority}`]}
              x={x}
              width={width}
              height="12"
            />
          )
        })}
      </svg>
      {gaps.map((gap) => (
        <span
          key={`${gap.state} ${gap.fromAt}`}
          className={styles.gap}
          style={{
            left: `${shareOf(window, gap.fromAt) * 100}%`,
            width: `${((gap.toAt - gap.fromAt) / span) * 100}%`,
          }}
        />
      ))}
      {under === null || hoverAt === null || (hoverText === '' && under.count === 0 && !under.gap) ? null : (
        <span
          className={shareOf(window, hoverAt) > 0.6 ? styles.underLeft : styles.underRight}
          style={{ left: `${shareOf(window, hoverAt) * 100}%` }}
        >
          {[
            hoverText,
            under.count > 0 ? t('markCount', { count: under.count }) : null,
            under.gap ? t(`coverage-${under.gap}`) : null,
          ]
            .filter((part) => part !== null && part !== '')
            .join(', ')}
        </span>
      )}
    </span>
  )
})

function underPoint(marks: readonly TimelineMark[], gaps: readonly Gap[], at: number, span: number) {
  // A mark three pixels wide is hard to hit; a little to either side counts.
  const nearMs = span / 300
  const near = marks.filter((mark) => at >= mark.fromAt - nearMs && at <= mark.toAt + nearMs)
  const gap = gaps.find((one) => at >= one.fromAt && at <= one.toAt)?.state
  const count = near.reduce((sum, mark) => sum + mark.count, 0)
  return { count, gap }
}
