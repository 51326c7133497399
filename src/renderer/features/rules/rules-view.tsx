/** Rules: which detections are worth an operator's response, in words, each with a switch and a test on what already happened. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../contract/rules.ts'
import { useIsCutOff } from '../../data/health.ts'
import { useRules } from '../../data/rules.ts'
import { useMay } from '../../data/site.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { NeedsRole } from '../links/needs-role.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { freshRuleId } from './rule-form.ts'
import { RuleRow } from './rule-row.tsx'
import styles from './rules.module.css'
import { emptyRule, fromTemplate, type TemplateName, templateNames } from './templates.ts'
import { VehicleRules } from './vehicle-rules.tsx'

/** What the editor is open for. */
interface Edited {
  readonly rule: Rule
  readonly isNew: boolean
  readonly template: TemplateName | null
}

export function RulesView() {
  const { t } = useTranslation('rules')
  const rules = useRules()
  const mayEdit = useMay('admin')
  const isStale = useIsCutOff()
  const [edited, setEdited] = useState<Edited | null>(null)
  const freshId = (): string => freshRuleId((rules ?? []).map(({ id }) => id))
  const begin = (template: TemplateName | null): void => {
    const id = freshId()
    const rule =
      template === null
        ? emptyRule(id)
        : fromTemplate(template, id, {
            name: t(`template-${template}`),
            instruction: t(`instruction-${template}`),
          })
    setEdited({ rule, isNew: true, template })
  }
  return (
    <div className={styles.frame}>
      <div className={styles.view} data-stale={isStale || undefined}>
        <header className={styles.head}>
          <div>
            <h2>{t('title')}</h2>
            <p className={styles.soft}>{t('about')}</p>
          </div>
          <Button primary disabled={!mayEdit || isStale} onClick={() => begin(null)}>
            {t('add')}
          </Button>
        </header>
        <div className={styles.scroll}>
          <NeedsRole needed="admin" />
          {rules === undefined ? <Empty title={t('reading')} /> : null}
          {rules?.length === 0 ? (
            <div className={styles.none}>
              <Empty title={t('emptyTitle')} hint={t('emptyHint')} />
            </div>
          ) : null}
          <ul aria-label={t('title')}>
            {(rules ?? []).map((rule) => (
              <RuleRow
                key={rule.id}
                rule={rule}
                onEdit={() => setEdited({ rule, isNew: false, template: null })}
              />
            ))}
          </ul>
          {rules === undefined ? null : (
            <section className={styles.templates} aria-label={t('templates')}>
              <h3>{t('templates')}</h3>
              <div className={styles.templateList}>
                {templateNames.map((name) => (
                  <button
                    key={name}
                    type="button"
                    className={styles.template}
                    disabled={!mayEdit || isStale}
                    onClick={() => begin(name)}
                  >
                    <strong>{t(`template-${name}`)}</strong>
                    <span>{t(`templateHint-${name}`)}</span>
                  </button>
                ))}
              </div>
            </section>
          )}
          <VehicleRules />
        </div>
      </div>
      {edited ? (
        <RuleDialog
          key={edited.rule.id}
          rule={edited.rule}
          isNew={edited.isNew}
          template={edited.template}
          others={rules ?? []}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </div>
  )
}
