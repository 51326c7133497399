/** One filter as a button that opens its choices: tick any, type to find among many. */
import { Popover } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import styles from './history.module.css'

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
}

interface Props<T extends string> {
  readonly label: string
  readonly choices: readonly Choice<T>[]
  readonly chosen: readonly T[]
  readonly onToggle: (value: T) => void
}

/** More choices than fit on a screen get a field to find them by. */
const searchableFrom = 12
const mostShown = 200

export function FilterMenu<T extends string>({ label, choices, chosen, onToggle }: Props<T>) {
  const { t } = useTranslation('history')
  const [opened, setOpened] = useState(false)
  const [wanted, setWanted] = useState('')
  const shown = choices
    .filter((choice) =>
      `${choice.label} ${choice.value}`.toLocaleLowerCase().includes(wanted.toLocaleLowerCase()),
    )
    .slice(0, mostShown)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus shadow="none">
      <Popover.Target>
        <Button
          aria-haspopup="dialog"
          aria-expanded={opened}
          className={chosen.length > 0 ? styles.filterSet : undefined}
          onClick={() => setOpened((before) => !before)}
        >
          {label}
          {chosen.length > 0 ? ` ${chosen.length}` : ''}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.menu ?? ''} onKeyDown={(event) => keepKeys(event)}>
        {choices.length >= searchableFrom ? (
          <input
            className={styles.input}
            placeholder={t('filterOptions')}
            data-mantine-stop-propagation="true"
            aria-label={t('filterOptions')}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        ) : null}
        <fieldset className={styles.choices}>
          <legend className="visually-hidden">{label}</legend>
          {shown.map((choice) => (
            <label key={choice.value} className={styles.choice}>
              <input
                type="checkbox"
                // Inside a dialog, Esc closes this menu and not the dialog with all that was typed.
                data-mantine-stop-propagation="true"
                checked={chosen.includes(choice.value)}
                onChange={() => onToggle(choice.value)}
              />
              {choice.label}
            </label>
          ))}
          {choices.length === 0 ? <span className={styles.soft}>{t('nothingToChoose')}</span> : null}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Letters typed in a menu find a choice; they are no commands to the alert behind it. Esc still closes. */
function keepKeys(event: { readonly key: string; stopPropagation: () => void }): void {
  if (event.key !== 'Escape') event.stopPropagation()
}
