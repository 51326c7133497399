/** A state as a shape: never the only carrier of the meaning, the words stand beside it. */
import styles from './ui.module.css'

/** good: filled dot. idle: ring. trouble: triangle. bad: square. */
export type LampShape = 'good' | 'idle' | 'trouble' | 'bad'

export function Lamp({ shape }: { readonly shape: LampShape }) {
  return <i className={`${styles.lamp} ${styles[shape]}`} aria-hidden />
}
