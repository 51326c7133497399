/** An empty place says why it is empty and what to do next. */
import type { ReactNode } from 'react'
import styles from './ui.module.css'

interface Props {
  readonly title: string
  readonly hint?: string
  readonly children?: ReactNode
}

export function Empty({ title, hint, children }: Props) {
  return (
    <div className={styles.empty}>
      <strong>{title}</strong>
      {hint ? <span>{hint}</span> : null}
      {children ? <div className={styles.emptyActions}>{children}</div> : null}
    </div>
  )
}
