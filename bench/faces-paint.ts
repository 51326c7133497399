/**
 * From the face server's result to the box on the screen: the built app, the page in a browser nobody is attached to, a camera of 30
 * pictures a second and a server that looks at nothing and finds a face in another place each time, so that a box tells which result
 * it is of. Between all of them are real sockets. Times are the machine's own clock, which all processes share: what `performance` counts
 * from is that clock as it was when each began, and it was seen to move by 6 ms within a minute.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { LinkId } from '../src/contract/links.ts'
import { planFor } from '../src/contract/plans.ts'
import { ensureBuilt, startHeadless } from '../test/fakes/headless.ts'
import { counterLeft, counterPlaces } from '../test/sim/owt/options.ts'
import { startOwt } from '../test/sim/owt/server.ts'
import { camerasOf, clientOf } from './cameras-wall.ts'
import { openBrowser } from './own-browser.ts'
import { type Area, percentile } from './report.ts'

const perSecond = 30
const serverMs = 10
const settleMs = 4000
const measuredMs = Number(process.env.FACES_MS ?? 30_000)
/** Results of which the 99th hundredth says something. */
const leastResults = 300
const [faces, yard] = [LinkId.parse('faces'), LinkId.parse('yard')]

/** A solid box: its left edge, of the picture's width; when it was drawn, when the page was, and the refresh after; epoch ms. */
type Painted = readonly (readonly [left: number, at: number, pageAt: number, refreshAt: number])[]

declare global {
  interface Window {
    watchfloorPainted?: [number, number, number, number][]
    watchfloorPaintedDone?: boolean
  }
}

/** In the page, before anything of it runs: every solid box the overlay draws, and the refresh of the screen that takes it there. */
function watchBoxes([after, during]: readonly [number, number]): void {
  const painted: [number, number, number, number][] = []
  window.watchfloorPainted = painted
  const { strokeRect } = CanvasRenderingContext2D.prototype
  const begun = performance.now() + after
  setTimeout(() => {
    window.watchfloorPaintedDone = true
  }, after + during)
  CanvasRenderingContext2D.prototype.strokeRect = function (x, y, width, height) {
    strokeRect.call(this, x, y, width, height)
    // A box is two strokes, its dark edge and its line: the second ends it.
    const isLine = this.strokeStyle !== '#0c0e10'
    if (!isLine || this.getLineDash().length > 0 || performance.now() < begun) return
    if (window.watchfloorPaintedDone || !(this.canvas instanceof HTMLCanvasElement)) return
    const one: [number, number, number, number] = [x / this.canvas.width, Date.now(), 0, 0]
    painted.push(one)
    requestAnimationFrame(() => {
      one[2] = Date.now()
      requestAnimationFrame((frameAt) => {
        one[3] = Date.now() - performance.now() + frameAt
      })
    })
  }
}

async function startCamera() {
  const jpeg = readFileSync(join(import.meta.dirname, '../test/assets/faces/collins-640.jpg'))
  const viewers = new Set<ServerResponse>()
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
    viewers.add(response)
    response.on('close', () => viewers.delete(response))
  })
  const head = `--frame\r\ncontent-type: image/jpeg\r\ncontent-length: ${jpeg.length}\r\n\r\n`
  const part = Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')])
  const timer = setInterval(() => {
    for (const viewer of viewers) viewer.write(part)
  }, 1000 / perSecond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      clearInterval(timer)
      server.closeAllConnections()
      server.close()
    },
  }
}

async function openCamera(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.evaluate(() => localStorage.setItem('watchfloor.view', JSON.stringify('cameras')))
  await page.addInitScript(watchBoxes, [settleMs, measuredMs] as const)
  await page.goto(url)
  await page.locator('canvas[data-overlay]').waitFor({ timeout: 30_000 })
}

export const run: Area = async (row) => {
  ensureBuilt()
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const camera = await startCamera()
  const said: number[] = []
  const sim = await startOwt({
    finds: 'counter',
    speaks: 'document',
    latencyMs: serverMs,
    answered: (picture) => {
      said[picture] = Date.now()
    },
  })
  const app = await startHeadless({ dataDir: join(dataDir, 'data'), flags: ['--log-level', 'warn'] })
  const client = await clientOf(app)
  const browser = await openBrowser({ width: 1280, height: 800 })
  try {
    const base = { enabled: true, ladder: 'lan' } as const
    await client.call('links.save', {
      profile: { ...base, id: yard, driver: 'mjpeg-camera', name: 'Yard', url: camera.url, location: '' },
    })
    await client.call('links.save', {
      profile: {
        ...base,
        id: faces,
        driver: 'owt-client',
        name: 'Faces',
        url: sim.url,
        dialect: 'document',
        boxFormat: 'auto',
        zone: 'utc',
      },
    })
    const [id] = await camerasOf(client, 1)
    if (id === undefined) throw new Error('no camera')
    await client.call('plans.save', {
      plan: { ...planFor(id), faces: 'server', faceLink: faces, facesPerSecond: perSecond },
    })
    await openCamera(await browser.attach(), (await app.ready).url)
    await browser.detach()
    await sleep(settleMs)
    const before = sim.counts.answers
    await sleep(measuredMs)
    const answers = sim.counts.answers - before
    await sleep(500)
    const page = await browser.attach()
    await page.waitForFunction(() => window.watchfloorPaintedDone)
    const painted: Painted = await page.evaluate(() => window.watchfloorPainted ?? [])
    const took = painted.flatMap(([left, at, pageAt, refreshAt]) => {
      const picture = said.findLastIndex(
        (saidAt, n) => saidAt <= at && Math.abs(counterLeft(n) - left) < 0.004,
      )
      const saidAt = said[picture]
      return saidAt === undefined || refreshAt === 0
        ? []
        : [{ drawn: at - saidAt, page: pageAt - saidAt, refresh: refreshAt - saidAt }]
    })
    if (took.length < Math.min(leastResults, counterPlaces))
      throw new Error(`${took.length} boxes were painted`)
    const spread = (of: 'drawn' | 'page' | 'refresh') => {
      const all = took.map((one) => one[of])
      return `p50 ${percentile(all, 50).toFixed(1)} p99 ${percentile(all, 99).toFixed(1)} ms`
    }
    console.log(
      `  ${answers} results, ${took.length} painted: drawn ${spread('drawn')}, page ${spread('page')}, next refresh ${spread('refresh')}`,
    )
    row({
      name: 'faces: result leaves the server → its box is on the screen, p99',
      value: percentile(
        took.map(({ page: ms }) => ms),
        99,
      ),
      unit: 'ms',
      target: '<= 33',
      baseline: null,
    })
  } finally {
    await browser.close()
    client.close()
    await app.stop()
    await sim.close()
    camera.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
