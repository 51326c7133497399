/** The fields of a link profile, each with its hint, or with what is wrong and what to try, while it is typed. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkProfile } from '../../../contract/links.ts'
import styles from './links.module.css'
import { complaints, type Draft, type DraftField, emptyDraft, ladders } from './profile-form.ts'

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
  /** First run offers one kind only. */
  readonly isKindFixed?: boolean
}

export function ProfileFields({ draft, others, onChange, isNew, isKindFixed }: Props) {
  const { t } = useTranslation('links')
  // An untouched empty field of a new link is not yet wrong; it only keeps the form from being saved.
  const [touched, setTouched] = useState<ReadonlySet<DraftField>>(new Set())
  const wrong = complaints(draft, others)
  const field = (name: DraftField) => {
    const complaint = wrong[name]
    const isTold = complaint !== undefined && (!isNew || touched.has(name))
    return {
      value: draft[name],
      error: isTold ? t(`why-${complaint}`) : undefined,
      onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
        const { value } = event.currentTarget
        setTouched((before) => new Set([...before, name]))
        onChange({ ...draft, [name]: value })
      },
      onBlur: () => setTouched((before) => new Set([...before, name])),
      autoComplete: 'off',
      spellCheck: false,
      ...looks,
    }
  }
  return (
    <div className={styles.form}>
      {isNew && !isKindFixed ? (
        <NativeSelect
          label={t('driver')}
          {...looks}
          value={draft.driver}
          onChange={(event) => {
            const driver =
              event.currentTarget.value === 'blue-light-hub' ? 'blue-light-hub' : 'blue-light-client'
            onChange({ ...emptyDraft(driver, draft.id), name: draft.name })
          }}
          data={(['blue-light-client', 'blue-light-hub'] as const).map((value) => ({
            value,
            label: t(`driver-${value}`),
          }))}
        />
      ) : null}
      <TextInput label={t('name')} description={t('nameHint')} data-autofocus {...field('name')} />
      {draft.driver === 'blue-light-hub' ? (
        <>
          <TextInput label={t('host')} description={t('hostHint')} {...field('host')} />
          <TextInput label={t('port')} description={t('portHint')} inputMode="numeric" {...field('port')} />
          <TextInput
            label={t('heartbeat')}
            description={t('heartbeatHint')}
            inputMode="decimal"
            {...field('heartbeatS')}
          />
        </>
      ) : (
        <>
          <TextInput label={t('url')} description={t('urlHint')} {...field('url')} />
          <TextInput label={t('group')} description={t('groupHint')} {...field('group')} />
          <TextInput label={t('deviceId')} description={t('deviceIdHint')} {...field('deviceId')} />
          <NativeSelect
            label={t('ladder')}
            {...looks}
            value={draft.ladder}
            onChange={(event) => {
              const ladder = ladders.find((one) => one === event.currentTarget.value)
              if (ladder) onChange({ ...draft, ladder })
            }}
            data={ladders.map((value) => ({ value, label: t(`ladder-${value}`) }))}
          />
        </>
      )}
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
