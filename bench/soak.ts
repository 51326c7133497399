/**
 * Whether memory grows: four cameras watched by a page and by a counting screen and recorded, at four times the usual pace, so that an
 * hour of pictures passes in a quarter of one. Fitted is, after a warm-up, what lives once the garbage is collected: data, and buffers
 * outside of the heap; and beside it what the kernel says is resident, which a heap that makes itself room moves in steps.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { planFor } from '../src/contract/plans.ts'
import { ensureBuilt, type Headless } from '../test/fakes/headless.ts'
import { camerasOf, clientOf, openWall, withCameras } from './cameras-wall.ts'
import type { Look } from './memory-inside.ts'
import { renderersOf, residentMb } from './processes.ts'
import type { Area } from './report.ts'

const streams = 4
const framesPerSecond = 120
/** The first third is warming up. */
const soakMs = Number(process.env.WATCHFLOOR_SOAK_MS ?? 540_000)
const everyMs = 10_000
const mb = 1024 * 1024

type Point = readonly [ms: number, mb: number]

interface Slope {
  /** MB an hour. */
  readonly slope: number
  /** How far it may be off: twice its standard error. */
  readonly noise: number
}

function slopeOf(points: readonly Point[]): Slope {
  const n = points.length
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / n
  const [meanX, meanY] = [mean(0), mean(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const hour = 3_600_000
  return { slope: slope * hour, noise: 2 * Math.sqrt(rest / (n - 2) / spread) * hour }
}

interface Soaked {
  readonly looks: readonly Look[]
  readonly page: readonly Point[]
  readonly delivered: number
  readonly dropped: number
}

async function soak(app: Headless, file: string): Promise<Soaked> {
  const client = await clientOf(app)
  let [delivered, dropped] = [0, 0]
  for (const id of await camerasOf(client, streams)) {
    await client.call('plans.save', { plan: { ...planFor(id), record: true } })
    client.feed('cameras.frames', { id }, (header) => {
      delivered += 1
      dropped += header.dropped
    })
  }
  const wall = await openWall(app, streams)
  await wall.detach()
  await sleep(soakMs / 3)
  const page: Point[] = []
  const begun = Date.now()
  while (Date.now() < begun + (soakMs * 2) / 3) {
    await sleep(everyMs)
    page.push([Date.now(), renderersOf(wall.pid).reduce((sum, pid) => sum + residentMb(pid), 0)])
  }
  await wall.close()
  client.close()
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const looks = lines.map((line): Look => JSON.parse(line)).filter(({ at }) => at >= begun)
  return { looks, page, delivered, dropped }
}

export const run: Area = async (row) => {
  ensureBuilt()
  const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-soak-'))
  const file = join(scratch, 'looks')
  const env = {
    NODE_OPTIONS: `--import=${new URL('./memory-inside.ts', import.meta.url)}`,
    WATCHFLOOR_MEMORY_FILE: file,
    WATCHFLOOR_MEMORY_MS: String(everyMs),
  }
  try {
    const { looks, page, delivered, dropped } = await withCameras(
      { streams, framesPerSecond, walls: [streams], env },
      (app) => soak(app, file),
    )
    const hours = delivered / streams / 30 / 3600
    console.log(
      `  ${delivered} pictures to one screen, ${hours.toFixed(2)} h of ${streams} cameras at 30 fps; dropped ${dropped}`,
    )
    const main = looks.filter(({ thread }) => thread === 0)
    const series = (of: (look: Look) => number): Point[] => main.map((look) => [look.at, of(look) / mb])
    const tell = (what: string, points: readonly Point[]): number => {
      const { slope, noise } = slopeOf(points)
      const [first, last] = [points[0]?.[1] ?? 0, points.at(-1)?.[1] ?? 0]
      console.log(
        `  ${what}: ${slope.toFixed(2)} ± ${noise.toFixed(2)} MB/h, from ${first.toFixed(1)} to ${last.toFixed(1)} MB`,
      )
      return Math.max(0, slope - noise)
    }
    const judge = (what: string, points: readonly Point[], target: string) => {
      const name = `soak at ${streams * framesPerSecond} pictures/s: ${what}, slope beyond its noise`
      row({ name, value: tell(what, points), unit: 'MB/h', target, baseline: null })
    }
    judge(
      'live data of the app',
      series(({ data }) => data),
      '<= 1',
    )
    judge(
      'its buffers outside of the heap',
      series(({ external }) => external),
      '<= 1',
    )
    tell(
      'compiled code',
      series(({ code }) => code),
    )
    judge(
      'resident memory of the app',
      series(({ resident }) => resident),
      '<= 1',
    )
    judge('resident memory of the page', page, '<= 1')
    row({ name: 'soak: pictures dropped', value: dropped, unit: '', target: '<= 0', baseline: null })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
