/** The editor of one rule of vehicles: its level, its number where it has one, and its delays, judged as typed. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleRule } from '../../../contract/vehicle-rules.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './rules.module.css'
import {
  levels,
  limitedBy,
  type VehicleRuleField,
  vehicleDraftOf,
  vehicleRuleOf,
} from './vehicle-rule-form.ts'

export function VehicleRuleDialog({
  rule,
  onClose,
}: {
  readonly rule: VehicleRule
  readonly onClose: () => void
}) {
  const { t } = useTranslation('vehicleRules')
  const { t: tr } = useTranslation('rules')
  const save = useAction('vehicleRules.save')
  const [draft, setDraft] = useState(() => vehicleDraftOf(rule))
  const { rule: ready, wrong } = vehicleRuleOf(rule, draft)
  const limited = limitedBy(rule)
  const field = (name: VehicleRuleField, why: string) => ({
    inputMode: 'decimal' as const,
    autoComplete: 'off',
    value: draft[name],
    error: wrong.has(name) ? why : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      setDraft({ ...draft, [name]: event.currentTarget.value }),
  })
  const submit = (): void => {
    if (ready) void save.ask({ rule: ready }).then((done) => done && onClose())
  }
  return (
    <Dialog
      title={t('editTitle', { name: t(`condition-${rule.id}`) })}
      submitLabel={tr('save')}
      canSubmit={ready !== null}
      busy={save.asking}
      fault={save.fault}
      onClose={onClose}
      onSubmit={submit}
    >
      <fieldset className={`${styles.fields} ${styles.aligned}`}>
        <legend className="visually-hidden">{t('fields')}</legend>
        <NativeSelect
          className={styles.whole ?? ''}
          label={t('level')}
          value={draft.level}
          onChange={(event) => {
            const level = levels.find((one) => one === event.currentTarget.value)
            if (level) setDraft({ ...draft, level })
          }}
          data={levels.map((value) => ({ value, label: t(`level-${value}`) }))}
        />
        {limited === null ? null : (
          <>
            <TextInput
              label={t(`threshold-${limited}`)}
              {...field('threshold', t(`why-threshold-${limited}`))}
            />
            <TextInput
              label={t('deadband')}
              description={t('deadbandHint')}
              {...field('deadband', t('why-deadband'))}
            />
          </>
        )}
        <TextInput label={t('onDelay')} {...field('onDelay', t('why-delay'))} />
        <TextInput label={t('offDelay')} {...field('offDelay', t('why-delay'))} />
      </fieldset>
    </Dialog>
  )
}
