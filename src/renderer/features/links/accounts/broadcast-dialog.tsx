/** A word to the dashboards connected to a server of ours; says how many connections it reached. */
import { NativeSelect, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountUser } from '../../../../contract/accounts.ts'
import type { LinkId } from '../../../../contract/links.ts'
import { useAction } from '../../../data/action.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import styles from '../links.module.css'

interface Props {
  readonly link: LinkId
  readonly users: readonly AccountUser[]
  readonly onClose: () => void
}

export function BroadcastDialog({ link, users, onClose }: Props) {
  const { t } = useTranslation('accounts')
  const send = useAction('links.broadcast')
  const [text, setText] = useState('')
  const [user, setUser] = useState('')
  const [reached, setReached] = useState<number | null>(null)
  const look = { input: styles.field ?? '' }
  return (
    <Dialog
      title={t('broadcastTitle')}
      onClose={onClose}
      submitLabel={t('broadcastDo')}
      canSubmit={text.trim() !== '' && text.length <= 2000}
      busy={send.asking}
      fault={send.fault}
      onSubmit={() => {
        setReached(null)
        void send
          .ask({ id: link, text: text.trim(), ...(user === '' ? {} : { user }) })
          .then((answer) => answer && setReached(answer.sockets))
      }}
    >
      <NativeSelect
        label={t('broadcastTo')}
        classNames={look}
        value={user}
        onChange={(event) => setUser(event.currentTarget.value)}
        data={[
          { value: '', label: t('everybody') },
          ...users.map((one) => ({ value: one.user, label: one.user })),
        ]}
      />
      <Textarea
        label={t('broadcastText')}
        value={text}
        rows={3}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
      {reached === null ? null : <p role="status">{t('broadcastDone', { count: reached })}</p>}
    </Dialog>
  )
}
