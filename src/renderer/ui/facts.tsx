/** Names and values in rows, one line between them. */
import type { ReactNode } from 'react'
import styles from './ui.module.css'

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>
}

interface FactProps {
  readonly name: string
  readonly children: ReactNode
  /** Old: grey, so it cannot be taken for current. */
  readonly stale?: boolean
}

export function Fact({ name, children, stale }: FactProps) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className={stale ? styles.stale : undefined}>{children}</dd>
    </div>
  )
}
