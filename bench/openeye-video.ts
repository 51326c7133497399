/**
 * Live pictures on our wall beside `<img>` tags in the same browser: how many streams keep 30 frames a second, and at what cost.
 * Nobody is attached to the page while it is measured: an inspector is handed every message of a WebSocket once more, as text.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { Api } from '../src/contract/api.ts'
import { LinkId } from '../src/contract/links.ts'
import { apiVersion } from '../src/contract/version.ts'
import { createClient } from '../src/rpc/client.ts'
import { webSocketWire } from '../src/rpc/web-socket-wire.ts'
import { ensureBuilt, type Headless, startHeadless } from '../test/fakes/headless.ts'
import type { SimReady } from './openeye-sim.ts'
import { type OwnBrowser, openBrowser } from './own-browser.ts'
import { cpuSeconds } from './processes.ts'
import type { Area } from './report.ts'

const camerasPerServer = 4
const counts = [2, 4, 6, 9, 12] as const
const most = Math.max(...counts)
/** 30 from the camera; one may fall on either side of the second. */
const enoughFps = 29
const settleMs = 3000
const measureMs = 6000
const seenForMs = 4000
/** A wall on which each picture has about its own 640×480, with the rail and the tiles' heads beside them. */
function viewportFor(count: number): { width: number; height: number } {
  const columns = Math.ceil(Math.sqrt(count))
  return { width: columns * 650 + 120, height: Math.ceil(count / columns) * 520 + 260 }
}

interface Measured {
  /** Distinct frames a second on the slowest of the tiles that were looked at. */
  readonly fps: number
  readonly browserCpu: number
  readonly appCpu: number
}

