/** The people each face server knows: found by name, with their photos, when they were last seen, and what may be changed about them. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../contract/faces.ts'
import type { Link } from '../../../contract/links.ts'
import { Cell, useCell } from '../../data/cell.ts'
import { useLastSeen } from '../../data/events.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useNow } from '../../data/now.ts'
import { isReachable, libraryHeardAt, useFaceServers, usePeople } from '../../data/people.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { AddPersonDialog } from './add-person-dialog.tsx'
import styles from './faces.module.css'
import { bestMatches } from './find-person.ts'
import libraryLook from './library.module.css'
import { NoServer } from './no-server.tsx'
import { PersonDetail } from './person-detail.tsx'
import { TrainButton } from './train-button.tsx'

const selectedId = new Cell<string | null>(null)

export function PeoplePane({ onSightings }: { readonly onSightings: (person: string) => void }) {
  const { t } = useTranslation('faces')
  const servers = useFaceServers()
  const people = usePeople()
  const selected = useCell(selectedId)
  const [wanted, setWanted] = useState('')
  if (servers === undefined || people === undefined) return <Empty title={t('reading')} />
  if (servers.length === 0) return <NoServer />
  const found = new Set(
    bestMatches(
      people.map(({ name }) => name),
      wanted,
    ),
  )
  const person = people.find(({ id }) => id === selected)
  const server = servers.find(({ id }) => id === person?.link)
  return (
    <div className={styles.split}>
      <section className={libraryLook.side} aria-label={t('library')}>
        <search className={styles.bar}>
          <input
            type="search"
            className={styles.search}
            placeholder={t('findInLibrary')}
            aria-label={t('findInLibrary')}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        </search>
        <div className={libraryLook.groups}>
          {servers.map((one) => (
            <Library
              key={one.id}
              server={one}
              all={people.filter(({ link }) => link === one.id)}
              shown={people.filter(({ link, name }) => link === one.id && found.has(name))}
              selected={selected}
            />
          ))}
        </div>
      </section>
      <section className={styles.detail} aria-label={t('person')}>
        {person && server ? (
          <PersonDetail
            key={person.id}
            person={person}
            server={server}
            others={people.filter(({ link, id }) => link === server.id && id !== person.id)}
            onSightings={onSightings}
            onRenamed={(name) => selectedId.set(`${server.id}/${name}`)}
            onMerged={(into) => selectedId.set(into.id)}
          />
        ) : (
          <Empty title={t('personEmpty')} />
        )}
      </section>
    </div>
  )
}

interface LibraryProps {
  readonly server: Link
  readonly all: readonly Person[]
  readonly shown: readonly Person[]
  readonly selected: string | null
}

function Library({ server, all, shown, selected }: LibraryProps) {
  const { t } = useTranslation('faces')
  const times = useTimes()
  const now = useNow()
  const cutOff = useIsCutOff()
  const mayAct = useMay('operator')
  const lastSeen = useLastSeen()
  const [isAdding, setAdding] = useState(false)
  const isUp = isReachable(server) && !cutOff
  const heardAt = libraryHeardAt(all)
  return (
    <section className={libraryLook.library} data-stale={!isUp || undefined}>
      <header className={libraryLook.libraryHead}>
        <h3>{server.name}</h3>
        <span className={styles.soft}>{t('peopleCount', { count: all.length })}</span>
        {isUp ? null : (
          <span className={styles.ageBadge}>
            {heardAt === null ? t('neverHeard') : t('asOf', { at: times.clockOrDate(heardAt, now) })}
          </span>
        )}
        <span className={styles.spacer} />
        <Button disabled={!mayAct || !isUp} onClick={() => setAdding(true)}>
          {t('addPerson')}
        </Button>
        <TrainButton server={server} isUp={isUp} />
      </header>
      {isUp ? null : <p className={styles.flag}>{t('serverDown', { server: server.name })}</p>}
      <NeedsRole needed="operator" />
      {all.length === 0 ? <Empty title={t('libraryEmpty')} hint={t('libraryEmptyHint')} /> : null}
      {all.length > 0 && shown.length === 0 ? <p className={styles.soft}>{t('nobodyFound')}</p> : null}
      <ul>
        {shown.map((person) => {
          const lastAt = lastSeen.get(person.name)
          return (
            <li key={person.id}>
              <button
                type="button"
                className={libraryLook.person}
                aria-current={person.id === selected || undefined}
                onClick={() => selectedId.set(person.id)}
              >
                <strong>{person.name}</strong>
                <span>{t('photoCount', { count: person.photoCount })}</span>
                <span>
                  {lastAt === undefined
                    ? t('notSeen')
                    : t('lastSeenAt', { at: times.clockOrDate(lastAt, now) })}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {isAdding ? (
        <AddPersonDialog
          link={server.id}
          preview={null}
          makePhoto={null}
          onClose={() => setAdding(false)}
          onAdded={(id) => selectedId.set(id)}
        />
      ) : null}
    </section>
  )
}
