/** A saved picture is evidence: of a camera whose faces are boxed on the screen it is what the camera sent, without a box. */
import { readFileSync } from 'node:fs'
import { decode } from 'jpeg-js'
import type { Api } from '../../src/contract/api.ts'
import { CameraId } from '../../src/contract/cameras.ts'
import { LinkId } from '../../src/contract/links.ts'
import { planFor } from '../../src/contract/plans.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { createClient } from '../../src/rpc/client.ts'
import { webSocketWire } from '../../src/rpc/web-socket-wire.ts'
import { startOwt } from '../sim/owt/server.ts'
import { startRtsp } from '../sim/rtsp/server.ts'
import { expect, test } from './fixtures.ts'

/** Pixels in the light blue of a stranger's box, and nearly white ones, as the clip's own figures are. */
function count(data: ArrayLike<number>): { blue: number; white: number } {
  let [blue, white] = [0, 0]
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]]
    if (Math.abs(r - 159) < 25 && Math.abs(g - 208) < 25 && Math.abs(b - 245) < 25) blue += 1
    if (Math.min(r, g, b) > 200) white += 1
  }
  return { blue, white }
}

/** In the page: a canvas has millions of figures, which take a minute on their way to the test. */
function countBlue(element: Element): number {
  const canvas = element as HTMLCanvasElement
  const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
  let blue = 0
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]]
    if (Math.abs(r - 159) < 25 && Math.abs(g - 208) < 25 && Math.abs(b - 245) < 25) blue += 1
  }
  return blue
}

test('a picture saved from video with boxes on it has none', { tag: '@node' }, async ({ site }) => {
  test.setTimeout(90_000)
  const camera = await startRtsp({ framesPerSecond: 10 })
  const faceServer = await startOwt({ latencyMs: 10, finds: 'header', people: [] })
  const { url, token } = await site.app.ready
  const client = createClient<Api>(
    () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`)),
    { version: apiVersion, token },
  )
  try {
    await expect.poll(() => client.status.is).toBe('ready')
    const owt = LinkId.parse('owt')
    const base = { enabled: true, ladder: 'lan' } as const
    await client.call('links.save', {
      profile: {
        ...base,
        id: LinkId.parse('yard'),
        driver: 'rtsp-camera',
        name: 'Yard',
        url: camera.url,
        location: '',
      },
    })
    await client.call('links.save', {
      profile: {
        ...base,
        id: owt,
        driver: 'owt-client',
        name: 'OWT',
        url: faceServer.url,
        dialect: 'document',
        boxFormat: 'auto',
        zone: 'utc',
      },
    })
    const known = new Set<string>()
    client.table('cameras', (rows) => {
      for (const id of rows.keys()) known.add(id)
    })
    await expect.poll(() => known.size, { timeout: 20_000 }).toBe(1)
    const [id = ''] = known
    await client.call('plans.save', {
      plan: { ...planFor(CameraId.parse(id)), faces: 'server', faceLink: owt, facesPerSecond: 10 },
    })
    const page = await site.screen('operator')
    await page.keyboard.press('2')
    const canvas = page.locator('canvas[data-overlay]')
    await expect(canvas).toBeVisible({ timeout: 20_000 })
    const boxed = () => canvas.evaluate(countBlue)
    await expect.poll(boxed, { timeout: 30_000, intervals: [300] }).toBeGreaterThan(200)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('article')
        .filter({ has: canvas })
        .getByRole('button', { name: /^Save picture/ })
        .click({ force: true }),
    ])
    expect(download.suggestedFilename()).toMatch(/_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}[+-]\d{4}\.jpg$/)
    const saved = decode(readFileSync(await download.path()), { useTArray: true })
    expect([saved.width, saved.height]).toEqual([640, 480])
    const found = count(saved.data)
    expect(found.blue).toBe(0)
    expect(found.white).toBeGreaterThan(1000)
    // The screen goes on with boxes; a single picture whose result was late has none.
    await expect.poll(boxed, { timeout: 30_000, intervals: [300] }).toBeGreaterThan(200)
  } finally {
    client.close()
    await camera.close()
    await faceServer.close()
  }
})
