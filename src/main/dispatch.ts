/** The one door for orders. Durable ones are rows before anybody is told "done", and go out in order per target; immediate ones go now or fail. */

import type { Alert } from '../contract/alerts.ts'
import { Fault, never } from '../contract/fault.ts'
import type { LinkId } from '../contract/links.ts'
import type { Clock } from './io/clock.ts'
import type { RunningLink } from './link.ts'
import type { Log } from './log.ts'
import type { Delivery, DurableOrder, ImmediateOrder } from './order.ts'
import type { Act, DueOrder, NewOrder, Store } from './store/store.ts'

export interface Dispatch {
  /** The transition and the orders that follow from it, in one transaction; then on their way. */
  act(act: Act, orders: readonly DurableOrder[]): Promise<Alert>
  enqueue(orders: readonly DurableOrder[]): Promise<void>
  /** Goes out now or rejects: `link-down` when it did not arrive, `wrong-state` with the peer's words when it said no. */
  now(order: ImmediateOrder): Promise<Done>
  /** Something may have become deliverable. */
  wake(link: LinkId, target: string): void
  close(): Promise<void>
}

interface Done {
  readonly roundTripMs: number
  /** The peer's words, where it has any. */
  readonly said?: string
}

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  link(id: LinkId): RunningLink | undefined
  /** Whether the link is `live`, or brings what it has by polling. */
  isUp(id: LinkId): boolean
  /** A peer refused an order: somebody must look. */
  parked(row: DueOrder, reason: string): void
}

/** A reachable target that did not confirm is asked again after this long; a reconnect asks at once. */
const retryMs = 5000
const batchRows = 16

export function createDispatch({ store, clock, log, link, isUp, parked }: Parts): Dispatch {
  const pumps = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const retries = new Map<string, () => void>()
  let closed = false

  function wake(linkId: LinkId, target: string): void {
    const key = `${linkId}/${target}`
    if (closed) return
    if (pumps.has(key)) {
      again.add(key) // what arrived while the pump ran is looked at when it ends
      return
    }
    retries.get(key)?.()
    retries.delete(key)
    const pump = drain(linkId, target)
      .catch((error: unknown) =>
        log.error('outbox-pump-failed', { link: linkId, target, error: String(error) }),
      )
      .finally(() => {
        pumps.delete(key)
        if (again.delete(key)) wake(linkId, target)
      })
    pumps.set(key, pump)
  }

  async function drain(linkId: LinkId, target: string): Promise<void> {
    for (;;) {
      const due = await store.due(linkId, target, batchRows)
      if (due.length === 0 || closed) return
      for (const row of due) {
        const outcome = await attempt(row)
        if (!(await settle(row, outcome))) return
      }
    }
  }

  async function attempt(row: DueOrder): Promise<Delivery> {
    const running = link(row.link)
    if (running === undefined) return { is: 'unreachable', reason: 'the link is switched off' }
    return running.deliver(JSON.parse(row.order) as DurableOrder)
  }

  /** True when the next row of this target may follow. */
  async function settle(row: DueOrder, outcome: Delivery): Promise<boolean> {
    const at = clock.now()
    switch (outcome.is) {
      case 'delivered':
        await store.settle(row.id, { state: 'delivered', reason: null, at })
        return true
      case 'refused':
        await store.settle(row.id, { state: 'parked', reason: outcome.reason, at })
        parked(row, outcome.reason)
        return true
      case 'unreachable': {
        // The same reason again is no news: a device away for days costs no write.
        if (row.reason !== outcome.reason)
          await store.settle(row.id, { state: 'waiting', reason: outcome.reason, at })
        const key = `${row.link}/${row.target}`
        if (!closed)
          retries.set(
            key,
            clock.after(retryMs, () => wake(row.link, row.target)),
          )
        return false
      }
      default:
        return never(outcome, 'delivery')
    }
  }

  /** What moves a vehicle goes only to a link that is known to work, and in time. */
  function inTime(order: ImmediateOrder): Delivery | null {
    if (!('deadlineAt' in order)) return null
    if (clock.now() >= order.deadlineAt)
      return { is: 'unreachable', reason: 'its time was over before it could be sent, so it was not' }
    return isUp(order.link)
      ? null
      : { is: 'unreachable', reason: 'the link is not live, so nothing was sent' }
  }

  async function now(order: ImmediateOrder): Promise<Done> {
    const outcome: Delivery = inTime(order) ??
      (await link(order.link)?.deliver(order)) ?? {
        is: 'unreachable',
        reason: 'the link is switched off',
      }
    switch (outcome.is) {
      case 'delivered': {
        const { roundTripMs, said } = outcome
        return said === undefined ? { roundTripMs } : { roundTripMs, said }
      }
      case 'refused':
        throw new Fault(
          'wrong-state',
          outcome.reason,
          'The other side answered and said no: change what it names, then try again.',
        )
      case 'unreachable':
        throw new Fault(
          'link-down',
          `${order.device}: ${outcome.reason}`,
          'Check the device and its network, then try again.',
        )
      default:
        return never(outcome, 'delivery')
    }
  }

  return {
    async act(act, orders) {
      const alert = await store.act(act, orders.map(rowOf))
      for (const order of orders) wake(order.link, order.device)
      return alert
    },
    async enqueue(orders) {
      await store.enqueue(orders.map(rowOf))
      for (const order of orders) wake(order.link, order.device)
    },
    now,
    wake,
    async close() {
      closed = true
      for (const undo of retries.values()) undo()
      await Promise.all(pumps.values())
    },
  }
}

function rowOf(order: DurableOrder): NewOrder {
  const { id, link, device, type } = order
  const row = { id, link, target: device, type, order: JSON.stringify(order) }
  switch (order.type) {
    case 'acknowledge-alert': {
      const verb = order.status === 'acknowledged' ? 'Acknowledged' : 'Dismissed'
      return { ...row, text: `${verb} by ${order.by}`, alert: order.alert, createdAt: order.at }
    }
    case 'change-device-settings': {
      const { blueSensitivity, pushAlertsEnabled } = order.settings
      const text = `Sensitivity ${blueSensitivity}, push ${pushAlertsEnabled ? 'on' : 'off'}`
      return { ...row, text, alert: null, createdAt: order.version }
    }
    case 'announce-own': {
      const { name } = order.camera
      const what = order.says.is === 'alert' ? 'blue light' : 'back to normal'
      return { ...row, text: `${name}: ${what}, for monitors elsewhere`, alert: null, createdAt: order.at }
    }
    default:
      return never(order, 'durable order')
  }
}
