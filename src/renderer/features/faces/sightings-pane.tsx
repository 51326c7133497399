/** Sightings: the newest on top as they come, all before them behind it, found by person, camera and time with every link down. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import { asFault } from '../../data/action.ts'
import { useCell } from '../../data/cell.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useFaceServers } from '../../data/people.ts'
import { go } from '../../data/route.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import styles from './faces.module.css'
import { changedSighting, selectedSighting, showPerson, sightingQuery } from './sighting-choice.ts'
import { SightingDetail } from './sighting-detail.tsx'
import { SightingFilter } from './sighting-filter.tsx'
import { SightingList } from './sighting-list.tsx'
import { emptySightingQuery, isNarrowed, type SightingQuery } from './sighting-query.ts'
import { SightingColumns } from './sighting-row.tsx'
import sightingsLook from './sightings.module.css'
import { useSightings } from './use-sightings.ts'

export function SightingsPane() {
  const query = useCell(sightingQuery)
  const selected = useCell(selectedSighting)
  const changed = useCell(changedSighting)
  const { pages, sightings, retry } = useSightings(query)
  const isStale = useIsCutOff()
  const list = useRef<HTMLDivElement>(null)
  const pane = useRef<HTMLElement>(null)
  const row = sightings.rows.find(({ id }) => id === selected)
  // The one being read stays open when another filter takes it off the list.
  const [open, setOpen] = useState<DetectionEvent | null>(null)
  useEffect(() => {
    if (row) setOpen(row)
  }, [row])
  const change = (next: SightingQuery): void => sightingQuery.set(next)
  const isEmpty = !sightings.pending && sightings.rows.length === 0 && sightings.failure === null
  return (
    <div className={styles.sightings}>
      <SightingFilter query={query} onChange={change} />
      <div ref={list} className={sightingsLook.main}>
        <SightingColumns />
        {sightings.failure === null ? null : <FaultNote fault={asFault(sightings.failure)} onRetry={retry} />}
        {isEmpty ? (
          <NoSightings query={query} onChange={change} />
        ) : (
          <SightingList
            pages={pages}
            sightings={sightings}
            selected={selected}
            onSelect={(id) => selectedSighting.set(id)}
            onOpen={() => pane.current?.focus()}
            isStale={isStale}
          />
        )}
      </div>
      <SightingDetail
        event={row ?? [changed, open].find((one) => one?.id === selected) ?? null}
        onPerson={showPerson}
        onBack={() => list.current?.querySelector<HTMLElement>('[data-sighting-list]')?.focus()}
        pane={pane}
      />
    </div>
  )
}

interface NoneProps {
  readonly query: SightingQuery
  readonly onChange: (query: SightingQuery) => void
}

function NoSightings({ query, onChange }: NoneProps) {
  const { t } = useTranslation('faces')
  const { t: th } = useTranslation('history')
  const servers = useFaceServers()
  const isNoServer = servers?.length === 0
  return (
    <Empty
      title={t('sightingsEmpty')}
      hint={t(isNoServer ? 'noServerHint' : isNarrowed(query) ? 'sightingsFiltered' : 'sightingsNone')}
    >
      {isNarrowed(query) ? (
        <Button onClick={() => onChange({ ...emptySightingQuery, span: query.span })}>
          {th('clearAll')}
        </Button>
      ) : null}
      {query.span.is === 'all' ? null : (
        <Button onClick={() => onChange({ ...query, span: { is: 'all' } })}>{th('widenToAll')}</Button>
      )}
      {isNoServer ? (
        <Button primary onClick={() => go('links')}>
          {t('toLinks')}
        </Button>
      ) : null}
    </Empty>
  )
}
