/** Writing one register: what it is now, what it becomes, what it does when the master falls silent; then what the module really kept. */
import { NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register, VehicleModule } from '../../../contract/modules.ts'
import { useAction } from '../../data/action.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Preconditions, usePreconditions } from './preconditions.tsx'
import { addressText, registerText, unitText } from './values.ts'
import styles from './vehicles.module.css'

interface Props {
  readonly module: VehicleModule
  readonly register: Register
  readonly onClose: () => void
}

export function WriteDialog({ module, register, onClose }: Props) {
  const { t } = useTranslation('vehicles')
  const write = useAction('vehicles.command')
  const now = module.values[register.name] ?? null
  const [value, setValue] = useState<number | null>(now)
  const [said, setSaid] = useState<string | null>(null)
  const [least, most] = register.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const command = {
    do: 'write-register',
    unit: module.unit,
    register: register.name,
    value: value ?? 0,
  } as const
  const conditions = usePreconditions(module.link, command)
  const fits = value !== null && value >= least && value <= most
  const submit = async () => {
    const outcome = await write.ask({ link: module.link, command })
    if (outcome !== undefined) setSaid(outcome.said)
  }
  const done = said !== null
  return (
    <Dialog
      title={t('writeTitle', { register: register.text, module: module.name })}
      onClose={onClose}
      {...(done ? {} : { onSubmit: () => void submit(), submitLabel: t('writeNow') })}
      canSubmit={fits && conditions.every(({ ok, hard }) => ok || !hard)}
      danger
      busy={write.asking}
      fault={write.fault}
    >
      <p className={styles.quiet}>
        {t('writeWhere', { unit: unitText(module.unit), address: addressText(register.address) })}{' '}
        {t('writeWas', { text: registerText(register, now) ?? '—' })}
      </p>
      <ValueField register={register} value={value} onChange={setValue} />
      <p>{t(`failSafe-${register.failSafe ?? 'unknown'}`)}</p>
      <Preconditions conditions={conditions} />
      {done && <output className={styles.outcome}>{said}</output>}
    </Dialog>
  )
}

interface ValueProps {
  readonly register: Register
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

function ValueField({ register, value, onChange }: ValueProps) {
  const { t } = useTranslation('vehicles')
  const label = register.unit === '' ? t('newValue') : t('newValueIn', { unit: register.unit })
  const words = register.enum ?? (register.type === 'bool' ? { 0: '0', 1: '1' } : undefined)
  if (words !== undefined)
    return (
      <Select
        label={label}
        data={Object.entries(words).map(([raw, word]) => ({
          value: String(Number(raw) * register.scale),
          label: word === raw ? word : `${raw}: ${word}`,
        }))}
        value={value === null ? null : String(value)}
        allowDeselect={false}
        onChange={(next) => onChange(next === null ? null : Number(next))}
      />
    )
  return (
    <NumberInput
      label={label}
      {...(register.range === undefined
        ? {}
        : { description: t('rangeIs', { least: register.range[0], most: register.range[1] }) })}
      step={Math.abs(register.scale)}
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  )
}
