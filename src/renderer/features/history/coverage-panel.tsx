/** For which part of the range each source was heard: one bar per source, gaps hatched and told in words. */
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../data/devices.ts'
import { useLinks } from '../../data/links.ts'
import { useTimes } from '../../data/times.ts'
import { FaultNote } from '../../ui/fault-note.tsx'
import type { CoverageBar, CoveragePiece } from './coverage.ts'
import styles from './history.module.css'
import type { Coverage } from './use-coverage.ts'

/** The worst two tell whether there is anything to look at; the rest is unfolded on request. */
const shownAtFirst = 2

export function CoveragePanel({ coverage }: { readonly coverage: Coverage }) {
  const { t } = useTranslation('history')
  const times = useTimes()
  const [all, setAll] = useState(false)
  const { bars, fromAt, toAt, fault } = coverage
  // The worst first: a gap must not hide behind “show all”.
  const ordered = useMemo(() => bars?.toSorted((one, other) => one.covered - other.covered) ?? [], [bars])
  const shown = all ? ordered : ordered.slice(0, shownAtFirst)
  return (
    <section className={styles.coverage} aria-label={t('coverage')}>
      <header>
        <strong>{t('coverage')}</strong>
        <span className={styles.hint} title={t('coverageHint')}>
          {t('coverageHint')}
        </span>
        {ordered.length > shownAtFirst ? (
          <button type="button" className={styles.textButton} onClick={() => setAll((before) => !before)}>
            {all ? t('showFewer') : t('showMore', { count: ordered.length })}
          </button>
        ) : null}
      </header>
      {fault ? <FaultNote fault={fault} /> : null}
      {bars && bars.length === 0 ? <p className={styles.soft}>{t('coverageNone')}</p> : null}
      <div className={styles.bars}>
        {shown.map((bar) => (
          <Bar key={bar.source} bar={bar} fromAt={fromAt} toAt={toAt} />
        ))}
      </div>
      {shown.length > 0 ? (
        <div className={styles.ruler} aria-hidden>
          <span>{times.dateTime(fromAt)}</span>
          <span>{times.dateTime(toAt)}</span>
        </div>
      ) : null}
    </section>
  )
}

function Bar({
  bar,
  fromAt,
  toAt,
}: {
  readonly bar: CoverageBar
  readonly fromAt: number
  readonly toAt: number
}) {
  const { t } = useTranslation('history')
  const times = useTimes()
  const name = useSourceName()(bar.source)
  // Rounded down, so that a gap never reads as 100 %.
  const percent = Math.floor(bar.covered * 1000) / 10
  const longest = times.duration(bar.longestGapMs)
  const gaps = bar.gaps === 0 ? t('coverageFull') : t('coverageGaps', { gaps: bar.gaps, longest })
  const whole = Math.max(1, toAt - fromAt)
  const share = (from: number, to: number): string => `${((to - from) / whole) * 100}%`
  const title = (piece: CoveragePiece): string =>
    `${t(`cover-${piece.state}`)}: ${times.dateTime(piece.fromAt)} – ${times.dateTime(piece.toAt)} (${times.duration(piece.toAt - piece.fromAt)})`
  return (
    <>
      <span className={styles.barName} title={name}>
        {name}
      </span>
      <div
        className={styles.barPicture}
        role="img"
        aria-label={t('coverageBar', { source: name, percent, gaps: bar.gaps, longest })}
      >
        {bar.pieces.map((piece) => (
          <i
            key={piece.fromAt}
            className={piece.state === 'data' ? styles.covered : styles.gap}
            style={{ left: share(fromAt, piece.fromAt), width: share(piece.fromAt, piece.toAt) }}
            title={title(piece)}
          />
        ))}
      </div>
      <span className={styles.barFigure} title={gaps}>
        <b>{percent} %</b> {gaps}
      </span>
    </>
  )
}

function useSourceName(): (source: string) => string {
  const links = useLinks()
  const devices = useDevices()
  return (source) =>
    links?.find((link) => link.id === source)?.name ??
    devices?.find((device) => device.id === source)?.name ??
    source
}
