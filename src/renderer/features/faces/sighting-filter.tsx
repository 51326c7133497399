/** Everything that narrows the sightings: time, known or not, cameras, and people found by typing. */
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSeenPeople } from '../../data/events.ts'
import { appNow } from '../../data/now.ts'
import { useTable } from '../../data/sources.ts'
import { FilterMenu } from '../history/filter-menu.tsx'
import { presets, startOf, toggled } from '../history/query.ts'
import { SpanFields } from '../history/span-fields.tsx'
import styles from './faces.module.css'
import { bestMatches } from './find-person.ts'
import { emptySightingQuery, isNarrowed, type SightingQuery, whoChoices } from './sighting-query.ts'
import sightingsLook from './sightings.module.css'

interface Props {
  readonly query: SightingQuery
  readonly onChange: (query: SightingQuery) => void
}

export function SightingFilter({ query, onChange }: Props) {
  const { t } = useTranslation('faces')
  const { t: th } = useTranslation('history')
  const cameras = useTable('cameras') ?? []
  return (
    <search className={styles.bar} aria-label={t('filters')}>
      <select
        className={styles.select}
        aria-label={th('range')}
        value={query.span.is}
        onChange={(event) => {
          const preset = presets.find((one) => one === event.currentTarget.value)
          const fromAt = startOf(query.span, Math.floor(appNow() / 1000) * 1000)
          onChange({ ...query, span: preset ? { is: preset } : { is: 'custom', fromAt, toAt: null } })
        }}
      >
        {presets.map((preset) => (
          <option key={preset} value={preset}>
            {th(`span-${preset}`)}
          </option>
        ))}
        <option value="custom">{th('span-custom')}</option>
      </select>
      <select
        className={styles.select}
        aria-label={t('who')}
        value={query.who}
        onChange={(event) => {
          const who = whoChoices.find((one) => one === event.currentTarget.value)
          if (who) onChange({ ...query, who, people: who === 'unknown' ? [] : query.people })
        }}
      >
        {whoChoices.map((who) => (
          <option key={who} value={who}>
            {t(`who-${who}`)}
          </option>
        ))}
      </select>
      <PersonField
        onChoose={(person) =>
          onChange({
            ...query,
            who: query.who === 'unknown' ? 'all' : query.who,
            people: [...new Set([...query.people, person])],
          })
        }
      />
      <FilterMenu
        label={t('camera')}
        choices={cameras.map((camera) => ({ value: camera.id, label: camera.name }))}
        chosen={query.cameras}
        onToggle={(value) => onChange({ ...query, cameras: toggled(query.cameras, value) })}
      />
      {query.people.map((person) => (
        <button
          key={person}
          type="button"
          className={sightingsLook.chip}
          aria-label={th('removeChip', { label: person })}
          onClick={() => onChange({ ...query, people: query.people.filter((one) => one !== person) })}
        >
          {person} <span aria-hidden>×</span>
        </button>
      ))}
      {isNarrowed(query) ? (
        <button
          type="button"
          className={sightingsLook.chip}
          onClick={() => onChange({ ...emptySightingQuery, span: query.span })}
        >
          {th('clearAll')}
        </button>
      ) : null}
      {query.span.is === 'custom' ? (
        <SpanFields
          key={`${query.span.fromAt} ${query.span.toAt}`}
          span={query.span}
          onApply={(span) => onChange({ ...query, span })}
        />
      ) : null}
    </search>
  )
}

const mostOffered = 50

function PersonField({ onChoose }: { readonly onChoose: (person: string) => void }) {
  const { t } = useTranslation('faces')
  const seen = useSeenPeople() ?? []
  const listId = useId()
  const [typed, setTyped] = useState('')
  const names = seen.map(({ person }) => person)
  const choose = (person: string | undefined) => {
    if (person === undefined) return
    setTyped('')
    onChoose(person)
  }
  return (
    <>
      <input
        type="search"
        className={styles.search}
        list={listId}
        placeholder={t('findPerson')}
        aria-label={t('findPerson')}
        maxLength={100}
        value={typed}
        onChange={(event) => {
          const { value } = event.currentTarget
          // A choice from the offered names arrives whole at once; letters typed one by one wait for Enter.
          const isPicked =
            !(event.nativeEvent instanceof InputEvent) ||
            event.nativeEvent.inputType === 'insertReplacementText'
          if (isPicked && names.includes(value)) choose(value)
          else setTyped(value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') choose(bestMatches(names, typed)[0])
          else if (event.key === 'Escape' && typed !== '') setTyped('')
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <datalist id={listId}>
        {bestMatches(names, typed)
          .slice(0, mostOffered)
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
    </>
  )
}
