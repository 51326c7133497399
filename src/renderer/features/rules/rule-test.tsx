/** What the rule being typed would have done to the events already stored, and whether an operator could bear it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DetectionEvent } from '../../../contract/events.ts'
import type { Rule, RuleTest } from '../../../contract/rules.ts'
import { useAction } from '../../data/action.ts'
import { useMay } from '../../data/site.ts'
import { useTimes } from '../../data/times.ts'
import { Button } from '../../ui/button.tsx'
import { Fact, Facts } from '../../ui/facts.tsx'
import { FaultNote } from '../../ui/fault-note.tsx'
import { loadOf } from './load.ts'
import { useRuleWords } from './rule-words.ts'
import styles from './rules.module.css'

const spans = [1, 7, 30] as const
type Days = (typeof spans)[number]
const mostSamples = 8

/** The outcome goes when something else is typed: it would be about another rule. */
export function RuleTestPanel({ rule }: { readonly rule: Rule | null }) {
  const { t } = useTranslation('rules')
  const test = useAction('rules.test')
  const mayTest = useMay('operator')
  const [days, setDays] = useState<Days>(7)
  const [outcome, setOutcome] = useState<{ of: string; test: RuleTest } | null>(null)
  const key = JSON.stringify([rule, days])
  return (
    <section className={styles.test} aria-label={t('test')}>
      <div className={styles.testHead}>
        <Button
          disabled={rule === null || !mayTest}
          busy={test.asking && t('testing')}
          onClick={() => {
            if (!rule) return
            void test.ask({ rule, days }).then((answer) => answer && setOutcome({ of: key, test: answer }))
          }}
        >
          {t('test')}
        </Button>
        <select
          className={styles.select}
          aria-label={t('testSpan')}
          value={days}
          onChange={(event) => setDays(spans.find((one) => String(one) === event.currentTarget.value) ?? 7)}
        >
          {spans.map((one) => (
            <option key={one} value={one}>
              {t('lastDays', { count: one })}
            </option>
          ))}
        </select>
        <span className={styles.soft}>{t('testHint')}</span>
      </div>
      {test.fault ? <FaultNote fault={test.fault} /> : null}
      {outcome?.of === key ? <Outcome test={outcome.test} /> : null}
    </section>
  )
}

function Outcome({ test }: { readonly test: RuleTest }) {
  const { t } = useTranslation('rules')
  const times = useTimes()
  const { perHour, isTooMuch } = loadOf(test)
  const count = (value: number): string => value.toLocaleString('en')
  return (
    <div className={styles.testBody} role="status">
      {isTooMuch ? <p className={styles.warning}>{t('tooMuch', { perHour: perHour.toFixed(1) })}</p> : null}
      {test.complete ? null : (
        <p className={styles.notice}>{t('incomplete', { looked: count(test.looked) })}</p>
      )}
      <Facts>
        <Fact name={t('tested')}>
          {times.dateTime(test.fromAt)} – {times.dateTime(test.toAt)}
        </Fact>
        <Fact name={t('looked')}>{count(test.looked)}</Fact>
        <Fact name={t('matches')}>{count(test.matches)}</Fact>
        <Fact name={t('alerts')}>{count(test.alerts)}</Fact>
        <Fact name={t('perDay')}>{test.perDay.toFixed(1)}</Fact>
      </Facts>
      {test.matches === 0 ? (
        <p className={styles.soft}>{t(test.looked === 0 ? 'nothingStored' : 'noMatch')}</p>
      ) : null}
      {test.samples.length > 0 ? <Samples samples={test.samples.slice(0, mostSamples)} /> : null}
    </div>
  )
}

function Samples({ samples }: { readonly samples: readonly DetectionEvent[] }) {
  const { t } = useTranslation('rules')
  const times = useTimes()
  const words = useRuleWords()
  return (
    <table className={styles.samples}>
      <caption>{t('samples')}</caption>
      <tbody>
        {samples.map((event) => (
          <tr key={event.id}>
            <td>{times.dateTime(event.at)}</td>
            <td>{event.person ?? words.kind(event.kind)}</td>
            <td>{event.cameraName ?? event.camera ?? event.link}</td>
            <td>{event.confidence === null ? '—' : `${Math.round(event.confidence * 100)} %`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
