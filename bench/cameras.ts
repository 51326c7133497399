/**
 * RTSP cameras on the wall: how late a picture is shown, beside an `ffmpeg -c copy` child with Media Source Extensions in the same
 * browser, how many streams keep 30 frames a second, and whether memory grows. Nobody is attached to the page while it is measured.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../src/contract/api.ts'
import { CameraId, type Wall } from '../src/contract/cameras.ts'
import { LinkId } from '../src/contract/links.ts'
import { apiVersion } from '../src/contract/version.ts'
import { createClient } from '../src/rpc/client.ts'
import { webSocketWire } from '../src/rpc/web-socket-wire.ts'
import { ensureBuilt, type Headless, startHeadless } from '../test/fakes/headless.ts'
import { hasFfmpeg, startFfmpegPath } from './cameras-ffmpeg.ts'
import { countPresented, latencies, probe, type Shown } from './cameras-probe.ts'
import type { CamerasReady, Sent } from './cameras-sim.ts'
import { type OwnBrowser, openBrowser } from './own-browser.ts'
import { cpuSeconds } from './processes.ts'
import { type Area, percentile } from './report.ts'

/** Glass to glass, and the most it may be. */
const watched = [
  [1, 10],
  [4, 20],
  [9, 40],
] as const
/** Streams that are tried for 30 frames a second. */
const tried = [4, 9, 12, 16] as const
const most = Math.max(...tried)
/** 30 from the camera; one may fall on either side of the second. */
const enoughFps = 29
const settleMs = 4000
const measureMs = Number(process.env.WATCHFLOOR_BENCH_MS ?? 8000)
/** At four times the usual rate, so that an hour of pictures passes in a quarter of one. */
const soakFps = 120
const soakStreams = 4
const soakMs = Number(process.env.WATCHFLOOR_SOAK_MS ?? 180_000)

/** A usual one: on nine tiles and more a picture is smaller than it comes. */
const screen = { width: 1920, height: 1080 }
const ours = 'video[data-live-picture]'
type Latencies = ReturnType<typeof latencies>

class Sims {
  readonly #child: ChildProcess
  readonly ready: Promise<CamerasReady>

