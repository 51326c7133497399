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

/** Beyond this the links stay and their devices are unfolded on request. */
const shownAtFirst = 4

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
        <span className={styles.hint}>{t('coverageHint')}</span>
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
  const whole = Math.max(1, toAt - fromAt)
  const x = (at: number): number => ((at - fromAt) / whole) * 1000
  const title = (piece: CoveragePiece): string =>
    `${t(`cover-${piece.state}`)}: ${times.dateTime(piece.fromAt)} – ${times.dateTime(piece.toAt)} (${times.duration(piece.toAt - piece.fromAt)})`
  return (
    <>
      <span className={styles.barName} title={bar.source}>
        {name}
      </span>
      <svg
        className={styles.barPicture}
        viewBox="0 0 1000 10"
        preserveAspectRatio="none"
        role="img"
        aria-label={t('coverageBar', { source: name, percent, gaps: bar.gaps, longest })}
      >
        <rect className={styles.barGround} width="1000" height="10" />
        {bar.pieces.map((piece) => (
          <g key={piece.fromAt} className={piece.state === 'data' ? styles.covered : styles.gap}>
            <title>{title(piece)}</title>
            {/* A gap of a second in a week is still a gap: never thinner than a line. */}
            <rect x={x(piece.fromAt)} width={Math.max(1.5, x(piece.toAt) - x(piece.fromAt))} height="10" />
            {piece.state === 'data' ? null : (
              <path d={hatch(x(piece.fromAt), Math.max(1.5, x(piece.toAt) - x(piece.fromAt)))} />
            )}
          </g>
        ))}
      </svg>
      <span className={styles.barFigure}>
        <b>{percent} %</b>{' '}
        {bar.gaps === 0 ? t('coverageFull') : t('coverageGaps', { gaps: bar.gaps, longest })}
      </span>
    </>
  )
}

/** Slanted lines as one path: a pattern would need a `url()` and an id of its own per bar. */
function hatch(from: number, width: number): string {
  let path = ''
  for (let at = 0; at < width; at += 8) {
    path += `M${(from + at).toFixed(1)} 10L${Math.min(from + width, from + at + 4).toFixed(1)} 0`
  }
  return path
}

function useSourceName(): (source: string) => string {
  const links = useLinks()
  const devices = useDevices()
  return (source) =>
    links?.find((link) => link.id === source)?.name ??
    devices?.find((device) => device.id === source)?.name ??
    source
}
