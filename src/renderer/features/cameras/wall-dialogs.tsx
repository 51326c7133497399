/** Keeping a wall under a name, renaming it, deleting it. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Wall } from '../../../contract/cameras.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { automaticId, chooseWall, forgetChanges } from './wall-choice.ts'

interface Props {
  readonly wall: Wall
  readonly onClose: () => void
}

const longestName = 60

export function SaveAsDialog({ wall, isAutomatic, onClose }: Props & { readonly isAutomatic: boolean }) {
  const { t } = useTranslation('cameras')
  const save = useAction('walls.save')
  const [name, setName] = useState(isAutomatic ? '' : t('copyOf', { name: wall.name }).slice(0, longestName))
  const submit = async () => {
    const kept = { ...wall, id: newId(), name: name.trim() }
    if ((await save.ask({ wall: kept })) === undefined) return
    forgetChanges()
    chooseWall(kept.id)
    onClose()
  }
  return (
    <Dialog
      title={t('saveAsTitle')}
      onClose={onClose}
      onSubmit={() => void submit()}
      canSubmit={name.trim() !== ''}
      busy={save.asking}
      fault={save.fault}
    >
      <NameField name={name} onChange={setName} />
    </Dialog>
  )
}

export function RenameDialog({ wall, onClose }: Props) {
  const { t } = useTranslation('cameras')
  const save = useAction('walls.save')
  const [name, setName] = useState(wall.name)
  const submit = async () => {
    if ((await save.ask({ wall: { ...wall, name: name.trim() } })) === undefined) return
    forgetChanges()
    onClose()
  }
  return (
    <Dialog
      title={t('renameTitle', { name: wall.name })}
      onClose={onClose}
      onSubmit={() => void submit()}
      canSubmit={name.trim() !== ''}
      busy={save.asking}
      fault={save.fault}
    >
      <NameField name={name} onChange={setName} />
    </Dialog>
  )
}

export function RemoveDialog({ wall, onClose }: Props) {
  const { t } = useTranslation('cameras')
  const remove = useAction('walls.remove')
  const submit = async () => {
    if ((await remove.ask({ id: wall.id })) === undefined) return
    chooseWall(automaticId)
    onClose()
  }
  return (
    <Dialog
      title={t('removeTitle', { name: wall.name })}
      onClose={onClose}
      onSubmit={() => void submit()}
      submitLabel={t('remove')}
      danger
      busy={remove.asking}
      fault={remove.fault}
    >
      <p>{t('removeHint')}</p>
    </Dialog>
  )
}

function NameField({ name, onChange }: { readonly name: string; readonly onChange: (name: string) => void }) {
  const { t } = useTranslation('cameras')
  return (
    <TextInput
      label={t('name')}
      required
      maxLength={longestName}
      data-autofocus
      value={name}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Pages that come over plain HTTP have no crypto.randomUUID. */
function newId(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(3))
  return `wall-${[...numbers].map((number) => number.toString(36)).join('')}`
}
