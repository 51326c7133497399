/** Renaming a person, and deleting one: the name has to be typed, because a face server keeps no copy. */
import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../contract/faces.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { nameComplaint } from './person-name.ts'

interface RenameProps {
  readonly person: Person
  readonly taken: readonly string[]
  readonly onRenamed: (name: string) => void
  readonly onClose: () => void
}

export function RenameDialog({ person, taken, onRenamed, onClose }: RenameProps) {
  const { t } = useTranslation('faces')
  const rename = useAction('people.rename')
  const [name, setName] = useState(person.name)
  const complaint = nameComplaint(name, taken)
  return (
    <Dialog
      title={t('renameTitle', { name: person.name })}
      submitLabel={t('renameNow')}
      canSubmit={complaint === null && name.trim() !== person.name}
      busy={rename.asking}
      fault={rename.fault}
      onClose={onClose}
      onSubmit={() => {
        void rename.ask({ id: person.id, name: name.trim() }).then((done) => {
          if (!done) return
          onRenamed(name.trim())
          onClose()
        })
      }}
    >
      <TextInput
        label={t('name')}
        description={t('renameHint')}
        data-autofocus
        autoComplete="off"
        maxLength={100}
        value={name}
        error={complaint === null ? undefined : t(`why-${complaint}`)}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </Dialog>
  )
}

interface DeleteProps {
  readonly person: Person
  readonly server: string
  readonly onClose: () => void
}

export function DeleteDialog({ person, server, onClose }: DeleteProps) {
  const { t } = useTranslation('faces')
  const remove = useAction('people.remove')
  const [typed, setTyped] = useState('')
  const [sightings, setSightings] = useState(false)
  return (
    <Dialog
      danger
      title={t('deleteTitle', { name: person.name })}
      submitLabel={t('deleteNow')}
      canSubmit={typed.trim() === person.name}
      busy={remove.asking}
      fault={remove.fault}
      onClose={onClose}
      onSubmit={() => void remove.ask({ id: person.id, sightings }).then((done) => done && onClose())}
    >
      <p>{t('deleteText', { name: person.name, server, count: person.photoCount })}</p>
      <TextInput
        label={t('deleteConfirm', { name: person.name })}
        data-autofocus
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Checkbox
        label={t('deleteSightings')}
        description={t('deleteSightingsHint')}
        checked={sightings}
        onChange={(event) => setSightings(event.currentTarget.checked)}
      />
    </Dialog>
  )
}