  constructor(count: number, framesPerSecond: number) {
    this.#child = fork(new URL('./cameras-sim.ts', import.meta.url), [`${count}`, `${framesPerSecond}`])
    this.ready = once(this.#child, 'message').then(([ready]) => ready)
  }

  async sent(camera: number): Promise<Sent> {
    this.#child.send(camera)
    const [sent] = await once(this.#child, 'message')
    return sent
  }

  close(): void {
    this.#child.kill()
  }
}

/** Adds the cameras as links, and one wall for each count. */
async function connect(app: Headless, urls: readonly string[], counts: readonly number[]): Promise<void> {
  const { url, token } = await app.ready
  const dial = () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`))
  const client = createClient<Api>(dial, { version: apiVersion, token })
  await new Promise<void>((resolve) => {
    client.onStatus((status) => status.is === 'ready' && resolve())
  })
  for (const [n, address] of urls.entries()) {
    const id = LinkId.parse(`rtsp-${n}`)
    const profile = {
      id,
      driver: 'rtsp-camera' as const,
      name: `Camera ${n}`,
      enabled: true,
      url: address,
      location: '',
      ladder: 'lan' as const,
    }
    await client.call('links.save', { profile })
  }
  const known = await new Promise<CameraId[]>((resolve) => {
    client.table('cameras', (rows) => {
      if (rows.size === urls.length) resolve([...rows.values()].map(({ id }) => id))
    })
  })
  const inOrder = urls.map(
    (_, n) => known.find((id) => id.startsWith(`rtsp-${n}/`)) ?? CameraId.parse('none/none'),
  )
  for (const count of counts) await client.call('walls.save', { wall: wallOf(count, inOrder) })
  client.close()
}

function wallOf(count: number, cameras: readonly CameraId[]): Wall {
  const columns = Math.ceil(Math.sqrt(count))
  const tiles = cameras
    .slice(0, count)
    .map((camera, n) => ({ camera, column: n % columns, row: Math.floor(n / columns), span: 1 }))
  return { id: `bench-${count}`, name: `Bench ${count}`, columns, tiles }
}

async function openWall(app: Headless, count: number): Promise<OwnBrowser> {
  const browser = await openBrowser(screen)
  const page = await browser.attach()
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
    .waitFor({ timeout: 30_000 })
  return browser
}

/** Of the first camera, all others playing beside it. */
async function glassToGlass(browser: OwnBrowser, selector: string, sims: Sims): Promise<Latencies> {
  await probe(await browser.attach(), selector, settleMs, measureMs)
  await browser.detach()
  await sleep(settleMs + measureMs + 500)
  const page = await browser.attach()
  const seen = await page.waitForFunction(() => window.watchfloorShown)
  const shown: Shown = (await seen.jsonValue()) ?? []
  return latencies(await sims.sent(0), shown)
}

async function ratesOf(
  browser: OwnBrowser,
  app: Headless,
): Promise<{ fps: number; browser: number; app: number }> {
  await countPresented(await browser.attach(), ours, settleMs, measureMs)
  await browser.detach()
  await sleep(settleMs)
  const before = [cpuSeconds(browser.pid), cpuSeconds(app.pid)] as const
  await sleep(measureMs)
  const share = (now: number, then: number) => ((now - then) / measureMs) * 1000
  const cpu = [share(cpuSeconds(browser.pid), before[0]), share(cpuSeconds(app.pid), before[1])] as const
  await sleep(500)
  const page = await browser.attach()
  const rates = await (await page.waitForFunction(() => window.watchfloorRates)).jsonValue()
  return { fps: Math.min(...(rates ?? [0])), browser: cpu[0], app: cpu[1] }
}

/** Its resident memory, MB. */
function memoryOf(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4096) / 1024 / 1024
}

/** MB an hour through the lowest points, and how far that may be off (twice its standard error). */
function slopeOf(points: readonly (readonly [ms: number, mb: number])[]): { slope: number; noise: number } {
  const n = points.length
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / n
  const [meanX, meanY] = [mean(0), mean(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const hour = 3_600_000
  return { slope: slope * hour, noise: 2 * Math.sqrt(rest / (n - 2) / spread) * hour }
}

/** The lowest of each span: between collections of garbage a heap only ever grows. */
async function soak(app: Headless): Promise<{ slope: number; noise: number }> {
  const spans = 30
  const points: [number, number][] = []
  // The first third is warming up.
  await sleep(soakMs / 3)
  const startedAt = performance.now()
  for (let span = 0; span < spans; span += 1) {
    let lowest = Number.POSITIVE_INFINITY
    const until = startedAt + ((span + 1) * soakMs * 2) / 3 / spans
    while (performance.now() < until) {
      lowest = Math.min(lowest, memoryOf(app.pid))
      await sleep(100)
    }
    points.push([performance.now() - startedAt, lowest])
  }
  return slopeOf(points)
}

async function withApp<T>(
  streams: number,
  framesPerSecond: number,
  walls: readonly number[],
  use: (app: Headless, sims: Sims, urls: readonly string[]) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const sims = new Sims(streams, framesPerSecond)
  const { urls } = await sims.ready
  const app = await startHeadless({ dataDir, flags: ['--log-level', 'warn'] })
  try {
    await connect(app, urls, walls)
    return await use(app, sims, urls)
  } finally {
    await app.stop()
    sims.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

export const run: Area = async (row) => {
  ensureBuilt()
  const walls = [...new Set([...watched.map(([count]) => count), ...tried])]
  await withApp(most, 30, walls, async (app, sims, urls) => {
    const usual = hasFfmpeg() ? await startFfmpegPath(urls) : null
    if (usual === null) console.log('  no ffmpeg on PATH: nothing to compare with')
    for (const [count, targetMs] of watched) {
      const wall = await openWall(app, count)
      const mine = await glassToGlass(wall, ours, sims)
      await wall.close()
      let theirs: Latencies = { given: [], drawn: [] }
      if (usual !== null) {
        const browser = await openBrowser(screen)
        await (await browser.attach()).goto(usual.url(count))
        theirs = await glassToGlass(browser, 'video', sims)
        await browser.close()
      }
      const spread = (all: readonly number[]) =>
        `p50 ${percentile(all, 50).toFixed(1)} p99 ${percentile(all, 99).toFixed(1)} ms`
      const text = ({ given, drawn }: Latencies) =>
        `${spread(given)}, page drawn with it ${spread(drawn)}, of ${given.length}`
      const hasPeer = theirs.given.length > 0
      const peer = hasPeer ? `; ffmpeg and MSE ${text(theirs)}` : ''
      console.log(`  ${String(count).padStart(4)} streams: ours ${text(mine)}${peer}`)
      const name = `RTSP 640×480@30, ${count} streams: glass to glass, p50`
      const value = percentile(mine.given, 50)
      const baseline = hasPeer ? percentile(theirs.given, 50) : null
      row({ name, value, unit: 'ms', target: `<= ${targetMs}`, baseline })
      const times = { unit: '×', target: '<= 0.5', baseline }
      if (baseline !== null)
        row({ name: `${name}, vs ffmpeg -c copy and MSE`, value: value / baseline, ...times })
    }
    usual?.close()
    let kept = 0
    for (const count of tried) {
      const wall = await openWall(app, count)
      const rates = await ratesOf(wall, app)
      await wall.close()
      if (rates.fps >= enoughFps) kept = count
      const percent = (share: number) => `${(share * 100).toFixed(0)} %`
      console.log(
        `  ${String(count).padStart(4)} streams: slowest ${rates.fps.toFixed(1)} fps, browser ${percent(rates.browser)}, app ${percent(rates.app)}`,
      )
    }
    row({
      name: 'RTSP 640×480@30: streams at 30 fps with no drop',
      value: kept,
      unit: '',
      target: '>= 12',
      baseline: null,
    })
  })
  const { slope, noise } = await withApp(soakStreams, soakFps, [soakStreams], async (app) => {
    const wall = await openWall(app, soakStreams)
    await wall.detach()
    const measured = await soak(app)
    await wall.close()
    return measured
  })
  console.log(`  soak: ${slope.toFixed(1)} MB/h, ± ${noise.toFixed(1)}`)
  row({
    name: `memory of the app, ${soakStreams} streams at ${soakFps} fps: slope beyond its noise`,
    value: Math.max(0, slope - noise),
    unit: 'MB/h',
    target: '<= 0',
    baseline: null,
  })
}
