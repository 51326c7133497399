/** Tells a screen reader of new alerts: one by name, a burst as a count, never one sentence per alert. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert } from '../../../contract/alerts.ts'
import { useAlertWords } from './alert-words.ts'

export function NewAlertVoice({ alerts }: { readonly alerts: readonly Alert[] | undefined }) {
  const { t } = useTranslation('alerts')
  const words = useAlertWords()
  const lastSeq = useRef<number | null>(null)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (alerts === undefined) return
    const before = lastSeq.current
    lastSeq.current = alerts.reduce((seq, alert) => Math.max(seq, alert.seq), before ?? 0)
    if (before === null) return
    const fresh = alerts.filter((alert) => alert.seq > before && isUnacknowledged(alert.state))
    const [first] = fresh
    if (first === undefined) return
    const title = words.title(first)
    setSaid(
      fresh.length === 1
        ? t('newAlert', { priority: t(`priority-${first.priority}`), title })
        : t('newAlerts', { count: fresh.length, title }),
    )
  }, [alerts, t, words])
  return (
    <p className="visually-hidden" aria-live="assertive">
      {said}
    </p>
  )
}
