/** Alerts as screens ask for and act on them. An act is one transaction with the orders that follow from it. */
import { randomUUID } from 'node:crypto'
import type { Alert, AlertId, Priority } from '../../contract/alerts.ts'
import type { Api } from '../../contract/api.ts'
import { Fault } from '../../contract/fault.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import { exportPiece } from '../export.ts'
import { type AcknowledgeAlert, hashedId, ownDetector } from '../order.ts'
import { oneFrame } from './one-frame.ts'
import type { ApiParts } from './parts.ts'

type Names = Extract<keyof Api, 'alerts' | `alerts.${string}`>

export function alertHandlers({
  store,
  live,
  dispatch,
  clock,
  settings,
}: ApiParts): Pick<Handlers<Api>, Names> {
  async function alertOf(id: AlertId): Promise<Alert> {
    return live.alerts.table.get(id) ?? (await store.get(id)).alert
  }

  /** Tells the camera, where the alert came from one. */
  function ackOrder(
    alert: Alert,
    status: AcknowledgeAlert['status'],
    by: string,
    note: string | null,
  ): AcknowledgeAlert[] {
    if (alert.kind !== 'blue-light' || alert.device === null) return []
    if (alert.sourceId.startsWith(ownDetector)) return []
    const messageId = alert.sourceId.startsWith(hashedId) ? null : alert.sourceId
    const order = { id: randomUUID(), link: alert.source, device: alert.device, alert: alert.id, messageId }
    return [
      {
        type: 'acknowledge-alert',
        ...order,
        alertTimestamp: alert.raisedAt,
        status,
        by,
        note,
        at: clock.now(),
      },
    ]
  }

  function needsNote(priority: Priority): boolean {
    const from = settings().notePriority
    return from === 'critical'
      ? priority === 'critical'
      : from === 'high' && (priority === 'critical' || priority === 'high')
  }

  return {
    alerts: live.alerts.table,
    'alerts.counts': live.counts,
    'alerts.journal': {
      head: () => store.journalHead(),
      read: (after, limit) => store.journal(after, limit),
      subscribe: (listener) => store.onChange((change) => change.entries.length > 0 && listener()),
    },
    'alerts.page': ({ filter, after, limit }) => store.page(filter, after, limit),
    'alerts.get': ({ id }) => store.get(id),
    async 'alerts.acknowledge'({ id, note = null }, session) {
      const alert = await alertOf(id)
      if (note === null && needsNote(alert.priority))
        throw new Fault(
          'bad-input',
          `Alerts of priority ${alert.priority} need a note here`,
          'Say what you saw or did, then acknowledge.',
        )
      const by = session.user
      const act = { alert: id, kind: 'acknowledge', by, at: clock.now(), note } as const
      return dispatch.act(act, ackOrder(alert, 'acknowledged', by, note))
    },
    'alerts.silence': ({ id }, { user: by }) =>
      dispatch.act({ alert: id, kind: 'silence', by, at: clock.now() }, []),
    'alerts.shelve'({ id, until, reason }, { user: by }) {
      const at = clock.now()
      if (until <= at || until > at + longestShelfMs)
        throw new Fault(
          'bad-input',
          'A shelf ends between now and 7 days from now',
          'Choose a shorter time; shelve again if need be.',
        )
      return dispatch.act({ alert: id, kind: 'shelve', by, at, until, note: reason }, [])
    },
    'alerts.unshelve': ({ id }, { user: by }) =>
      dispatch.act({ alert: id, kind: 'unshelve', by, at: clock.now() }, []),
    async 'alerts.close'({ id, disposition, note = null }, { user: by }) {
      const alert = await alertOf(id)
      const orders = disposition === 'false' ? ackOrder(alert, 'dismissed', by, note) : []
      return dispatch.act({ alert: id, kind: 'close', by, at: clock.now(), disposition, note }, orders)
    },
    'alerts.note': ({ id, note }, { user: by }) =>
      dispatch.act({ alert: id, kind: 'note', by, at: clock.now(), note }, []),
    'alerts.export': ({ filter, format, after }) => exportPiece(store, filter, format, after),
    async 'alerts.picture'({ sha256 }) {
      const { evidence, bytes } = await store.picture(sha256)
      return oneFrame(evidence, bytes)
    },
  }
}

const longestShelfMs = 7 * 24 * 3600 * 1000
