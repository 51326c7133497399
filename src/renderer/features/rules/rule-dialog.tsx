/** The editor of one rule: fields judged as typed, the rule read back in words, a test on history, then saving. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../contract/rules.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { RuleFields } from './rule-fields.tsx'
import { draftOf, ruleOf } from './rule-form.ts'
import { RuleTestPanel } from './rule-test.tsx'
import { useRuleWords } from './rule-words.ts'
import styles from './rules.module.css'
import { missingChoice, type TemplateName } from './templates.ts'

interface Props {
  readonly rule: Rule
  readonly isNew: boolean
  readonly template: TemplateName | null
  readonly others: readonly Rule[]
  readonly onClose: () => void
}

export function RuleDialog({ rule, isNew, template, others, onClose }: Props) {
  const { t } = useTranslation('rules')
  const words = useRuleWords()
  const mayEdit = useMay('admin')
  const save = useAction('rules.save')
  const [draft, setDraft] = useState(() => draftOf(rule))
  const ready = ruleOf(draft, others)
  const wanted = template === null ? null : missingChoice(template)
  const isChoiceMissing = wanted !== null && draft[wanted].length === 0
  const submit = (): void => {
    if (ready) void save.ask({ rule: ready }).then((done) => done && onClose())
  }
  return (
    <Dialog
      wide
      title={isNew ? t('addTitle') : t('editTitle', { name: rule.name })}
      submitLabel={t('save')}
      canSubmit={ready !== null && mayEdit && !isChoiceMissing}
      busy={save.asking}
      fault={save.fault}
      onClose={onClose}
      {...(mayEdit ? { onSubmit: submit } : {})}
    >
      <NeedsRole needed="admin" />
      <RuleFields draft={draft} others={others} isNew={isNew} isFixed={!mayEdit} onChange={setDraft} />
      {isChoiceMissing ? (
        <p className={styles.notice}>{t(wanted === 'people' ? 'choosePeople' : 'chooseCameras')}</p>
      ) : null}
      {ready ? (
        <p className={styles.readBack}>
          <span className={styles.soft}>{t('readBack')}</span> {words.says(ready)}
        </p>
      ) : null}
      <RuleTestPanel rule={isChoiceMissing ? null : ready} />
    </Dialog>
  )
}
