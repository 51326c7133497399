/** A thin bar for a share of a whole, with an optional mark. The number stands beside it in words. */
import styles from './ui.module.css'

interface Props {
  /** 0..1; null: no current value. */
  readonly value: number | null
  readonly label: string
  /** 0..1: a limit worth seeing. */
  readonly mark?: number
  readonly tone?: 'plain' | 'blue' | 'high'
}

export function Meter({ value, label, mark, tone = 'plain' }: Props) {
  const share = value === null ? 0 : Math.min(1, Math.max(0, value))
  return (
    <svg
      className={styles.meter}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <rect className={styles.meterGround} y="1" width="100" height="6" />
      {value === null ? null : (
        <rect className={styles[`meter-${tone}`]} y="1" width={share * 100} height="6" />
      )}
      {mark === undefined ? null : (
        <rect className={styles.meterMark} x={Math.min(99, mark * 100)} width="1" height="8" />
      )}
    </svg>
  )
}
