/** Everything that narrows History: range, search, choices, and a chip for each that is set. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDevices } from '../../data/devices.ts'
import { useLinks } from '../../data/links.ts'
import { appNow } from '../../data/now.ts'
import { useTimes } from '../../data/times.ts'
import { FilterMenu } from './filter-menu.tsx'
import styles from './history.module.css'
import {
  allKinds,
  allPriorities,
  allStates,
  emptyQuery,
  type Narrowing,
  narrowings,
  presets,
  type Query,
  type Span,
  startOf,
  toggled,
  widen,
} from './query.ts'
import { SpanFields } from './span-fields.tsx'

/** Long enough to swallow the letters of one word, short enough to feel immediate. */
const debounceMs = 120

interface Props {
  readonly query: Query
  readonly onChange: (query: Query) => void
  readonly search: RefObject<HTMLInputElement | null>
  readonly onLeaveSearch: () => void
}

export function FilterBar({ query, onChange, search, onLeaveSearch }: Props) {
  const { t } = useTranslation('history')
  const { t: ta } = useTranslation('alerts')
  const links = useLinks() ?? []
  const devices = useDevices() ?? []
  const seen = new Set<string>()
  const deviceChoices = devices
    .filter((device) => !seen.has(device.device) && seen.add(device.device))
    .map((device) => ({ value: device.device, label: device.name }))
  return (
    <search className={styles.bar} aria-label={t('filters')}>
      <SpanSelect span={query.span} onChange={(span) => onChange({ ...query, span })} />
      <SearchField
        text={query.text}
        field={search}
        onChange={(text) => onChange({ ...query, text })}
        onLeave={onLeaveSearch}
      />
      <FilterMenu
        label={t('priority')}
        choices={allPriorities.map((value) => ({ value, label: ta(`priority-${value}`) }))}
        chosen={query.priorities}
        onToggle={(value) => onChange({ ...query, priorities: toggled(query.priorities, value) })}
      />
      <FilterMenu
        label={t('state')}
        choices={allStates.map((value) => ({ value, label: ta(`state-${value}`) }))}
        chosen={query.states}
        onToggle={(value) => onChange({ ...query, states: toggled(query.states, value) })}
      />
      <FilterMenu
        label={t('kind')}
        choices={allKinds.map((value) => ({ value, label: ta(`kind-${value}`) }))}
        chosen={query.kinds}
        onToggle={(value) => onChange({ ...query, kinds: toggled(query.kinds, value) })}
      />
      <FilterMenu
        label={t('source')}
        choices={links.map((link) => ({ value: link.id, label: link.name }))}
        chosen={query.sources}
        onToggle={(value) => onChange({ ...query, sources: toggled(query.sources, value) })}
      />
      <FilterMenu
        label={t('device')}
        choices={deviceChoices}
        chosen={query.devices}
        onToggle={(value) => onChange({ ...query, devices: toggled(query.devices, value) })}
      />
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

function SpanSelect({ span, onChange }: { readonly span: Span; readonly onChange: (span: Span) => void }) {
  const { t } = useTranslation('history')
  return (
    <select
      className={styles.select}
      aria-label={t('range')}
      value={span.is}
      onChange={(event) => {
        const wanted = event.currentTarget.value
        const preset = presets.find((one) => one === wanted)
        // The fields begin with the range shown so far, to the second.
        const fromAt = startOf(span, Math.floor(appNow() / 1000) * 1000)
        onChange(preset ? { is: preset } : { is: 'custom', fromAt, toAt: null })
      }}
    >
      {presets.map((preset) => (
        <option key={preset} value={preset}>
          {t(`span-${preset}`)}
        </option>
      ))}
      <option value="custom">{t('span-custom')}</option>
    </select>
  )
}

interface SearchProps {
  readonly text: string
  readonly field: RefObject<HTMLInputElement | null>
  readonly onChange: (text: string) => void
  readonly onLeave: () => void
}

function SearchField({ text, field, onChange, onLeave }: SearchProps) {
  const { t } = useTranslation('history')
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  const change = useRef(onChange)
  change.current = onChange
  useEffect(() => {
    // Changed from outside, by a chip or “clear all”: the field follows.
    if (text === sent.current) return
    sent.current = text
    setTyped(text)
  }, [text])
  useEffect(() => {
    if (typed === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed
      change.current(typed)
    }, debounceMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <input
      ref={field}
      type="search"
      className={styles.search}
      placeholder={`${t('search')}  ( / )`}
      aria-label={t('search')}
      aria-keyshortcuts="/"
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        // Esc first empties the field, then gives the keyboard back to the list.
        if (event.key === 'Escape' && typed !== '') setTyped('')
        else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') onLeave()
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}

export function FilterChips({ query, onChange }: Pick<Props, 'query' | 'onChange'>) {
  const { t } = useTranslation('history')
  const label = useChipLabel()
  const chips = narrowings(query).filter((chip) => chip.field !== 'span')
  if (chips.length === 0) return null
  return (
    <>
      {chips.map((chip) => (
        <button
          key={`${chip.field} ${label(chip)}`}
          type="button"
          className={styles.chip}
          aria-label={t('removeChip', { label: label(chip) })}
          onClick={() => onChange(widen(query, chip))}
        >
          {label(chip)} <span aria-hidden>×</span>
        </button>
      ))}
      <button
        type="button"
        className={styles.chip}
        onClick={() => onChange({ ...emptyQuery, span: query.span })}
      >
        {t('clearAll')}
      </button>
    </>
  )
}

function useChipLabel(): (chip: Narrowing) => string {
  const { t } = useTranslation('history')
  const { t: ta } = useTranslation('alerts')
  const times = useTimes()
  const links = useLinks()
  const devices = useDevices()
  return (chip) => {
    switch (chip.field) {
      case 'span':
        return chip.value.is === 'custom'
          ? [chip.value.fromAt, chip.value.toAt]
              .map((at) => (at === null ? '…' : times.dateTime(at)))
              .join(' – ')
          : t(`span-${chip.value.is}`)
      case 'sources':
        return links?.find((link) => link.id === chip.value)?.name ?? chip.value
      case 'kinds':
        return ta(`kind-${chip.value}`)
      case 'priorities':
        return ta(`priority-${chip.value}`)
      case 'states':
        return ta(`state-${chip.value}`)
      case 'devices':
        return devices?.find((device) => device.device === chip.value)?.name ?? chip.value
      case 'text':
        return t('textChip', { text: chip.value })
      default:
        return ''
    }
  }
}
