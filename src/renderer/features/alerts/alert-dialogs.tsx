/** The questions an act needs answered before it is asked of the app. One dialog at a time, over any view. */
import { Radio, SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertId, Disposition } from '../../../contract/alerts.ts'
import { never } from '../../../contract/fault.ts'
import { useClient } from '../../data/client.ts'
import { appNow, useNow } from '../../data/now.ts'
import { useSite } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Dialog } from '../../ui/dialog.tsx'
import {
  type AlertDialog,
  needsNote,
  openAlertDialog,
  perform,
  useAlertDialog,
  useAsked,
} from './alert-acts.ts'
import { useAlertWords } from './alert-words.ts'
import styles from './alerts.module.css'

export function AlertDialogs() {
  const dialog = useAlertDialog()
  return dialog === null ? null : <Shown key={`${dialog.act} ${dialog.alert.id}`} dialog={dialog} />
}

function Shown({ dialog }: { readonly dialog: AlertDialog }) {
  switch (dialog.act) {
    case 'acknowledge':
      return <AcknowledgeDialog dialog={dialog} />
    case 'shelve':
      return <ShelveDialog dialog={dialog} />
    case 'close':
      return <CloseDialog dialog={dialog} />
    case 'note':
      return <NoteDialog dialog={dialog} />
    default:
      return never(dialog.act)
  }
}

interface Props {
  readonly dialog: AlertDialog
}

const close = () => openAlertDialog(null)

async function closeWhenDone(done: Promise<boolean>): Promise<void> {
  if (await done) close()
}

/** What each dialog shows of the call it makes. */
function useProgress(id: AlertId) {
  const asked = useAsked(id)
  return { onClose: close, busy: asked?.fault === null, fault: asked?.fault ?? null }
}

function AcknowledgeDialog({ dialog: { alert } }: Props) {
  const { t } = useTranslation('alerts')
  const client = useClient()
  const words = useAlertWords()
  const isRequired = needsNote(alert, useSite())
  const progress = useProgress(alert.id)
  const [note, setNote] = useState('')
  const text = note.trim()
  return (
    <Dialog
      {...progress}
      title={t('dialogAcknowledge', { title: words.title(alert) })}
      submitLabel={t('acknowledge')}
      canSubmit={!isRequired || text !== ''}
      onSubmit={() =>
        void closeWhenDone(
          perform(client, 'acknowledge', { id: alert.id, ...(text === '' ? {} : { note: text }) }),
        )
      }
    >
      <Textarea
        label={t('noteLabel')}
        description={isRequired ? t('noteRequired') : t('noteOptional')}
        required={isRequired}
        autosize={false}
        rows={3}
        maxLength={2000}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Dialog>
  )
}

const minuteMs = 60_000
const shelfMinutes = [15, 30, 60, 240, 480, 1440] as const

function ShelveDialog({ dialog: { alert } }: Props) {
  const { t } = useTranslation('alerts')
  const client = useClient()
  const words = useAlertWords()
  const times = useTimes()
  const now = useNow()
  const progress = useProgress(alert.id)
  const [minutes, setMinutes] = useState('30')
  const [reason, setReason] = useState('')
  const shelfMs = Number(minutes) * minuteMs
  return (
    <Dialog
      {...progress}
      title={t('dialogShelve', { title: words.title(alert) })}
      submitLabel={t('shelve')}
      canSubmit={reason.trim() !== ''}
      onSubmit={() =>
        void closeWhenDone(
          perform(client, 'shelve', { id: alert.id, until: appNow() + shelfMs, reason: reason.trim() }),
        )
      }
    >
      <div className={styles.field}>
        <span id="shelve-for">{t('shelveFor')}</span>
        <SegmentedControl
          aria-labelledby="shelve-for"
          transitionDuration={0}
          value={minutes}
          onChange={setMinutes}
          data={shelfMinutes.map((length) => ({
            value: String(length),
            label: times.duration(length * minuteMs),
          }))}
        />
        <span className={styles.hint}>
          {t('shelveUntil', { until: times.clockOrDate(now + shelfMs, now) })}
        </span>
      </div>
      <Textarea
        label={t('reasonLabel')}
        description={t('reasonHint')}
        required
        rows={3}
        maxLength={2000}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Dialog>
  )
}

const dispositions: readonly Disposition[] = ['true', 'false', 'test', 'duplicate']

function CloseDialog({ dialog: { alert } }: Props) {
  const { t } = useTranslation('alerts')
  const client = useClient()
  const words = useAlertWords()
  const progress = useProgress(alert.id)
  const [disposition, setDisposition] = useState<Disposition | null>(null)
  const [note, setNote] = useState('')
  const text = note.trim()
  return (
    <Dialog
      {...progress}
      title={t('dialogClose', { title: words.title(alert) })}
      submitLabel={t('close')}
      canSubmit={disposition !== null}
      onSubmit={() => {
        if (disposition === null) return
        const input = { id: alert.id, disposition, ...(text === '' ? {} : { note: text }) }
        void closeWhenDone(perform(client, 'close', input))
      }}
    >
      <Radio.Group
        label={t('dispositionLabel')}
        required
        value={disposition}
        onChange={(value) => setDisposition(dispositions.find((one) => one === value) ?? null)}
      >
        <div className={styles.choices}>
          {dispositions.map((one, index) => (
            <Radio
              key={one}
              value={one}
              label={t(`disposition-${one}`)}
              {...(index === 0 ? { 'data-autofocus': true } : {})}
            />
          ))}
        </div>
      </Radio.Group>
      <Textarea
        label={t('noteLabel')}
        description={t('noteOptional')}
        rows={3}
        maxLength={2000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Dialog>
  )
}

function NoteDialog({ dialog: { alert } }: Props) {
  const { t } = useTranslation('alerts')
  const client = useClient()
  const words = useAlertWords()
  const progress = useProgress(alert.id)
  const [note, setNote] = useState('')
  return (
    <Dialog
      {...progress}
      title={t('dialogNote', { title: words.title(alert) })}
      canSubmit={note.trim() !== ''}
      onSubmit={() => void closeWhenDone(perform(client, 'note', { id: alert.id, note: note.trim() }))}
    >
      <Textarea
        label={t('noteLabel')}
        description={t('noteOptional')}
        required
        rows={4}
        maxLength={2000}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Dialog>
  )
}
