/** The detail of the selected alert: read when the selection rests, read again when the alert changes. */
import { useEffect, useState } from 'react'
import type { Alert, AlertDetail, AlertId } from '../../../contract/alerts.ts'
import type { Fault } from '../../../contract/fault.ts'
import { asFault } from '../../data/action.ts'
import { useClient } from '../../data/client.ts'

/** A held arrow key passes 30 rows a second; only where it rests is the detail worth a request. */
const restMs = 60

export interface DetailView {
  readonly detail: AlertDetail | null
  readonly fault: Fault | null
  readonly retry: () => void
}

/** `alert` is the row where the list holds it; an alert opened from elsewhere has only its id. */
export function useDetail(alert: Alert | null, id: AlertId | null): DetailView {
  const client = useClient()
  const [view, setView] = useState<{ detail: AlertDetail | null; fault: Fault | null }>({
    detail: null,
    fault: null,
  })
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed alert or a retry reads again
  useEffect(() => {
    if (id === null) return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      client.call('alerts.get', { id }, { signal: abort.signal }).then(
        (detail) => !abort.signal.aborted && setView({ detail, fault: null }),
        (error: unknown) => !abort.signal.aborted && setView({ detail: null, fault: asFault(error) }),
      )
    }, restMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, id, alert, attempt])
  const isOwn = view.detail?.alert.id === id
  return {
    detail: isOwn ? view.detail : null,
    fault: view.fault,
    retry: () => setAttempt((before) => before + 1),
  }
}
