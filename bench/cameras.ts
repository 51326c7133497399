/**
 * RTSP cameras on the wall: how late a picture is shown, beside an `ffmpeg -c copy` child with Media Source Extensions in the same
 * browser, and how many streams keep 30 frames a second. Nobody is attached to the page while it is measured.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureBuilt, type Headless } from '../test/fakes/headless.ts'
import { hasFfmpeg, startFfmpegPath } from './cameras-ffmpeg.ts'
import { countPresented, latencies, probe, type Shown } from './cameras-probe.ts'
import { openWall, type Sims, screen, withCameras } from './cameras-wall.ts'
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

const ours = 'video[data-live-picture]'
type Latencies = ReturnType<typeof latencies>

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

export const run: Area = async (row) => {
  ensureBuilt()
  const walls = [...new Set([...watched.map(([count]) => count), ...tried])]
  await withCameras({ streams: most, framesPerSecond: 30, walls }, async (app, sims, urls) => {
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
}
