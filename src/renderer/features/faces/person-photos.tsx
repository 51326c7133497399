/** The photos of one person as the server lists them; more are chosen or dropped here, and made to fit before they are sent. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person, PersonPhoto } from '../../../contract/faces.ts'
import { Fault } from '../../../contract/fault.ts'
import { asFault, useAction } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { sizeText } from '../../ui/size-text.ts'
import styles from './faces.module.css'
import libraryLook from './library.module.css'
import { photoOfFile } from './photo.ts'
import { PhotoPicture } from './photo-picture.tsx'

interface Props {
  readonly person: Person
  readonly isUp: boolean
  readonly mayAct: boolean
}

export function PersonPhotos({ person, isUp, mayAct }: Props) {
  const { t } = useTranslation('faces')
  const { photos, fault, read } = usePhotos(person, isUp)
  const upload = useUpload(person.id, read)
  const remove = useAction('people.photos.remove')
  const [isOver, setOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const canChange = isUp && mayAct && !remove.asking
  return (
    <section
      className={libraryLook.photos}
      aria-label={t('photos')}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!canChange || !event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (canChange) upload.send([...event.dataTransfer.files])
      }}
    >
      <header className={libraryLook.libraryHead}>
        <h3>{t('photos')}</h3>
        <span className={styles.spacer} />
        <Button
          disabled={!canChange}
          busy={upload.at !== null && t('sending', { ...upload.at })}
          onClick={() => chooser.current?.click()}
        >
          {t('addPhotos')}
        </Button>
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          multiple
          hidden
          onChange={(event) => {
            upload.send([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
      </header>
      <p className={styles.soft}>{t('photosHint')}</p>
      {upload.faults.map(({ file, fault: why }) => (
        <FaultNote key={file} fault={new Fault(why.code, `${file}: ${why.message}`, why.tip)} />
      ))}
      {fault ? <FaultNote fault={fault} onRetry={read} /> : null}
      {remove.fault ? <FaultNote fault={remove.fault} /> : null}
      {photos?.length === 0 ? <p className={styles.flag}>{t('photosNone')}</p> : null}
      {photos === null && fault === null && isUp ? <p className={styles.soft}>{t('reading')}</p> : null}
      <ul className={libraryLook.files}>
        {(photos ?? []).map((photo) => (
          <PhotoRow
            key={photo.file}
            photo={photo}
            person={person.id}
            canChange={canChange}
            onRemove={() => void remove.ask({ id: person.id, file: photo.file }).then(read)}
          />
        ))}
      </ul>
    </section>
  )
}

interface RowProps {
  readonly person: string
  readonly photo: PersonPhoto
  readonly canChange: boolean
  readonly onRemove: () => void
}

/** Removing takes two presses: the server keeps no copy. */
function PhotoRow({ photo, person, canChange, onRemove }: RowProps) {
  const { t } = useTranslation('faces')
  const times = useTimes()
  const [isAsking, setAsking] = useState(false)
  return (
    <li>
      {photo.learned === undefined ? null : <PhotoPicture person={person} file={photo.file} />}
      <span className={libraryLook.fileName}>
        {photo.file}
        {photo.learned === undefined || photo.learned === 'yes' ? null : (
          <span className={styles.flag}>
            {t(photo.learned === 'waiting' ? 'photoWaits' : 'photoNotLearned', {
              reason: photo.trouble ?? '',
            })}
          </span>
        )}
      </span>
      <span className={styles.soft}>{photo.sizeBytes === null ? '' : sizeText(photo.sizeBytes)}</span>
      <span className={styles.soft}>{photo.addedAt === null ? '' : times.dateTime(photo.addedAt)}</span>
      <Button
        danger={isAsking}
        disabled={!canChange}
        aria-label={t(isAsking ? 'removePhotoSure' : 'removePhoto', { file: photo.file })}
        onBlur={() => setAsking(false)}
        onClick={() => {
          if (isAsking) onRemove()
          setAsking(!isAsking)
        }}
      >
        {isAsking ? t('removeSure') : t('remove')}
      </Button>
    </li>
  )
}

interface Photos {
  readonly photos: readonly PersonPhoto[] | null
  readonly fault: Fault | null
  readonly read: () => void
}

/** Asked of the server when the person is opened, when it is back, and when their number of photos changes. */
function usePhotos({ id, photoCount }: Person, isUp: boolean): Photos {
  const client = useClient()
  const [view, setView] = useState<Omit<Photos, 'read'>>({ photos: null, fault: null })
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed number of photos or a retry reads again
  useEffect(() => {
    if (!isUp) return
    const ended = new AbortController()
    client.call('people.photos', { id }, { signal: ended.signal }).then(
      ({ photos }) => !ended.signal.aborted && setView({ photos, fault: null }),
      (error: unknown) =>
        !ended.signal.aborted && setView((before) => ({ ...before, fault: asFault(error) })),
    )
    return () => ended.abort()
  }, [client, id, photoCount, isUp, round])
  const read = useCallback(() => setRound((before) => before + 1), [])
  return { ...view, read }
}

interface Upload {
  readonly at: { readonly done: number; readonly total: number } | null
  readonly faults: readonly { readonly file: string; readonly fault: Fault }[]
  readonly send: (files: readonly File[]) => void
}

/** One after the other: a face server takes seconds for each, and a refusal names its file. */
function useUpload(id: string, onSent: () => void): Upload {
  const { t } = useTranslation('faces')
  const client = useClient()
  const [at, setAt] = useState<Upload['at']>(null)
  const [faults, setFaults] = useState<Upload['faults']>([])
  const sendAll = async (files: readonly File[]) => {
    setFaults([])
    for (const [index, file] of files.entries()) {
      setAt({ done: index + 1, total: files.length })
      try {
        const photo = await photoOfFile(file)
        if (typeof photo === 'string') throw new Fault('bad-input', t(`photo-${photo}`), t('photoTip'))
        await client.call('people.photos.add', { id, photo })
      } catch (error) {
        setFaults((before) => [...before, { file: file.name, fault: asFault(error) }])
      }
    }
    setAt(null)
    onSent()
  }
  return {
    at,
    faults,
    send: (files) => {
      if (at === null && files.length > 0) void sendAll(files)
    },
  }
}
