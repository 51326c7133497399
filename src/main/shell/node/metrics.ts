/** The same figures as health, for Prometheus. Made when asked; nothing is counted twice. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { App } from '../../app.ts'

const processMetrics = new Registry()
collectDefaultMetrics({ register: processMetrics, prefix: 'watchfloor_' })

export async function metricsText({ live, store }: App): Promise<string> {
  const registry = new Registry()
  const registers = [registry]
  const up = new Gauge({
    name: 'watchfloor_link_live',
    help: '1 when something useful was heard within the budget',
    labelNames: ['link'],
    registers,
  })
  const age = new Gauge({
    name: 'watchfloor_link_last_useful_age_seconds',
    help: 'Seconds since the last useful message',
    labelNames: ['link'],
    registers,
  })
  const peers = new Gauge({
    name: 'watchfloor_link_peers',
    help: 'Open connections of the link',
    labelNames: ['link'],
    registers,
  })
  const messages = new Counter({
    name: 'watchfloor_link_total',
    help: 'Link counters since start',
    labelNames: ['link', 'what'],
    registers,
  })
  for (const link of live.links.snapshot()) {
    const label = { link: link.id }
    up.set(label, link.state.is === 'live' ? 1 : 0)
    if (link.lastUsefulAt !== null) age.set(label, (Date.now() - link.lastUsefulAt) / 1000)
    peers.set(label, link.peers)
    for (const [what, count] of Object.entries(link.counters)) messages.inc({ ...label, what }, count)
  }
  const health = await store.health()
  const figures: Record<string, [string, number]> = {
    watchfloor_store_ok: [
      '1 when alerts can be kept',
      health.mode === 'down' || health.mode === 'read-only' ? 0 : 1,
    ],
    watchfloor_store_queue_depth: ['Writes waiting for a commit', health.queueDepth],
    watchfloor_store_alerts: ['Alerts kept', health.alerts],
    watchfloor_store_outbox_waiting: ['Orders waiting for delivery', health.outboxWaiting],
    watchfloor_cameras: ['Cameras known, heard of or not', live.cameras.size],
    watchfloor_people: ['People the face servers know', live.people.size],
    watchfloor_store_size_bytes: ['Size of the database', health.sizeBytes],
    watchfloor_disk_free_bytes: ['Free space beside the database', health.diskFreeBytes],
    watchfloor_store_synchronous: ['SQLite synchronous mode, 2 is FULL', health.synchronous],
  }
  for (const [name, [help, value]] of Object.entries(figures)) new Gauge({ name, help, registers }).set(value)
  return (await registry.metrics()) + (await processMetrics.metrics())
}
