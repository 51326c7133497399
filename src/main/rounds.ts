/** What happens by the clock: the health row each second (the screens' dead-man signal), the site's figures, shelves that run out, pruning, clock jumps. */
import type { LinkId } from '../contract/links.ts'
import type { Settings } from '../contract/settings.ts'
import type { Dispatch } from './dispatch.ts'
import type { Clock } from './io/clock.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { SiteStatistics } from './site-statistics.ts'
import type { Store } from './store/store.ts'

interface Parts {
  readonly store: Store
  readonly live: Live
  readonly dispatch: Dispatch
  readonly clock: Clock
  readonly log: Log
  readonly startedAt: number
  readonly statistics: SiteStatistics
  readonly settings: () => Settings
  readonly demoRunning: () => boolean
}

const secondMs = 1000
const loadMs = 10_000
const pruneMs = 3600_000
const jumpMs = 5000
const dayMs = 24 * 3600 * 1000
/** Two hundred registers for seven days; about 40 bytes of the disk each. */
const mostTrendPoints = 4_000_000

export async function startRounds(parts: Parts): Promise<() => void> {
  const { store, live, dispatch, clock, log, startedAt } = parts
  let load = await store.load(clock.now())
  let drift = clock.now() - clock.monotonic()

  async function health(): Promise<void> {
    const row = await store.health()
    live.health.set({
      id: 'health',
      at: clock.now(),
      startedAt,
      store: row,
      load,
      demoRunning: parts.demoRunning(),
    })
    countQueues()
  }

  /** Each link's row says how many orders wait for it. */
  function countQueues(): void {
    const depths = new Map<LinkId, number>()
    for (const order of live.orders.snapshot())
      if (order.state === 'waiting') depths.set(order.link, (depths.get(order.link) ?? 0) + 1)
    for (const link of live.links.snapshot()) {
      const queueDepth = depths.get(link.id) ?? 0
      if (link.queueDepth !== queueDepth) live.links.set({ ...link, queueDepth })
    }
  }

  async function unshelve(): Promise<void> {
    const at = clock.now()
    for (const alert of await store.shelvesOver(at))
      await dispatch.act({ alert, kind: 'unshelve', by: 'watchfloor', at }, [])
  }

  async function watchClock(): Promise<void> {
    const drifted = clock.now() - clock.monotonic() - drift
    if (Math.abs(drifted) < jumpMs) return
    drift += drifted
    const text = `This machine's clock jumped by ${Math.round(drifted / 1000)} s`
    log.warn('clock-jump', { drifted })
    await store.addTimeline({ at: clock.now(), type: 'clock-jump', link: null, device: null, by: null, text })
  }

  function round(name: string, periodMs: number, run: () => Promise<void>): () => void {
    let busy = false
    return clock.every(periodMs, () => {
      if (busy) return // a slow disk must not pile up rounds
      busy = true
      run()
        .catch((error: unknown) => log.error('round-failed', { name, error: String(error) }))
        .finally(() => {
          busy = false
        })
    })
  }

  await health()
  const undo = [
    round('health', secondMs, health),
    round('unshelve', secondMs, unshelve),
    round('clock', secondMs, watchClock),
    round('load', loadMs, async () => {
      load = await store.load(clock.now())
    }),
    round('statistics', secondMs, () => parts.statistics.tick()),
    round('prune', pruneMs, async () => {
      const gone = await store.prune(clock.now() - parts.settings().retentionDays * dayMs)
      if (gone > 0) log.info('pruned', { alerts: gone })
    }),
    round('prune-trends', pruneMs, async () => {
      const gone = await store.pruneTrends(clock.now() - parts.settings().trendDays * dayMs, mostTrendPoints)
      if (gone > 0) log.info('pruned', { trends: gone })
    }),
    round('prune-events', pruneMs, async () => {
      const before = clock.now() - parts.settings().eventDays * dayMs
      const gone = await store.pruneEvents(before)
      live.events.forgetBefore(before)
      if (gone > 0) log.info('pruned', { events: gone })
    }),
  ]
  return () => {
    for (const stop of undo) stop()
  }
}
