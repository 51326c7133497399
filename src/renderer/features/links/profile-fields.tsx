/** The fields of a link profile, each with its hint, or with what is wrong and what to try, while it is typed. */
import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkProfile } from '../../../contract/links.ts'
import type { Driver, Field, FieldName } from './kinds/kind.ts'
import { addable, kindOf } from './kinds/kinds.ts'
import styles from './links.module.css'
import { complaints, type Draft, emptyDraft } from './profile-form.ts'
import { SerialPortField } from './serial-port-field.tsx'

/** The hint stands below the field, so that fields side by side stay on one line. */
const looks = {
  classNames: { input: styles.field ?? '', description: styles.fieldHint ?? '' },
  inputWrapperOrder: ['label', 'input', 'error', 'description'] as (
    | 'label'
    | 'input'
    | 'error'
    | 'description'
  )[],
}

interface Props {
  readonly draft: Draft
  readonly others: readonly LinkProfile[]
  readonly onChange: (draft: Draft) => void
  /** The kind of a link that exists already does not change. */
  readonly isNew: boolean
  /** The kinds to choose from; first run offers only some. */
  readonly offered?: readonly Driver[]
}

export function ProfileFields({ draft, others, onChange, isNew, offered = addable }: Props) {
  const { t } = useTranslation('profile')
  const { t: tl } = useTranslation('links')
  // An untouched empty field of a new link is not yet wrong; it only keeps the form from being saved.
  const [touched, setTouched] = useState<ReadonlySet<FieldName>>(new Set())
  const wrong = complaints(draft, others)
  const type = (name: FieldName, value: string) => {
    setTouched((before) => new Set([...before, name]))
    onChange({ ...draft, texts: { ...draft.texts, [name]: value } })
  }
  const input = (name: FieldName) => {
    const complaint = wrong[name]
    const isTold = complaint !== undefined && (!isNew || touched.has(name))
    return {
      value: draft.texts[name] ?? '',
      error: isTold ? t(`why-${complaint}`) : undefined,
      onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
        type(name, event.currentTarget.value),
      onBlur: () => setTouched((before) => new Set([...before, name])),
      ...looks,
    }
  }
  return (
    <div className={styles.form}>
      {isNew && offered.length > 1 ? (
        <NativeSelect
          label={tl('driver')}
          {...looks}
          value={draft.driver}
          onChange={(event) => {
            const driver = offered.find((one) => one === event.currentTarget.value) ?? draft.driver
            const fresh = emptyDraft(driver, draft.id)
            onChange({ ...fresh, texts: { ...fresh.texts, name: draft.texts.name ?? '' } })
          }}
          data={offered.map((value) => ({ value, label: tl(`driver-${value}`) }))}
        />
      ) : null}
      <TextInput label={t('name')} description={t('nameHint')} data-autofocus {...input('name')} />
      {kindOf(draft.driver).fields.map((field) => (
        <ProfileField
          key={field.name}
          field={field}
          input={input(field.name)}
          onTick={(yes) => type(field.name, yes ? 'yes' : '')}
          onType={(text) => type(field.name, text)}
        />
      ))}
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={draft.enabled}
          onChange={(event) => onChange({ ...draft, enabled: event.currentTarget.checked })}
        />
        {t('enabled')}
      </label>
    </div>
  )
}

interface FieldProps {
  readonly field: Field
  readonly input: {
    readonly value: string
    readonly error: string | undefined
    readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void
    readonly onBlur: () => void
  }
  readonly onTick: (yes: boolean) => void
  readonly onType: (text: string) => void
}

function ProfileField({ field, input, onTick, onType }: FieldProps) {
  const { t } = useTranslation('profile')
  const said = { label: t(field.label), description: field.hint === null ? undefined : t(field.hint) }
  const plain = { autoComplete: 'off', spellCheck: false }
  if (typeof field.input === 'object') {
    const choices = field.input.map(({ value, label }) => ({ value, label: t(label) }))
    return <NativeSelect {...said} {...input} data={choices} />
  }
  switch (field.input) {
    case 'tick':
      return (
        <div>
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={input.value === 'yes'}
              onChange={(event) => onTick(event.currentTarget.checked)}
            />
            {said.label}
          </label>
          {said.description ? <p className={styles.fieldHint}>{said.description}</p> : null}
        </div>
      )
    case 'lines':
      return <Textarea {...said} {...input} {...plain} rows={3} />
    case 'text':
      return <TextInput {...said} {...input} {...plain} />
    case 'whole':
      return <TextInput {...said} {...input} {...plain} inputMode="numeric" />
    case 'serial-port':
      return <SerialPortField {...said} {...input} onChange={onType} />
    case 'number':
      return <TextInput {...said} {...input} {...plain} inputMode="decimal" />
    default:
      return field.input satisfies never
  }
}
