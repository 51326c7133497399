/**
 * Whether memory grows. Of the page: four cameras on a wall at four times the usual pace, as fast as it decodes. Of the app: a working day of
 * four cameras recorded and sent to a screen that only counts, as fast as they come. Fitted is, after a warm-up, what lives once the garbage
 * is collected, data and buffers outside of the heap, and what the kernel says is resident, which a heap that makes itself room moves in
 * steps. An hour here is an hour of the cameras' pictures; a tenth of a megabyte in it is less than one in a working day.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { planFor } from '../src/contract/plans.ts'
import { ensureBuilt, type Headless } from '../test/fakes/headless.ts'
import { camerasOf, clientOf, openWall, withCameras } from './cameras-wall.ts'
import type { Look } from './memory-inside.ts'
import { renderersOf, residentMb } from './processes.ts'
import type { Area } from './report.ts'
import { type Point, slopeOf } from './slope.ts'

const streams = 4
/** What a camera usually sends. */
const usualPerSecond = 30
const pagePerSecond = 120
const appPerSecond = 1500
/** How long the page is watched. */
const pageMs = Number(process.env.WATCHFLOOR_SOAK_PAGE_MS ?? 540_000)
/** How much of the cameras' time goes through the app. */
const appHours = Number(process.env.WATCHFLOOR_SOAK_HOURS ?? 8)
const everyMs = 5000
const mb = 1024 * 1024

interface Watched {
  delivered: number
  dropped: number
}

/** The cameras' time that so many pictures are, hours. */
function hoursOf({ delivered }: Watched): number {
  return delivered / streams / usualPerSecond / 3600
}

/** Every picture of every camera is recorded and comes to a screen that counts it. */
async function watch(app: Headless): Promise<Watched & { close(): void }> {
  const client = await clientOf(app)
  const watched = { delivered: 0, dropped: 0, close: () => client.close() }
  for (const id of await camerasOf(client, streams)) {
    await client.call('plans.save', { plan: { ...planFor(id), record: true } })
    client.feed('cameras.frames', { id }, (header) => {
      watched.delivered += 1
      watched.dropped += header.dropped
    })
  }
  return watched
}

/** The first third is warming up. */
function settled(points: readonly Point[]): readonly Point[] {
  const last = points.at(-1)?.[0] ?? 0
  return points.filter(([hours]) => hours > last / 3)
}

async function soakPage(
  app: Headless,
): Promise<{ readonly page: readonly Point[]; readonly dropped: number }> {
  const watched = await watch(app)
  const wall = await openWall(app, streams)
  await wall.detach()
  const page: Point[] = []
  const until = Date.now() + pageMs
  while (Date.now() < until) {
    await sleep(everyMs)
    const resident = renderersOf(wall.pid).reduce((sum, pid) => sum + residentMb(pid), 0)
    page.push([hoursOf(watched), resident])
  }
  await wall.close()
  watched.close()
  return { page, dropped: watched.dropped }
}

type Kind = 'data' | 'external' | 'code' | 'resident'

async function soakApp(
  app: Headless,
  file: string,
): Promise<{ readonly of: Record<Kind, Point[]>; readonly dropped: number }> {
  const watched = await watch(app)
  const of: Record<Kind, Point[]> = { data: [], external: [], code: [], resident: [] }
  let seen = 0
  while (hoursOf(watched) < appHours) {
    await sleep(1000)
    if (!existsSync(file)) continue // it has not looked yet
    const looks = readFileSync(file, 'utf8').trimEnd().split('\n').slice(seen)
    seen += looks.length
    for (const look of looks.map((line): Look => JSON.parse(line)))
      if (look.thread === 0)
        for (const kind of Object.keys(of) as Kind[]) of[kind].push([hoursOf(watched), look[kind] / mb])
  }
  watched.close()
  return { of, dropped: watched.dropped }
}

export const run: Area = async (row) => {
  ensureBuilt()
  const tell = (what: string, points: readonly Point[]) => {
    const { slope, noise } = slopeOf(points)
    const [first, last] = [points[0], points.at(-1)].map((point) => point ?? [0, 0])
    console.log(
      `  ${what}: ${slope.toFixed(2)} ± ${noise.toFixed(2)} MB/h, ${first?.[1].toFixed(1)} → ${last?.[1].toFixed(1)} MB from hour ${first?.[0].toFixed(2)} to ${last?.[0].toFixed(2)}`,
    )
    return Math.max(0, slope - noise)
  }
  const judge = (what: string, points: readonly Point[]) => {
    const name = `soak: ${what}, growth an hour beyond its noise`
    row({ name, value: tell(what, settled(points)), unit: 'MB/h', target: '<= 0.1', baseline: null })
  }
  const walls = [streams]
  const ofPage = await withCameras({ streams, framesPerSecond: pagePerSecond, walls }, soakPage)
  judge('resident memory of the page', ofPage.page)
  row({ name: 'soak: pictures dropped', value: ofPage.dropped, unit: '', target: '<= 0', baseline: null })

  const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-soak-'))
  const file = join(scratch, 'looks')
  const env = {
    NODE_OPTIONS: `--import=${new URL('./memory-inside.ts', import.meta.url)}`,
    WATCHFLOOR_MEMORY_FILE: file,
    WATCHFLOOR_MEMORY_MS: String(everyMs),
  }
  try {
    const { of, dropped } = await withCameras({ streams, framesPerSecond: appPerSecond, walls, env }, (app) =>
      soakApp(app, file),
    )
    judge('live data of the app', of.data)
    judge('its buffers outside of the heap', of.external)
    tell('compiled code', settled(of.code))
    judge('resident memory of the app', of.resident)
    console.log(`  ${dropped} pictures passed over, at ${appPerSecond / usualPerSecond} times the usual pace`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
