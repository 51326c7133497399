/** One option: its field judged as typed, what it means, its default, where its value comes from, and what has to happen for it to count. */
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingRow } from '../../../contract/settings.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { isLoopback } from '../links/kinds/address.ts'
import { asTyped, type Complaint, judge } from './setting-input.ts'
import styles from './settings.module.css'

export function SettingField({ row }: { readonly row: SettingRow }) {
  const { t } = useTranslation('settings')
  const ids = useId()
  const mayEdit = useMay('admin')
  const set = useAction('settings.set')
  const stored = asTyped(row.value)
  const [typed, setTyped] = useState(stored)
  const [isSaved, setSaved] = useState(false)
  // Changed elsewhere: the field follows, so that nobody saves over it unawares.
  useEffect(() => setTyped(stored), [stored])
  const judged = judge(row, typed)
  const isChanged = typed !== stored
  const isEditable = mayEdit && row.editable
  const words = useValueWords()
  const complaintText = useComplaint()

  async function save(value: string): Promise<void> {
    const outcome = judge(row, value)
    if (!outcome.ok) return
    setSaved(false)
    if (await set.ask({ key: row.id, value: outcome.value })) setSaved(true)
  }

  function change(value: string): void {
    setTyped(value)
    setSaved(false)
    set.clear()
    // A switch or a choice is a decision by itself; words and numbers are finished with Enter or Save.
    if (row.shape === 'boolean' || Array.isArray(row.shape)) void save(value)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && isChanged && judged.ok) void save(typed)
    else if (event.key === 'Escape' && isChanged) {
      event.stopPropagation()
      event.preventDefault()
      setTyped(stored)
    }
  }

  const isExposed = (row.id === 'host' || row.id === 'hubHost') && judged.ok && !isLoopback(typed)
  return (
    <div className={styles.setting} data-setting={row.id}>
      <label htmlFor={`${ids}-field`}>{t(`name-${row.id}`)}</label>
      <div className={styles.value}>
        <div className={styles.control}>
          <Control
            id={`${ids}-field`}
            hint={`${ids}-hint`}
            row={row}
            typed={typed}
            isInvalid={!judged.ok}
            isDisabled={!isEditable}
            onChange={change}
            onKeyDown={onKeyDown}
          />
          {isChanged && isEditable ? (
            <>
              <Button primary disabled={!judged.ok} busy={set.asking && '…'} onClick={() => void save(typed)}>
                {t('save')}
              </Button>
              <Button onClick={() => setTyped(stored)}>{t('undo')}</Button>
            </>
          ) : isEditable && row.from === 'stored' && stored !== asTyped(row.fallback) ? (
            <Button busy={set.asking && '…'} onClick={() => void save(asTyped(row.fallback))}>
              {t('reset')}
            </Button>
          ) : null}
          <span className={styles.saved} role="status">
            {isSaved && !isChanged ? (row.restart ? t('changedRestart') : t('saved')) : ''}
          </span>
        </div>
        <p id={`${ids}-hint`}>
          {judged.ok ? t(`text-${row.id}`) : null}
          {judged.ok ? null : <span className={styles.complaint}>{complaintText(judged.complaint)}</span>}
        </p>
        {isExposed ? (
          <p className={styles.warning}>{row.id === 'host' ? t('exposed') : t('exposedHub')}</p>
        ) : null}
        <p className={styles.origin}>
          {row.from === 'default' ? null : (
            <span>{t(`from-${row.from}`, { flag: row.flag, variable: row.variable })}</span>
          )}
          <span>
            {t(row.from === 'default' ? 'isDefault' : 'default', { value: words(row, row.fallback) })}
          </span>
          {row.restart ? <span>{t('restart')}</span> : null}
          <code>
            {row.flag} {row.variable}
          </code>
        </p>
        {row.editable ? null : (
          <p className={styles.origin}>
            <FixedBy row={row} />
          </p>
        )}
        {set.fault ? <FaultNote fault={set.fault} /> : null}
      </div>
    </div>
  )
}

function FixedBy({ row }: { readonly row: SettingRow }) {
  const { t } = useTranslation('settings')
  if (row.from === 'flag') return t('fixed', { what: row.flag })
  if (row.from === 'environment') return t('fixed', { what: row.variable })
  return t('early', { flag: row.flag, variable: row.variable })
}

interface ControlProps {
  readonly id: string
  readonly hint: string
  readonly row: SettingRow
  readonly typed: string
  readonly isInvalid: boolean
  readonly isDisabled: boolean
  readonly onChange: (value: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

function Control({ id, hint, row, typed, isInvalid, isDisabled, onChange, onKeyDown }: ControlProps) {
  const words = useValueWords()
  const shared = { id, disabled: isDisabled, 'aria-describedby': hint }
  const choices = row.shape === 'boolean' ? ['true', 'false'] : Array.isArray(row.shape) ? row.shape : null
  if (choices) {
    return (
      <select
        {...shared}
        className={styles.input}
        value={typed}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {words(row, row.shape === 'boolean' ? choice === 'true' : choice)}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      {...shared}
      className={row.shape === 'number' ? styles.number : styles.text}
      inputMode={row.shape === 'number' ? 'decimal' : 'text'}
      autoComplete="off"
      spellCheck={false}
      aria-invalid={isInvalid}
      value={typed}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
}

const knownWords = ['auto', 'en', 'vi', 'none', 'critical', 'high', 'error', 'warn', 'info', 'debug'] as const

/** A value as a person reads it. */
function useValueWords(): (row: SettingRow, value: unknown) => string {
  const { t } = useTranslation('settings')
  return (row, value) => {
    if (typeof value === 'boolean') return value ? t('on') : t('off')
    const known = Array.isArray(row.shape) ? knownWords.find((word) => word === value) : undefined
    if (known) return t(`word-${known}`)
    const text = asTyped(value)
    return text === '' ? t('emptyValue') : text
  }
}

function useComplaint(): (complaint: Complaint) => string {
  const { t } = useTranslation('settings')
  return (complaint) => {
    if (complaint.is === 'range') return t('why-range', { least: complaint.least, most: complaint.most })
    if (complaint.is === 'too-long') return t('why-too-long', { most: complaint.most })
    return t(`why-${complaint.is}`)
  }
}
