/** The rules of vehicles: a fixed list of conditions, each in words, with its switch and the way to its editor. */
import { Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VehicleRule } from '../../../contract/vehicle-rules.ts'
import { useAction } from '../../data/action.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useMay } from '../../data/site.ts'
import { useTable } from '../../data/sources.ts'
import { useVehicles } from '../../data/vehicles.ts'
import { Button } from '../../ui/button.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { PriorityMark } from '../alerts/priority-mark.tsx'
import styles from './rules.module.css'
import { VehicleRuleDialog } from './vehicle-rule-dialog.tsx'
import { limitedBy, overAt, priorityOfLevel } from './vehicle-rule-form.ts'

/** Nothing where the site has no vehicle. */
export function VehicleRules() {
  const { t } = useTranslation('vehicleRules')
  const rules = useTable('vehicleRules')
  const hasVehicle = (useVehicles()?.length ?? 0) > 0
  const [edited, setEdited] = useState<VehicleRule | null>(null)
  if (!hasVehicle || rules === undefined) return null
  return (
    <section className={styles.vehicleRules} aria-labelledby="vehicle-rules">
      <header>
        <h3 id="vehicle-rules">{t('title')}</h3>
        <p className={styles.soft}>{t('about')}</p>
      </header>
      <ul aria-labelledby="vehicle-rules">
        {rules.map((rule) => (
          <VehicleRuleRow key={rule.id} rule={rule} onEdit={() => setEdited(rule)} />
        ))}
      </ul>
      {edited ? <VehicleRuleDialog key={edited.id} rule={edited} onClose={() => setEdited(null)} /> : null}
    </section>
  )
}

function VehicleRuleRow({ rule, onEdit }: { readonly rule: VehicleRule; readonly onEdit: () => void }) {
  const { t } = useTranslation('vehicleRules')
  const { t: tr } = useTranslation('rules')
  const { t: ta } = useTranslation('alerts')
  const mayEdit = useMay('admin')
  const isStale = useIsCutOff()
  const save = useAction('vehicleRules.save')
  const name = t(`condition-${rule.id}`)
  const priority = priorityOfLevel[rule.level]
  const limited = limitedBy(rule)
  const limit = limited && t(`limit-${limited}`, { threshold: rule.threshold ?? 0, back: overAt(rule) })
  return (
    <li className={styles.rule} data-disabled={!rule.enabled || undefined}>
      <span className={styles.mark}>
        <PriorityMark alert={{ kind: 'vehicle', priority }} />
      </span>
      <div className={styles.ruleText}>
        <h3>
          {name}
          {rule.enabled ? null : <span className={styles.off}>{tr('off')}</span>}
        </h3>
        <p>
          {limit} {t('delays', { on: rule.onDelayMs / 1000, off: rule.offDelayMs / 1000 })}
        </p>
        <p className={styles.soft}>
          {t('levelIs', { level: t(`level-${rule.level}`), priority: ta(`priority-${priority}`) })}
        </p>
        {save.fault ? <FaultNote fault={save.fault} /> : null}
      </div>
      <div className={styles.ruleActs}>
        <Switch
          label={tr('enabled')}
          aria-label={t('enabledOf', { name })}
          checked={rule.enabled}
          disabled={!mayEdit || isStale || save.asking}
          onChange={(event) => void save.ask({ rule: { ...rule, enabled: event.currentTarget.checked } })}
        />
        <Button aria-label={t('editOf', { name })} disabled={!mayEdit || isStale} onClick={onEdit}>
          {tr('edit')}
        </Button>
      </div>
    </li>
  )
}
