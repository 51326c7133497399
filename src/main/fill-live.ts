/** What fills live: at the start what was kept, then every change of the store. */

import type { Live } from './live/live.ts'
import { newestEvents } from './live/newest-events.ts'
import type { Change, Store } from './store/store.ts'

/** How many delivered orders a screen still sees beside the waiting ones. */
export const shownOrders = 500

export function applyChange(live: Live, change: Change): void {
  live.alerts.apply([...change.touched, ...change.entries.map((entry) => entry.alert)])
  live.counts.set({ ...change.counts, shown: live.alerts.table.size })
  if (change.events.length > 0) live.events.apply(change.events.map(({ event }) => event))
  if (change.rules.length > 0) live.rules.set(...change.rules)
  if (change.orders.length > 0) live.orders.set(...change.orders)
  if (change.ordersGone.length > 0) live.orders.delete(...change.ordersGone)
  if (live.orders.size > shownOrders * 2) trimOrders(live)
}

/** What was kept when the app ended. Nobody has confirmed any of it since: cameras and people start unheard, modules unknown. */
export async function loadKept(store: Store, live: Live): Promise<void> {
  const [cameras, plans, people, walls, rules, modules, events] = await Promise.all([
    store.kept('camera'),
    store.kept('plan'),
    store.kept('person'),
    store.kept('wall'),
    store.kept('rule'),
    store.kept('module'),
    store.eventPage({}, null, newestEvents),
  ])
  live.cameras.set(...cameras.map((camera) => ({ ...camera, heardAt: null })))
  live.people.set(...people.map((person) => ({ ...person, heardAt: null })))
  live.walls.set(...walls)
  live.plans.set(...plans)
  live.rules.set(...rules)
  live.modules.set(
    ...modules.map((module) => ({ ...module, state: 'unknown' as const, values: {}, readAt: {} })),
  )
  live.events.apply(events.rows)
}

/** Delivered orders are only news for a while; waiting and parked ones stay. */
function trimOrders(live: Live): void {
  const delivered = [...live.orders.snapshot()]
    .filter((row) => row.state === 'delivered')
    .sort((a, b) => a.seq - b.seq)
  live.orders.delete(...delivered.slice(0, shownOrders).map((row) => row.id))
}
