/**
 * Adds somebody to a library, with a first photo where there is one; a face from a sighting may also be somebody's who is in it
 * already. Two steps at the server, told apart when one fails.
 */
import { Autocomplete, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import type { PhotoUpload } from '../../../contract/faces.ts'
import { Fault } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import { useAction } from '../../data/action.ts'
import { isReachable, useFaceServers, usePeople, usePersonArrival } from '../../data/people.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { FaceCrop } from './face-crop.tsx'
import styles from './faces.module.css'
import { nameComplaint } from './person-name.ts'
import type { PhotoTrouble } from './photo.ts'
import sightingsLook from './sightings.module.css'

interface Props {
  /** Where to add, if that server has a library. */
  readonly link: LinkId
  /** The sighting whose face becomes the first photo. */
  readonly preview: DetectionEvent | null
  readonly makePhoto: (() => Promise<PhotoUpload | PhotoTrouble>) | null
  readonly onClose: () => void
  readonly onAdded?: (id: string) => void
}

export function AddPersonDialog({ link, preview, makePhoto, onClose, onAdded }: Props) {
  const { t } = useTranslation('faces')
  const servers = useFaceServers() ?? []
  const people = usePeople() ?? []
  const [chosen, setChosen] = useState<LinkId>(link)
  const [name, setName] = useState('')
  const [isTouched, setTouched] = useState(false)
  const [added, setAdded] = useState<string | null>(null)
  const [photoFault, setPhotoFault] = useState<Fault | null>(null)
  const add = useAction('people.add')
  const addPhoto = useAction('people.photos.add')
  const arrives = usePersonArrival()
  const [isWaiting, setWaiting] = useState(false)
  const server = servers.find((one) => one.id === chosen) ?? servers[0]
  const taken = people.filter((person) => person.link === server?.id).map((person) => person.name)
  const found = nameComplaint(name, taken)
  const isKnown = makePhoto !== null && found === 'name-taken' && taken.includes(name.trim())
  const complaint = isKnown ? null : found
  const isUp = server !== undefined && isReachable(server)

  async function submit(): Promise<void> {
    if (!server) return
    const id = `${server.id}/${name.trim()}`
    if (added === null && !isKnown) {
      if (!(await add.ask({ link: server.id, name: name.trim() }))) return
      setAdded(id)
      onAdded?.(id)
    }
    if (makePhoto) {
      setPhotoFault(null)
      setWaiting(true)
      const isHere = await arrives(id)
      setWaiting(false)
      if (!isHere) {
        setPhotoFault(new Fault('not-found', t('notListed', { name: name.trim() }), t('notListedTip')))
        return
      }
      const photo = await makePhoto()
      if (typeof photo === 'string') {
        setPhotoFault(new Fault('bad-input', t(`photo-${photo}`), t('photoTip')))
        return
      }
      const event = preview?.person === null ? { event: preview.id } : {}
      if (!(await addPhoto.ask({ id, photo, ...event }))) return
    }
    onClose()
  }

  return (
    <Dialog
      title={t('addTitle')}
      onClose={onClose}
      onSubmit={() => void submit()}
      submitLabel={
        isKnown ? t('addPhotoTo', { name: name.trim() }) : added === null ? t('add') : t('addPhotoAgain')
      }
      canSubmit={isUp && (added !== null || complaint === null)}
      busy={add.asking || isWaiting || addPhoto.asking}
      fault={add.fault ?? addPhoto.fault ?? photoFault}
    >
      {servers.length > 1 ? (
        <NativeSelect
          label={t('server')}
          value={server?.id ?? ''}
          disabled={added !== null}
          onChange={(event) => {
            const next = servers.find((one) => one.id === event.currentTarget.value)
            if (next) setChosen(next.id)
          }}
          data={servers.map((one) => ({ value: one.id, label: one.name }))}
        />
      ) : null}
      {servers.length === 0 ? <p className={styles.flag}>{t('noServerTitle')}</p> : null}
      {server !== undefined && !isUp ? (
        <p className={styles.flag}>{t('serverDown', { server: server.name })}</p>
      ) : null}
      <Autocomplete
        label={t('name')}
        description={t(makePhoto === null ? 'nameHint' : 'nameOrKnown')}
        data={makePhoto === null ? [] : [...taken]}
        // Without a list to open, Esc is the dialog's.
        {...(makePhoto === null ? { dropdownOpened: false } : {})}
        data-autofocus
        autoComplete="off"
        maxLength={100}
        disabled={added !== null}
        value={name}
        error={isTouched && complaint !== null && added === null ? t(`why-${complaint}`) : undefined}
        onBlur={() => setTouched(true)}
        onChange={(text) => {
          setName(text)
          setTouched(true)
        }}
      />
      {preview ? (
        <div className={sightingsLook.firstPhoto}>
          <FaceCrop event={preview} sizePx={96} />
          <span>{t('firstPhoto')}</span>
        </div>
      ) : (
        <p className={styles.soft}>{t('noFirstPhoto')}</p>
      )}
      {added === null ? null : <p className={styles.flag}>{t('addedNoPhoto', { name: name.trim() })}</p>}
    </Dialog>
  )
}
