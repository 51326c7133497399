/** A line across the whole screen for something that concerns all of it. */
import type { ReactNode } from 'react'
import styles from './ui.module.css'

interface Props {
  readonly tone: 'notice' | 'alarm'
  readonly children: ReactNode
  readonly action?: ReactNode
}

export function Banner({ tone, children, action }: Props) {
  return (
    <div
      className={`${styles.banner} ${styles[`banner-${tone}`]}`}
      role={tone === 'alarm' ? 'alert' : 'status'}
    >
      <span>{children}</span>
      {action}
    </div>
  )
}
