/**
 * A LiDAR of 5,000 points a second on a page that stands still for 30 s: what it shows afterwards, and what the app and the page
 * hold meanwhile. The device is simulated on a pty; nobody is attached to the page while it is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LinkProfile } from '../src/contract/links.ts'
import { usualZones } from '../src/contract/zone-distances.ts'
import { plugPair } from '../test/fakes/pty-pair.ts'
import { startRplidar } from '../test/sim/rplidar/server.ts'
import type { OwnBrowser } from './own-browser.ts'
import { renderersOf, residentMb } from './processes.ts'
import { type Area, percentile } from './report.ts'
import { epochMs, lidar, openVehicles, rowOf, type Site, vehicle, withSite } from './vehicle-site.ts'

const turnsPerSecond = 10
const pointsPerTurn = 500
const warmMs = 20_000
const beforeMs = 10_000
const stallMs = Number(process.env.WATCHFLOOR_STALL_MS ?? 30_000)
const afterMs = 20_000
const catchUpMs = 1000
const rateMs = 10_000

type Turn = readonly [revolution: number, at: number]

interface Stalled {
  readonly shown: readonly Turn[]
  readonly stalledAt: number
  readonly wentOnAt: number
}

declare global {
  interface Window {
    watchfloorScans?: { shown: [number, number][]; stalledAt: number; wentOnAt: number }
  }
}

/** In the page: every revolution it shows, and a script that lets nothing else run for a while. */
function stall([waitMs, heldMs]: readonly [number, number]): void {
  const now = () => performance.timeOrigin + performance.now()
  const out = { shown: [] as [number, number][], stalledAt: 0, wentOnAt: 0 }
  window.watchfloorScans = out
  new MutationObserver((changes) => {
    const { target } = changes.at(-1) ?? {}
    if (target instanceof HTMLCanvasElement) out.shown.push([Number(target.dataset.revolution), now()])
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-revolution'] })
  setTimeout(() => {
    out.stalledAt = now()
    const until = performance.now() + heldMs
    while (performance.now() < until);
    out.wentOnAt = now()
  }, waitMs)
}

async function openLidar(site: Site): Promise<void> {
  const profile = LinkProfile.parse({
    id: lidar,
    driver: 'rplidar',
    name: 'LiDAR',
    enabled: true,
    vehicle,
    port: site.port,
    model: 'c1',
    mode: 'standard',
    mountDeg: 0,
    zones: usualZones,
  })
  await site.client.call('links.save', { profile })
  await rowOf(site.client, 'lidars', ({ counters }) => counters.revolutions > 10)
}

interface Memory {
  readonly app: number
  readonly page: number
}

/** Resident memory each half second for that long: the median, so that one look into a collection does not count. */
async function memoryOver(ms: number, app: number, browser: OwnBrowser): Promise<Memory> {
  const looks: Memory[] = []
  for (const until = performance.now() + ms; performance.now() < until; ) {
    await sleep(500)
    const page = renderersOf(browser.pid).reduce((sum, pid) => sum + residentMb(pid), 0)
    looks.push({ app: residentMb(app), page })
  }
  const middle = (of: keyof Memory) =>
    percentile(
      looks.map((look) => look[of]),
      50,
    )
  return { app: middle('app'), page: middle('page') }
}

async function measure(site: Site, browser: OwnBrowser) {
  await sleep(warmMs - beforeMs)
  const before = await memoryOver(beforeMs, site.app.pid, browser)
  // The stall begins now; its last seconds are looked at.
  await sleep(stallMs - 5000)
  const during = await memoryOver(4500, site.app.pid, browser)
  await sleep(500 + afterMs - beforeMs)
  const after = await memoryOver(beforeMs, site.app.pid, browser)
  const page = await browser.attach()
  const stalled: Stalled | undefined = await page.evaluate(() => window.watchfloorScans)
  if (stalled === undefined || stalled.wentOnAt === 0) throw new Error('the page was not stalled')
  return { before, during, after, stalled }
}

/** Of the revolutions that came to a listening client beside the page, the newest at a moment. */
function newestAt(turns: readonly Turn[], at: number): number {
  return turns.findLast((turn) => turn[1] <= at)?.[0] ?? 0
}

type Tell = Parameters<Area>[0]

function tellPicture(row: Tell, { shown, stalledAt, wentOnAt }: Stalled, came: readonly Turn[]): void {
  const held = shown.filter(([, at]) => at > stalledAt && at < wentOnAt).length
  if (held > 0) throw new Error(`${held} revolutions were shown while the page stood still`)
  const afterwards = shown.filter(([, at]) => at >= wentOnAt)
  const lag = ([revolution, at]: Turn) => newestAt(came, at) - revolution
  const right = afterwards.findIndex((turn) => lag(turn) <= 2)
  const rightAt = afterwards[right]?.[1] ?? Number.POSITIVE_INFINITY
  const missed = newestAt(came, wentOnAt) - newestAt(came, stalledAt)
  console.log(
    `  stood still for ${((wentOnAt - stalledAt) / 1000).toFixed(1)} s and ${missed} revolutions; then drew ${right} old ones, and the newest after ${(rightAt - wentOnAt).toFixed(0)} ms`,
  )
  const lookedAt = wentOnAt + catchUpMs
  const [from, to] = [lookedAt, lookedAt + rateMs]
  const seen = new Set(afterwards.filter(([, at]) => at >= from && at < to).map(([revolution]) => revolution))
  const turned = newestAt(came, to) - newestAt(came, from)
  const name = 'LiDAR of 5,000 points/s after 30 s of a stalled page'
  row({
    name: `${name}: revolutions behind, 1 s later`,
    value: newestAt(came, lookedAt) - newestAt(afterwards, lookedAt),
    unit: '',
    target: '<= 2',
    baseline: null,
  })
  row({
    name: `${name}: shown per second`,
    value: (seen.size * 1000) / rateMs,
    unit: 'Hz',
    target: '>= 9.5',
    baseline: (turned * 1000) / rateMs,
  })
  row({
    name: `${name}: share of revolutions shown`,
    value: (100 * seen.size) / turned,
    unit: '%',
    target: '>= 95',
    baseline: null,
  })
}

export const run: Area = (row) =>
  withSite(async (site) => {
    const cable = await plugPair(site.port, site.device)
    const device = await startRplidar({ path: site.device, hz: turnsPerSecond, pointsPerTurn })
    const came: Turn[] = []
    try {
      await openLidar(site)
      site.client.feed('lidars.scan', { link: lidar }, ({ revolution }) => {
        came.push([revolution, epochMs()])
      })
      const { browser, page } = await openVehicles(site)
      try {
        await page.locator('canvas[data-revolution]').waitFor()
        await page.evaluate(stall, [warmMs, stallMs] as const)
        await browser.detach()
        const { before, during, after, stalled } = await measure(site, browser)
        tellPicture(row, stalled, came)
        for (const where of ['app', 'page'] as const) {
          const all = [before, during, after].map((memory) => memory[where].toFixed(1)).join(' → ')
          console.log(`  resident memory of the ${where}, before → stalled → after: ${all} MB`)
          row({
            name: `LiDAR, stalled page: growth of the ${where}'s resident memory`,
            value: Math.max(during[where], after[where]) - before[where],
            unit: 'MB',
            target: '<= 10',
            baseline: null,
          })
        }
      } finally {
        await browser.close()
      }
    } finally {
      await device.stop()
      await cable.unplug()
    }
  })
