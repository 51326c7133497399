/** One person of a library: rename, delete, and the photos the server learns the face from. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../contract/faces.ts'
import type { Link } from '../../../contract/links.ts'
import { useIsCutOff } from '../../data/health.ts'
import { isReachable } from '../../data/people.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { FaceMark } from './face-mark.tsx'
import styles from './faces.module.css'
import { MergeDialog } from './merge-dialog.tsx'
import { DeleteDialog, RenameDialog } from './person-dialogs.tsx'
import { PersonPhotos } from './person-photos.tsx'

interface Props {
  readonly person: Person
  readonly server: Link
  /** The others in this library. */
  readonly others: readonly Person[]
  readonly onSightings: (person: string) => void
  readonly onRenamed: (name: string) => void
  readonly onMerged: (into: Person) => void
}

export function PersonDetail({ person, server, others, onSightings, onRenamed, onMerged }: Props) {
  const { t } = useTranslation('faces')
  const mayAct = useMay('operator')
  const mayDelete = useMay('admin')
  const cutOff = useIsCutOff()
  const [dialog, setDialog] = useState<'rename' | 'merge' | 'delete' | null>(null)
  const isUp = isReachable(server) && !cutOff
  return (
    <>
      <header className={styles.detailHead}>
        <FaceMark isKnown />
        <div>
          <h2>{person.name}</h2>
          <p>{server.name}</p>
        </div>
      </header>
      <div className={styles.acts}>
        <Button onClick={() => onSightings(person.name)}>{t('allOfPerson')}</Button>
        <Button disabled={!mayAct || !isUp} onClick={() => setDialog('rename')}>
          {t('rename')}
        </Button>
        {server.driver === 'device-faces' && others.length > 0 ? (
          <Button disabled={!mayDelete || !isUp} onClick={() => setDialog('merge')}>
            {t('merge')}
          </Button>
        ) : null}
        <Button disabled={!mayDelete || !isUp} onClick={() => setDialog('delete')}>
          {t('delete')}
        </Button>
      </div>
      {isUp ? null : <p className={styles.flag}>{t('serverDown', { server: server.name })}</p>}
      <NeedsRole needed="admin" />
      <PersonPhotos person={person} isUp={isUp} mayAct={mayAct} />
      {dialog === 'rename' ? (
        <RenameDialog
          person={person}
          taken={others.map(({ name }) => name)}
          onRenamed={onRenamed}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'merge' ? (
        <MergeDialog person={person} others={others} onMerged={onMerged} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'delete' ? (
        <DeleteDialog person={person} server={server.name} onClose={() => setDialog(null)} />
      ) : null}
    </>
  )
}
