/** Any number of choices as a labelled field: what is chosen as chips, a menu to tick more, and in words what choosing nothing means. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Choice, FilterMenu } from '../history/filter-menu.tsx'
import { toggled } from '../history/query.ts'
import styles from './rules.module.css'

interface Props<T extends string> {
  readonly label: string
  /** What it means that nothing is chosen. */
  readonly none: string
  readonly choices: readonly Choice<T>[]
  readonly chosen: readonly T[]
  readonly error: string | undefined
  readonly onChange: (chosen: readonly T[]) => void
}

export function ChoiceField<T extends string>({ label, none, choices, chosen, error, onChange }: Props<T>) {
  const { t } = useTranslation('rules')
  const { t: th } = useTranslation('history')
  const labelId = useId()
  const nameOf = (value: T): string => choices.find((choice) => choice.value === value)?.label ?? value
  return (
    <fieldset className={styles.choice} aria-labelledby={labelId}>
      <span id={labelId} className={styles.label}>
        {label}
      </span>
      <div className={styles.chips}>
        {chosen.length === 0 ? <span className={styles.soft}>{none}</span> : null}
        {chosen.map((value) => (
          <button
            key={value}
            type="button"
            className={styles.chip}
            aria-label={th('removeChip', { label: nameOf(value) })}
            onClick={() => onChange(chosen.filter((one) => one !== value))}
          >
            {nameOf(value)} <span aria-hidden>×</span>
          </button>
        ))}
        <FilterMenu
          label={t('choose')}
          choices={choices}
          chosen={chosen}
          onToggle={(value) => onChange(toggled(chosen, value))}
        />
      </div>
      {error === undefined ? null : <p className={styles.complaint}>{error}</p>}
    </fieldset>
  )
}
