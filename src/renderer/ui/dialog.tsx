/** A dialog that submits as a form: title, fields, what went wrong, and the buttons in one row. */
import { Modal } from '@mantine/core'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../contract/fault.ts'
import { Button } from './button.tsx'
import { FaultNote } from './fault-note.tsx'
import { leaveFullScreen } from './full-screen.ts'
import styles from './ui.module.css'

interface Props {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Without it the dialog only shows something. */
  readonly onSubmit?: () => void
  readonly submitLabel?: string
  readonly canSubmit?: boolean
  readonly danger?: boolean
  readonly busy?: boolean
  readonly fault?: Fault | null
  readonly wide?: boolean
}

export function Dialog(props: Props) {
  const { t } = useTranslation('common')
  const formId = useId()
  useFocusBack()
  useEffect(leaveFullScreen, [])
  const canSubmit = props.canSubmit ?? true
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      size={props.wide ? 720 : 460}
      closeButtonProps={{ 'aria-label': t('close') }}
      classNames={{
        content: styles.dialog ?? '',
        header: styles.dialogHeader ?? '',
        title: styles.dialogTitle ?? '',
        body: styles.dialogBody ?? '',
      }}
      // Keys typed here are words, not commands to the alert behind it.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        id={formId}
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault()
          if (canSubmit && !props.busy) props.onSubmit?.()
        }}
      >
        {props.children}
        {props.fault ? <FaultNote fault={props.fault} /> : null}
        <div className={styles.dialogButtons}>
          <Button onClick={props.onClose}>{props.onSubmit ? t('cancel') : t('close')}</Button>
          {props.onSubmit ? (
            <Button
              submit
              primary={!props.danger}
              danger={props.danger ?? false}
              disabled={!canSubmit}
              busy={props.busy && t('asked')}
            >
              {props.submitLabel ?? t('save')}
            </Button>
          ) : null}
        </div>
      </form>
    </Modal>
  )
}

/** Our dialogs are there only while they are open, so the Modal never sees itself close and cannot do this. */
function useFocusBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // Who has moved the keyboard somewhere meanwhile keeps it there.
      if (document.activeElement !== document.body) return
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    },
    [before],
  )
}
