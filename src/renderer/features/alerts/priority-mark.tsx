/** A priority as shape and letter and colour; blue light has a shape of its own because blue alone reads as "info". */
import type { Alert } from '../../../contract/alerts.ts'
import styles from './alerts.module.css'

type Look = 'critical' | 'high' | 'medium' | 'low' | 'blue'

interface Props {
  readonly alert: Pick<Alert, 'kind' | 'priority'>
  /** Flashes at 1 Hz around the letter, which stays readable. */
  readonly isFlashing?: boolean
}

interface ShapeProps {
  readonly look: Look
  readonly letter: string
  readonly more: string
}

const shapes: Record<Look, string> = {
  critical: 'M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z',
  high: 'M12 .5 23.5 12 12 23.5 .5 12z',
  medium: 'M12 1 23.5 23H.5z',
  low: 'M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z',
  blue: 'M12 1a11 11 0 0 1 11 11v9a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2v-9A11 11 0 0 1 12 1z',
}
const letters: Record<Alert['priority'], string> = { critical: 'C', high: 'H', medium: 'M', low: 'L' }

/** A blue-light alert has two: what it is, and below it how urgent. */
export function PriorityMark({ alert, isFlashing }: Props) {
  const flashing = isFlashing ? ` ${styles.flashing}` : ''
  const letter = letters[alert.priority]
  if (alert.kind !== 'blue-light') return <Shape look={alert.priority} letter={letter} more={flashing} />
  return (
    <span className={styles.marks}>
      <Shape look="blue" letter="B" more={flashing} />
      <Shape look={alert.priority} letter={letter} more={` ${styles.small}`} />
    </span>
  )
}

const baselines: Partial<Record<Look, number>> = { medium: 19.5, blue: 17.5 }

function Shape({ look, letter, more }: ShapeProps) {
  return (
    <svg className={`${styles.mark} ${styles[`mark-${look}`]}${more}`} viewBox="-3 -3 30 30" aria-hidden>
      <path className={styles.halo} d={shapes[look]} />
      <path className={styles.shape} d={shapes[look]} />
      <text x="12" y={baselines[look] ?? 16.5} textAnchor="middle">
        {letter}
      </text>
    </svg>
  )
}
