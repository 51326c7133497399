/** A button with its key beside it. While `busy` it says so and cannot be pressed again. */
import type { ComponentProps, ReactNode } from 'react'
import styles from './ui.module.css'

interface Props extends Omit<ComponentProps<'button'>, 'type'> {
  readonly children: ReactNode
  /** The key that does the same, shown, not bound. */
  readonly hotkey?: string | undefined
  readonly primary?: boolean
  readonly danger?: boolean
  /** What to say while the answer is awaited; empty when nothing is. */
  readonly busy?: string | false | undefined
  readonly submit?: boolean
}

export function Button({
  children,
  hotkey,
  primary,
  danger,
  busy,
  submit,
  disabled,
  className,
  ...rest
}: Props) {
  const look = [styles.button, primary && styles.primary, danger && styles.danger, className]
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      className={look.filter(Boolean).join(' ')}
      disabled={disabled || Boolean(busy)}
      aria-keyshortcuts={hotkey}
    >
      {busy ? busy : children}
      {hotkey && !busy ? (
        <span className={styles.hotkey} aria-hidden>
          {hotkey}
        </span>
      ) : null}
    </button>
  )
}