/** Adds the simulated servers as links, and one wall for each count. */
async function connect(app: Headless, { urls, password }: SimReady): Promise<void> {
  const { url, token } = await app.ready
  const dial = () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`))
  const client = createClient<Api>(dial, { version: apiVersion, token })
  await new Promise<void>((resolve) => {
    client.onStatus((status) => status.is === 'ready' && resolve())
  })
  for (const [n, server] of urls.entries()) {
    const id = LinkId.parse(`eye-${n}`)
    const profile = {
      id,
      driver: 'openeye-client' as const,
      name: `Eye ${n}`,
      enabled: true,
      url: server,
      ladder: 'lan' as const,
      pollMs: 60_000,
      zone: 'utc' as const,
      recognitionZone: 'local' as const,
      keepStreams: false,
    }
    await client.call('links.save', { profile })
    await client.call('links.credentials', { id, credentials: { is: 'password', user: 'user0', password } })
  }
  const cameras = await new Promise<Parameters<typeof wallOf>[1]>((resolve) => {
    client.table('cameras', (rows) => {
      if (rows.size === most) resolve([...rows.values()].map(({ id }) => id))
    })
  })
  for (const count of counts) await client.call('walls.save', { wall: wallOf(count, cameras) })
  client.close()
}

type Wall = Parameters<ReturnType<typeof createClient<Api>>['call']>[1] extends infer I
  ? Extract<I, { wall: unknown }>['wall']
  : never

function wallOf(count: number, cameras: readonly Wall['tiles'][number]['camera'][]): Wall {
  const columns = Math.ceil(Math.sqrt(count))
  const tiles = cameras
    .slice(0, count)
    .map((camera, n) => ({ camera, column: n % columns, row: Math.floor(n / columns), span: 1 }))
  return { id: `bench-${count}`, name: `Bench ${count}`, columns, tiles }
}

async function openWall(page: Page, app: Headless, count: number): Promise<void> {
  const { url } = await app.ready
  await page.goto(url)
  await page.evaluate((id) => {
    localStorage.setItem('watchfloor.view', JSON.stringify('cameras'))
    localStorage.setItem('watchfloor.wall', JSON.stringify(id))
    localStorage.setItem('watchfloor.cameras.list', 'false')
  }, `bench-${count}`)
  await page.goto(url)
  await page
    .locator('[data-picture="live"]')
    .nth(count - 1)
    .waitFor({ timeout: 20_000 })
}

/** The tiles of our wall, of the same size at the same place, as plain pictures. */
async function openImages(page: Page, urls: readonly string[], places: readonly Place[]): Promise<void> {
  const images = places.map(({ x, y, width, height }, n) => {
    const server = Math.floor(n / camerasPerServer)
    const source = `${urls[server]}/api/cameras/cam_${server}_${n % camerasPerServer}/stream`
    const style = `position:absolute;left:${x}px;top:${y}px;width:${width}px;height:${height}px;object-fit:contain`
    return `<img src="${source}" style="${style}">`
  })
  // A page of the server itself, so that nothing but the pictures differs.
  await page.goto(`${urls[0]}/api/health`)
  await page.evaluate((html) => {
    document.body.innerHTML = html
  }, images.join(''))
}

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function placesOf(page: Page): Promise<Place[]> {
  return page.locator('[data-live-picture]').evaluateAll((tiles) =>
    tiles.map((tile) => {
      const { x, y, width, height } = tile.getBoundingClientRect()
      return { x, y, width, height }
    }),
  )
}

declare global {
  interface Window {
    /** Pictures of one tile that reached the screen while nobody was attached. */
    watchfloorSeen?: number
  }
}

/** After `afterMs`, for `seenForMs`. A video says how many frames it presented. */
function countPresented(page: Page): Promise<void> {
  return page
    .locator('video[data-live-picture]')
    .nth(1)
    .evaluate(
      (element, [afterMs, forMs]) => {
        if (!(element instanceof HTMLVideoElement)) throw new Error('no video')
        const presented = () => {
          const { totalVideoFrames, droppedVideoFrames } = element.getVideoPlaybackQuality()
          return totalVideoFrames - droppedVideoFrames
        }
        setTimeout(() => {
          const before = presented()
          setTimeout(() => {
            window.watchfloorSeen = presented() - before
          }, forMs)
        }, afterMs)
      },
      [settleMs + measureMs, seenForMs] as const,
    )
}

/**
 * The same of an `<img>`, which says nothing of it: the running clock in the corner of its picture is read off the page at every
 * repaint. One tile only, as reading costs; the processor's time is taken without it.
 */
function countChanges(page: Page): Promise<void> {
  return page
    .locator('img')
    .nth(1)
    .evaluate(
      (image, [afterMs, forMs]) => {
        if (!(image instanceof HTMLImageElement)) throw new Error('no picture')
        const probe = Object.assign(document.createElement('canvas'), { width: 48, height: 8 })
        const context = probe.getContext('2d', { willReadFrequently: true })
        let last = ''
        let changes = -1
        let until = 0
        const look = () => {
          context?.drawImage(image, 496, 0, 144, 24, 0, 0, 48, 8)
          const seen = context?.getImageData(0, 0, 48, 8).data.join() ?? ''
          if (seen !== last) changes += 1
          last = seen
          if (performance.now() < until) requestAnimationFrame(look)
          else window.watchfloorSeen = changes
        }
        setTimeout(() => {
          until = performance.now() + forMs
          look()
        }, afterMs)
      },
      [settleMs + measureMs, seenForMs] as const,
    )
}

export const run: Area = async (row) => {
  ensureBuilt()
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const servers = Math.ceil(most / camerasPerServer)
  const sims = fork(new URL('./openeye-sim.ts', import.meta.url), [`${servers}`, '1', `${camerasPerServer}`])
  const [ready]: SimReady[] = await once(sims, 'message')
  if (ready === undefined) throw new Error('the simulated servers did not start')
  const app = await startHeadless({ dataDir, flags: ['--log-level', 'warn'] })

  async function measure(browser: OwnBrowser, count: (page: Page) => Promise<void>): Promise<Measured> {
    const page = await browser.attach()
    await count(page)
    await browser.detach()
    await sleep(settleMs)
    const browserBefore = cpuSeconds(browser.pid)
    const appBefore = cpuSeconds(app.pid)
    await sleep(measureMs)
    const browserCpu = (cpuSeconds(browser.pid) - browserBefore) / (measureMs / 1000)
    const appCpu = (cpuSeconds(app.pid) - appBefore) / (measureMs / 1000)
    await sleep(seenForMs + 500)
    const again = await browser.attach()
    const seen = await again.waitForFunction(() => window.watchfloorSeen)
    const fps = ((await seen.jsonValue()) ?? 0) / (seenForMs / 1000)
    return { fps, browserCpu, appCpu }
  }

  const ours = new Map<number, Measured>()
  const images = new Map<number, Measured>()
  try {
    await connect(app, ready)
    for (const count of counts) {
      const wall = await openBrowser(viewportFor(count))
      const page = await wall.attach()
      await openWall(page, app, count)
      const places = await placesOf(page)
      const mine = await measure(wall, countPresented)
      await wall.close()
      ours.set(count, mine)
      const plain = await openBrowser(viewportFor(count))
      await openImages(await plain.attach(), ready.urls, places)
      const tags = await measure(plain, countChanges)
      await plain.close()
      images.set(count, tags)
      const text = (one: Measured) =>
        `${one.fps.toFixed(1)} fps, browser ${(one.browserCpu * 100).toFixed(0)} %, app ${(one.appCpu * 100).toFixed(0)} %`
      console.log(`  ${String(count).padStart(4)} streams: ours ${text(mine)}; <img> ${text(tags)}`)
    }
  } finally {
    await app.stop()
    sims.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const kept = (measured: ReadonlyMap<number, Measured>) =>
    Math.max(0, ...counts.filter((count) => (measured.get(count)?.fps ?? 0) >= enoughFps))
  row({
    name: 'MJPEG 640×480: streams at 30 fps before the first drop, vs <img>',
    value: kept(ours) / Math.max(1, kept(images)),
    unit: '×',
    target: '>= 1',
    baseline: kept(images),
  })
  // Compared where both keep up: beyond that the one that drops more works less.
  const both = counts.filter((count) => count <= Math.min(kept(ours), kept(images))).at(-1) ?? counts[0]
  const mine = ours.get(both)
  const tags = images.get(both)
  if (mine === undefined || tags === undefined) throw new Error('nothing was measured')
  row({
    name: `CPU per stream at ${both} streams, browser and app, vs <img>`,
    value: (mine.browserCpu + mine.appCpu) / tags.browserCpu,
    unit: '×',
    target: '<= 1.2',
    baseline: (tags.browserCpu / both) * 100,
  })
}
