/** Every change of an alert in the order it happened: what, when, who, and in which words. */
import { useTranslation } from 'react-i18next'
import type { Transition } from '../../../contract/alerts.ts'
import { useTimes } from '../../data/times.ts'
import styles from './history.module.css'

export function TransitionList({ transitions }: { readonly transitions: readonly Transition[] }) {
  const { t } = useTranslation('history')
  const { t: ta } = useTranslation('alerts')
  const times = useTimes()
  const who = (by: string): string =>
    by === 'source' ? ta('by-source') : by === 'watchfloor' ? ta('by-watchfloor') : by
  return (
    <ol className={styles.transitions}>
      {transitions.map((transition) => (
        <li key={transition.seq}>
          <time>{times.dateTime(transition.at)}</time>
          <span>
            <b>{ta(`transition-${transition.kind}`)}</b>
            {', '}
            {who(transition.by)}
            {transition.until === null ? '' : `, ${t('until', { at: times.dateTime(transition.until) })}`}
            {transition.disposition === null ? '' : `, ${ta(`disposition-${transition.disposition}`)}`}
            <span className={styles.soft}>
              {transition.from === transition.to ? '' : ` → ${ta(`state-${transition.to}`)}`}
            </span>
            {transition.note === null ? null : <q className={styles.quote}>{transition.note}</q>}
          </span>
        </li>
      ))}
    </ol>
  )
}
