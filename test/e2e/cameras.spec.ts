/** RTSP cameras on a wall, seen by a person: pictures that move and never go back, a stall that does not look live, and what is lost is counted. */
import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { decode } from 'jpeg-js'
import type { Api } from '../../src/contract/api.ts'
import { LinkId } from '../../src/contract/links.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { type Client, createClient } from '../../src/rpc/client.ts'
import { webSocketWire } from '../../src/rpc/web-socket-wire.ts'
import { type RtspSim, startRtsp } from '../sim/rtsp/server.ts'
import { test as base, expect, type NodeSite } from './fixtures.ts'
import { go } from './pages.ts'

const test = base.extend<{ cameras: readonly RtspSim[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  cameras: async ({}, use) => {
    const sims = await Promise.all([1, 2, 3, 4].map((seed) => startRtsp({ seed })))
    await use(sims)
    await Promise.all(sims.map((sim) => sim.close()))
  },
})

// Four decoders beside another spec's on two processors take their time.
test.describe.configure({ timeout: 120_000 })

/** Frames of the simulated camera's clip; its numbers begin again after them. */
const clipFrames = 300
const soon = { timeout: 30_000 }

async function dial(site: NodeSite): Promise<Client<Api>> {
  const { url, token } = await site.app.ready
  const wire = () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`))
  const client = createClient<Api>(wire, { version: apiVersion, token })
  await new Promise<void>((resolve) => {
    client.onStatus((status) => status.is === 'ready' && resolve())
  })
  return client
}

/** The links a person would add by hand on the Links screen, one for each camera. */
async function connect(site: NodeSite, cameras: readonly RtspSim[]): Promise<void> {
  const client = await dial(site)
  for (const [n, camera] of cameras.entries()) {
    const id = LinkId.parse(`rtsp-${n}`)
    const shared = { id, name: `Dock ${n + 1}`, enabled: true, location: '', ladder: 'lan' as const }
    await client.call('links.save', {
      profile: { ...shared, driver: 'rtsp-camera' as const, url: camera.url },
    })
  }
  client.close()
}

function tileOf(page: Page, n: number): Locator {
  return page.getByRole('article').and(page.locator(`[data-camera^="rtsp-${n}/"]`))
}

/** The numbers painted into so many pictures that are shown one after the other, read off the screen's pixels. */
function numbersShown(tile: Locator, count = 20): Promise<number[]> {
  return tile.locator('[data-live-picture]').evaluate((element, many) => {
    if (!(element instanceof HTMLCanvasElement || element instanceof HTMLVideoElement))
      throw new Error('no picture')
    const strip = Object.assign(document.createElement('canvas'), { width: 160, height: 8 })
    const context = strip.getContext('2d', { willReadFrequently: true })
    return new Promise<number[]>((resolve) => {
      const numbers: number[] = []
      const look = () => {
        context?.drawImage(element, 0, 0, 640, 32, 0, 0, 160, 8)
        const data = context?.getImageData(0, 0, 160, 8).data
        let number = 0
        for (let bit = 0; bit < 16; bit += 1)
          number = number * 2 + ((data?.[(4 * 160 + bit * 10 + 5) * 4] ?? 0) > 127 ? 1 : 0)
        if (number !== numbers.at(-1)) numbers.push(number)
        if (numbers.length < many) requestAnimationFrame(look)
        else resolve(numbers)
      }
      look()
    })
  }, count)
}

/** How far the numbers went; throws where one went back. */
function advance(numbers: readonly number[]): number {
  let sum = 0
  for (const [at, number] of numbers.entries()) {
    expect(number).toBeLessThan(clipFrames)
    if (at === 0) continue
    const step = (number - (numbers[at - 1] ?? 0) + clipFrames) % clipFrames
    expect(step, `${numbers[at - 1]} → ${number} is no step back`).toBeLessThan(clipFrames / 2)
    sum += step
  }
  return sum
}

/** What the tile's head says when the pointer rests on its figures. */
async function figures(tile: Locator): Promise<string> {
  return (await tile.locator('header [title*="Not shown"]').getAttribute('title')) ?? ''
}

async function lookAt(
  site: NodeSite,
  cameras: readonly RtspSim[],
  before?: (page: Page) => Promise<unknown>,
) {
  await site.camera('Gate camera')
  await connect(site, cameras)
  const screen = await site.screen()
  if (before !== undefined) {
    await before(screen)
    await screen.reload()
  }
  await go(screen, 'Cameras')
  return screen
}

test('a wall of four moves, and no picture is older than the one before', { tag: '@node' }, async ({
  site,
  cameras,
}) => {
  const screen = await lookAt(site, cameras)
  for (const n of cameras.keys()) {
    const tile = tileOf(screen, n)
    await expect(tile).toHaveAttribute('data-picture', 'live', soon)
    expect(advance(await numbersShown(tile)), `camera ${n}`).toBeGreaterThanOrEqual(19)
  }
  const said = await figures(tileOf(screen, 0))
  expect(said).toMatch(/H\.264 \(avc1\.[0-9A-F]{6}\)/i)
  await expect(tileOf(screen, 0).getByText('640×480')).toBeVisible()
  expect(cameras.every((camera) => camera.playing === 1)).toBe(true)
  // Nobody looks: nothing is fetched any more.
  await go(screen, 'History')
  await expect.poll(() => cameras.map((camera) => camera.playing), soon).toEqual([0, 0, 0, 0])
})

test('a camera that stalls does not look live, and is live again when it goes on', { tag: '@node' }, async ({
  site,
  cameras,
}) => {
  const screen = await lookAt(site, cameras.slice(0, 2))
  const [stalled, other] = [tileOf(screen, 0), tileOf(screen, 1)]
  await expect(stalled).toHaveAttribute('data-picture', 'live', soon)
  await expect(other).toHaveAttribute('data-picture', 'live', soon)
  const [camera] = cameras
  if (camera === undefined) throw new Error('no camera')
  camera.faults.stall = true
  await expect(stalled).toHaveAttribute('data-picture', /late|lost/, soon)
  await expect(stalled).toHaveAttribute('data-picture', 'lost', soon)
  await expect(stalled.getByText(/No picture for/)).toBeVisible()
  await expect(other).toHaveAttribute('data-picture', 'live')
  camera.faults.stall = false
  await expect(stalled).toHaveAttribute('data-picture', 'live', soon)
  expect(advance(await numbersShown(stalled))).toBeGreaterThanOrEqual(19)
})

test('a screen that is busy for seconds counts what it did not show, and goes on at a key frame', {
  tag: '@node',
}, async ({ site, cameras }) => {
  const screen = await lookAt(site, cameras.slice(0, 1))
  const tile = tileOf(screen, 0)
  await expect(tile).toHaveAttribute('data-picture', 'live', soon)
  const passedOver = async () =>
    Number(
      /(\d+)$/m.exec(
        (await figures(tile)).split('\n').find((line) => line.startsWith('Not shown')) ?? '',
      )?.[1] ?? 0,
    )
  const before = await passedOver()
  await screen.evaluate(() => {
    const until = performance.now() + 4000
    while (performance.now() < until);
  })
  await expect.poll(passedOver, soon).toBeGreaterThan(before + 30)
  await expect(tile).toHaveAttribute('data-picture', 'live', soon)
  expect(advance(await numbersShown(tile))).toBeGreaterThanOrEqual(19)
})

test('moves on a canvas too, where a browser cannot be fed with video', { tag: '@node' }, async ({
  site,
  cameras,
}) => {
  const screen = await lookAt(site, cameras.slice(0, 1), (page) =>
    page.addInitScript(() => Reflect.deleteProperty(window, 'MediaStreamTrackGenerator')),
  )
  const tile = tileOf(screen, 0)
  await expect(tile).toHaveAttribute('data-picture', 'live', soon)
  await expect(tile.locator('canvas[data-live-picture]')).toBeVisible()
  expect(advance(await numbersShown(tile))).toBeGreaterThanOrEqual(19)
})

test('says in words why a browser that cannot decode shows nothing', { tag: '@node' }, async ({
  site,
  cameras,
}) => {
  const screen = await lookAt(site, cameras.slice(0, 1), (page) =>
    page.addInitScript(() => Reflect.deleteProperty(window, 'VideoDecoder')),
  )
  const tile = tileOf(screen, 0)
  await expect(tile).toHaveAttribute('data-picture', 'lost', soon)
  await expect(tile.getByText(/browsers decode video only on the machine itself or over HTTPS/)).toBeVisible()
})

test('a picture of it is saved from what is shown, and who saved it is recorded', { tag: '@node' }, async ({
  site,
  cameras,
}) => {
  const screen = await lookAt(site, cameras.slice(0, 1))
  const tile = tileOf(screen, 0)
  await expect(tile).toHaveAttribute('data-picture', 'live', soon)
  const coming = screen.waitForEvent('download')
  await tile.getByRole('button', { name: /^Dock 1/ }).press('p')
  const download = await coming
  expect(download.suggestedFilename()).toMatch(/^Dock 1_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\+0700\.jpg$/)
  const { width, height, data } = decode(readFileSync(await download.path()))
  expect([width, height]).toEqual([640, 480])
  const level = (x: number, y: number) => data[(y * width + x) * 4] ?? 0
  const isSharp = Array.from({ length: 16 }, (_, bit) => level(bit * 40 + 20, 16)).every(
    (luma) => luma < 60 || luma > 190,
  )
  expect(isSharp, 'the painted number can be read in the file').toBe(true)
  const client = await dial(site)
  const { entries } = await client.call('timeline.recent', { limit: 50 })
  client.close()
  expect(entries.map(({ text }) => text).join('\n')).toMatch(/Dock 1: snapshot taken by/)
})
