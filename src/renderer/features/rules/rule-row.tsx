/** One rule in the list: its words, its switch, what it would have done last week, and the way to its editor. */
import { Switch } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule, RuleTest } from '../../../contract/rules.ts'
import { useAction } from '../../data/action.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { PriorityMark } from '../alerts/priority-mark.tsx'
import { loadOf } from './load.ts'
import { useRuleWords } from './rule-words.ts'
import styles from './rules.module.css'

const lastDays = 7

export function RuleRow({ rule, onEdit }: { readonly rule: Rule; readonly onEdit: () => void }) {
  const { t } = useTranslation('rules')
  const { t: ta } = useTranslation('alerts')
  const words = useRuleWords()
  const mayEdit = useMay('admin')
  const mayTest = useMay('operator')
  const isStale = useIsCutOff()
  const save = useAction('rules.save')
  const test = useAction('rules.test')
  const [tested, setTested] = useState<{ of: Rule; test: RuleTest } | null>(null)
  const [isDeleting, setDeleting] = useState(false)
  const known = tested?.of === rule ? tested.test : null
  return (
    <li className={styles.rule} data-disabled={!rule.enabled || undefined}>
      <span className={styles.mark}>
        <PriorityMark alert={{ kind: 'detection', priority: rule.priority }} />
      </span>
      <div className={styles.ruleText}>
        <h3>
          {rule.name}
          {rule.enabled ? null : <span className={styles.off}>{t('off')}</span>}
        </h3>
        <p>{words.says(rule)}</p>
        <p className={styles.soft}>
          {t('priorityIs', { priority: ta(`priority-${rule.priority}`) })}
          {rule.instruction === '' ? '' : ` · ${rule.instruction}`}
        </p>
        {known ? <LastWeek test={known} /> : null}
        {save.fault ? <FaultNote fault={save.fault} /> : null}
        {test.fault ? <FaultNote fault={test.fault} /> : null}
      </div>
      <div className={styles.ruleActs}>
        <Switch
          label={t('enabled')}
          aria-label={t('enabledOf', { name: rule.name })}
          checked={rule.enabled}
          disabled={!mayEdit || isStale || save.asking}
          onChange={(event) => void save.ask({ rule: { ...rule, enabled: event.currentTarget.checked } })}
        />
        <Button
          disabled={!mayTest || isStale}
          busy={test.asking && t('testing')}
          onClick={() => {
            void test
              .ask({ rule, days: lastDays })
              .then((answer) => answer && setTested({ of: rule, test: answer }))
          }}
        >
          {t('lastWeek')}
        </Button>
        <Button onClick={onEdit}>{mayEdit ? t('edit') : t('show')}</Button>
        <Button disabled={!mayEdit || isStale} onClick={() => setDeleting(true)}>
          {t('delete')}
        </Button>
      </div>
      {isDeleting ? <DeleteRule rule={rule} onClose={() => setDeleting(false)} /> : null}
    </li>
  )
}

function LastWeek({ test }: { readonly test: RuleTest }) {
  const { t } = useTranslation('rules')
  const { perHour, isTooMuch } = loadOf(test)
  return (
    <p className={isTooMuch ? styles.warning : styles.outcome} role="status">
      {t('wouldHave', { count: test.alerts, perDay: test.perDay.toFixed(1) })}
      {test.complete ? '' : ` ${t('incomplete', { looked: test.looked.toLocaleString('en') })}`}
      {isTooMuch ? ` ${t('tooMuch', { perHour: perHour.toFixed(1) })}` : ''}
    </p>
  )
}

function DeleteRule({ rule, onClose }: { readonly rule: Rule; readonly onClose: () => void }) {
  const { t } = useTranslation('rules')
  const remove = useAction('rules.remove')
  return (
    <Dialog
      danger
      title={t('deleteTitle', { name: rule.name })}
      submitLabel={t('deleteNow')}
      busy={remove.asking}
      fault={remove.fault}
      onClose={onClose}
      onSubmit={() => void remove.ask({ id: rule.id }).then((done) => done && onClose())}
    >
      <p>{t('deleteText')}</p>
    </Dialog>
  )
}
