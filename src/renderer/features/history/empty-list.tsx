/** No alert matches: what that proves, and what to do next. */
import { useTranslation } from 'react-i18next'
import { useHealth } from '../../data/health.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { emptyQuery, narrowings, type Query } from './query.ts'
import { type Coverage, evidenceOf } from './use-coverage.ts'

interface Props {
  readonly query: Query
  readonly coverage: Coverage
  readonly onChange: (query: Query) => void
}

export function EmptyList({ query, coverage, onChange }: Props) {
  const { t } = useTranslation('history')
  const stored = useHealth()?.store.alerts
  if (stored === 0) return <Empty title={t('emptyTitle')} hint={t('emptyNever')} />
  const evidence = {
    future: 'emptyFuture',
    partial: 'emptyPartial',
    unknown: 'emptyUnknown',
    gaps: 'emptyGaps',
    covered: 'emptyCovered',
  } as const
  const isFiltered = narrowings(query).some((chip) => chip.field !== 'span')
  const hint = [t(evidence[evidenceOf(coverage)]), isFiltered ? t('emptyFiltered') : ''].join(' ').trim()
  return (
    <Empty title={t('emptyTitle')} hint={hint}>
      {isFiltered ? (
        <Button onClick={() => onChange({ ...emptyQuery, span: query.span })}>{t('clearAll')}</Button>
      ) : null}
      {query.span.is === 'hour' || query.span.is === 'shift' ? (
        <Button onClick={() => onChange({ ...query, span: { is: 'day' } })}>{t('widenToDay')}</Button>
      ) : null}
      {query.span.is === 'all' ? null : (
        <Button onClick={() => onChange({ ...query, span: { is: 'all' } })}>{t('widenToAll')}</Button>
      )}
    </Empty>
  )
}
