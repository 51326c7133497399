/** Two people of the library who are one: which name goes, which stays, and what follows. The name that goes has no way back. */
import { Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../contract/faces.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'

interface Props {
  readonly person: Person
  /** The others in this library. */
  readonly others: readonly Person[]
  readonly onMerged: (into: Person) => void
  readonly onClose: () => void
}

export function MergeDialog({ person, others, onMerged, onClose }: Props) {
  const { t } = useTranslation('faces')
  const merge = useAction('people.merge')
  const [chosen, setChosen] = useState<string | null>(null)
  const into = others.find(({ id }) => id === chosen)
  return (
    <Dialog
      danger
      title={t('mergeTitle', { name: person.name })}
      submitLabel={t('mergeNow')}
      canSubmit={into !== undefined}
      busy={merge.asking}
      fault={merge.fault}
      onClose={onClose}
      onSubmit={() => {
        if (into === undefined) return
        void merge.ask({ id: person.id, into: into.id }).then((done) => {
          if (!done) return
          onMerged(into)
          onClose()
        })
      }}
    >
      <Select
        label={t('mergeInto')}
        description={t('mergeIntoHint')}
        data-autofocus
        searchable
        limit={50}
        nothingFoundMessage={t('nobodyFound')}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={setChosen}
      />
      {into === undefined ? null : (
        <p>
          {t('mergeText', {
            name: person.name,
            into: into.name,
            count: person.photoCount,
            all: person.photoCount + into.photoCount,
          })}
        </p>
      )}
      <p>{t('mergeForGood')}</p>
    </Dialog>
  )
}
