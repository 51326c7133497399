/** The dialogs that belong to no view: keys, signing on, sound. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../contract/fault.ts'
import { never } from '../../../contract/fault.ts'
import { asFault } from '../../data/action.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useSignOn, useSite } from '../../data/site.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { SoundTest } from '../alerts/sound-test.tsx'
import styles from './shell.module.css'

type FrameDialog = 'help' | 'sign-on' | 'sound'

const shown = new Cell<FrameDialog | null>(null)

export function openFrameDialog(dialog: FrameDialog | null): void {
  shown.set(dialog)
}

export function isFrameDialogOpen(): boolean {
  return shown.get() !== null
}

const close = () => shown.set(null)

export function FrameDialogs() {
  const dialog = useCell(shown)
  switch (dialog) {
    case null:
      return null
    case 'help':
      return <HelpDialog />
    case 'sign-on':
      return <SignOnDialog />
    case 'sound':
      return <SoundDialog />
    default:
      return never(dialog)
  }
}

const keys = [
  ['A', 'keyAcknowledge'],
  ['S', 'keySilence'],
  ['H', 'keyShelve'],
  ['N', 'keyNote'],
  ['C', 'keyClose'],
  ['J', 'keyNext'],
  ['K', 'keyPrevious'],
  ['/', 'keySearch'],
  ['1 – 9', 'keyViews'],
  ['F12', 'keyStop'],
  ['?', 'keyHelp'],
  ['Esc', 'keyBack'],
  ['Enter', 'keyEnlarge'],
  ['F', 'keyFullScreen'],
  ['+ −', 'keyZoom'],
  ['P', 'keySnapshot'],
  ['O', 'keyFaces'],
] as const

function HelpDialog() {
  const { t } = useTranslation('shell')
  return (
    <Dialog title={t('keysTitle')} onClose={close}>
      <dl className={styles.keys}>
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(name)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.hint}>{t('keysNote')}</p>
    </Dialog>
  )
}

function SoundDialog() {
  const { t } = useTranslation('shell')
  return (
    <Dialog title={t('soundTest')} onClose={close}>
      <SoundTest />
    </Dialog>
  )
}

function SignOnDialog() {
  const { t } = useTranslation('shell')
  const site = useSite()
  const signOn = useSignOn()
  const [name, setName] = useState(site === undefined || site.user === site.role ? '' : site.user)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  const submit = async () => {
    setBusy(true)
    try {
      await signOn(name.trim())
      close()
    } catch (error) {
      setFault(asFault(error))
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('signOnTitle')}
      onClose={close}
      onSubmit={() => void submit()}
      submitLabel={t('signOn')}
      canSubmit={name.trim() !== ''}
      busy={busy}
      fault={fault}
    >
      <TextInput
        label={t('signOnName')}
        description={t('signOnHint')}
        maxLength={60}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  )
}
