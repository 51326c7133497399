/** What a watchdog asks: per link what it is doing and since when it heard something useful; how the store is. */
import type { App } from '../../app.ts'

export async function healthReport({ live, store, startedAt }: App) {
  const now = Date.now()
  const health = await store.health()
  return {
    /** False only when alerts cannot be kept: a lost link is a state of the field, not of Watchfloor. */
    ok: health.mode !== 'down' && health.mode !== 'read-only',
    at: now,
    startedAt,
    uptimeMs: now - startedAt,
    memory: { rssBytes: process.memoryUsage.rss() },
    links: [...live.links.snapshot()].map((link) => ({
      id: link.id,
      name: link.name,
      driver: link.driver,
      address: link.address,
      state: link.state,
      lastUsefulAgeMs: link.lastUsefulAt === null ? null : now - link.lastUsefulAt,
      peers: link.peers,
      queueDepth: link.queueDepth,
      counters: link.counters,
    })),
    store: {
      ...health,
      durability: `${health.journalMode}, synchronous=${health.synchronous}${health.synchronous === 2 ? ' (FULL)' : ''}`,
    },
  }
}
