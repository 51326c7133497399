/** The fields of a rule, each with its hint, or with what is wrong and what to try, while it is typed. */
import { NativeSelect, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Priority } from '../../../contract/alerts.ts'
import type { Rule } from '../../../contract/rules.ts'
import { faceKinds, useEventKinds, useSeenPeople } from '../../data/events.ts'
import { usePeople } from '../../data/people.ts'
import { useTable } from '../../data/sources.ts'
import { ChoiceField } from './choice-field.tsx'
import { complaints, holdOffUnits, type RuleDraft, type RuleField } from './rule-form.ts'
import { useRuleWords } from './rule-words.ts'
import styles from './rules.module.css'

const priorities: readonly Priority[] = ['critical', 'high', 'medium', 'low']

interface Props {
  readonly draft: RuleDraft
  readonly others: readonly Rule[]
  /** An untouched empty field of a new rule is not yet wrong; it only keeps it from being saved. */
  readonly isNew: boolean
  readonly isFixed: boolean
  readonly onChange: (draft: RuleDraft) => void
}

export function RuleFields({ draft, others, isNew, isFixed, onChange }: Props) {
  const { t } = useTranslation('rules')
  const { t: ta } = useTranslation('alerts')
  const [touched, setTouched] = useState<ReadonlySet<RuleField>>(new Set())
  const wrong = complaints(draft, others)
  const choices = useChoices(draft)
  const change = (field: RuleField, part: Partial<RuleDraft>): void => {
    setTouched((before) => new Set([...before, field]))
    onChange({ ...draft, ...part })
  }
  const errorOf = (field: RuleField): string | undefined => {
    const complaint = wrong[field]
    return complaint !== undefined && (!isNew || touched.has(field)) ? t(`why-${complaint}`) : undefined
  }
  return (
    <fieldset className={styles.fields} disabled={isFixed}>
      <legend className="visually-hidden">{t('fields')}</legend>
      <TextInput
        className={styles.whole ?? ''}
        label={t('name')}
        description={t('nameHint')}
        data-autofocus
        autoComplete="off"
        value={draft.name}
        error={errorOf('name')}
        onBlur={() => setTouched((before) => new Set([...before, 'name']))}
        onChange={(event) => change('name', { name: event.currentTarget.value })}
      />
      <ChoiceField
        label={t('kinds')}
        none={t('kindsNone')}
        choices={choices.kinds}
        chosen={draft.kinds}
        error={errorOf('kinds')}
        onChange={(kinds) => change('kinds', { kinds })}
      />
      <ChoiceField
        label={t('cameras')}
        none={t('camerasNone')}
        choices={choices.cameras}
        chosen={draft.cameras}
        error={errorOf('cameras')}
        onChange={(cameras) => change('cameras', { cameras })}
      />
      <ChoiceField
        label={t('people')}
        none={t('peopleNone')}
        choices={choices.people}
        chosen={draft.people}
        error={wrong.people === undefined ? undefined : t(`why-${wrong.people}`)}
        onChange={(people) => change('people', { people })}
      />
      <TextInput
        label={t('confidence')}
        description={t('confidenceHint')}
        inputMode="decimal"
        value={draft.confidence}
        error={errorOf('confidence')}
        onChange={(event) => change('confidence', { confidence: event.currentTarget.value })}
      />
      <div className={styles.hours}>
        <Switch
          label={t('hours')}
          checked={draft.isTimed}
          onChange={(event) => change('hours', { isTimed: event.currentTarget.checked })}
        />
        {draft.isTimed ? (
          <div className={styles.pair}>
            <TextInput
              label={t('from')}
              value={draft.from}
              error={errorOf('hours') !== undefined}
              onChange={(event) => change('hours', { from: event.currentTarget.value })}
            />
            <TextInput
              label={t('to')}
              value={draft.to}
              error={errorOf('hours') !== undefined}
              onChange={(event) => change('hours', { to: event.currentTarget.value })}
            />
          </div>
        ) : null}
        <p className={errorOf('hours') ? styles.complaint : styles.hint}>
          {errorOf('hours') ?? t('hoursHint')}
        </p>
      </div>
      <div className={styles.hours}>
        <div className={styles.pair}>
          <TextInput
            label={t('holdOff')}
            inputMode="decimal"
            value={draft.holdOff}
            error={errorOf('holdOff') !== undefined}
            onChange={(event) => change('holdOff', { holdOff: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('holdOffUnit')}
            value={draft.holdOffUnit}
            onChange={(event) => {
              const holdOffUnit = holdOffUnits.find((one) => one === event.currentTarget.value)
              if (holdOffUnit) change('holdOff', { holdOffUnit })
            }}
            data={holdOffUnits.map((value) => ({ value, label: t(`unit-${value}`) }))}
          />
        </div>
        <p className={errorOf('holdOff') ? styles.complaint : styles.hint}>
          {errorOf('holdOff') ?? t('holdOffHint')}
        </p>
      </div>
      <NativeSelect
        label={t('priority')}
        description={t('priorityHint')}
        value={draft.priority}
        onChange={(event) => {
          const priority = priorities.find((one) => one === event.currentTarget.value)
          if (priority) onChange({ ...draft, priority })
        }}
        data={priorities.map((value) => ({ value, label: ta(`priority-${value}`) }))}
      />
      <Switch
        label={t('enabled')}
        checked={draft.enabled}
        onChange={(event) => onChange({ ...draft, enabled: event.currentTarget.checked })}
      />
      <Textarea
        className={styles.whole ?? ''}
        label={t('instruction')}
        description={t('instructionHint')}
        rows={2}
        value={draft.instruction}
        error={errorOf('instruction')}
        onChange={(event) => change('instruction', { instruction: event.currentTarget.value })}
      />
    </fieldset>
  )
}

interface Choices {
  readonly kinds: { value: string; label: string }[]
  readonly cameras: { value: RuleDraft['cameras'][number]; label: string }[]
  readonly people: { value: string; label: string }[]
}

/** What is known now, and what the rule names already: a camera that is gone must still be seen, and can be taken out. */
function useChoices(draft: RuleDraft): Choices {
  const words = useRuleWords()
  const kinds = useEventKinds() ?? []
  const cameras = useTable('cameras') ?? []
  const seen = useSeenPeople() ?? []
  const library = usePeople() ?? []
  const names = new Map(cameras.map((camera) => [camera.id, camera.name]))
  const plain = (values: readonly string[]) =>
    [...new Set(values)].sort((a, b) => a.localeCompare(b)).map((value) => ({ value, label: value }))
  return {
    kinds: [...new Set([...faceKinds, ...kinds, ...draft.kinds])].map((value) => ({
      value,
      label: words.kind(value),
    })),
    cameras: [...new Set([...names.keys(), ...draft.cameras])].map((value) => ({
      value,
      label: names.get(value) ?? value,
    })),
    people: plain([...library.map(({ name }) => name), ...seen.map(({ person }) => person), ...draft.people]),
  }
}
