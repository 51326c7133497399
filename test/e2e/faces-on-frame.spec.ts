/**
 * Boxes stand on the picture they were found in: a camera whose patch is somewhere else in every picture, a face server that finds the
 * patch in what it is sent, and the page's own canvas read back. A solid box that is not around the patch is another picture's.
 */
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encode } from 'jpeg-js'
import type { Api } from '../../src/contract/api.ts'
import { CameraId } from '../../src/contract/cameras.ts'
import { LinkId } from '../../src/contract/links.ts'
import { planFor } from '../../src/contract/plans.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { createClient } from '../../src/rpc/client.ts'
import { webSocketWire } from '../../src/rpc/web-socket-wire.ts'
import { patchColour } from '../sim/owt/look.ts'
import { startOwt } from '../sim/owt/server.ts'
import { expect, test } from './fixtures.ts'

const [widthPx, heightPx, sidePx, topPx] = [320, 240, 48, 96]
const picturesPerSecond = 10
/** `FACES_WANTED` for a quick look. */
const wanted = Number(process.env.FACES_WANTED ?? 1000)
/** From one picture to the next: no two neighbours, and none of the last dozen, are nearer than this. */
const stepPx = 61

/** One JPEG per place of the patch. */
const film = Array.from({ length: 34 }, (_, n) => {
  const data = Buffer.alloc(widthPx * heightPx * 4, 40)
  const left = (n * stepPx) % (widthPx - sidePx)
  const [red, green, blue] = patchColour(30)
  for (let y = topPx; y < topPx + sidePx; y++)
    for (let x = left; x < left + sidePx; x++) data.set([red, green, blue, 255], (y * widthPx + x) * 4)
  return encode({ data, width: widthPx, height: heightPx }, 92).data
})

async function startCamera(): Promise<{ readonly url: string; close(): void }> {
  const viewers = new Set<ServerResponse>()
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' })
    viewers.add(response)
    response.on('close', () => viewers.delete(response))
  })
  let sent = 0
  const timer = setInterval(() => {
    const jpeg = film[sent++ % film.length] ?? Buffer.alloc(0)
    for (const viewer of viewers) {
      viewer.write(`--frame\r\ncontent-type: image/jpeg\r\ncontent-length: ${jpeg.length}\r\n\r\n`)
      viewer.write(jpeg)
      viewer.write('\r\n')
    }
  }, 1000 / picturesPerSecond)
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

test('1,000 pictures with a box: every box is around what is in that very picture', {
  tag: '@node',
}, async ({ site }) => {
  test.setTimeout(60_000 + wanted * 450)
  const camera = await startCamera()
  const faceServer = await startOwt({ latencyMs: [5, 30], finds: 'patches' })
  const { url, token } = await site.app.ready
  const client = createClient<Api>(
    () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`)),
    { version: apiVersion, token },
  )
  try {
    await expect.poll(() => client.status.is).toBe('ready')
    const [yard, owt] = [LinkId.parse('yard'), LinkId.parse('owt')]
    const base = { enabled: true, ladder: 'lan' } as const
    await client.call('links.save', {
      profile: { ...base, id: yard, driver: 'mjpeg-camera', name: 'Yard', url: camera.url, location: '' },
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
    let figures = ''
    client.table('analysis.now', (rows) => {
      figures = JSON.stringify([...rows.values()][0]?.faces)
    })
    const known = new Set<string>()
    client.table('cameras', (rows) => {
      for (const id of rows.keys()) known.add(id)
    })
    await expect.poll(() => known.size, { timeout: 20_000 }).toBe(1)
    const [id = ''] = known
    await client.call('plans.save', {
      plan: {
        ...planFor(CameraId.parse(id)),
        faces: 'server',
        faceLink: owt,
        facesPerSecond: picturesPerSecond,
      },
    })
    const page = await site.screen('operator')
    await page.keyboard.press('2')
    if ((await page.locator('canvas[data-overlay]').count()) === 0)
      await page
        .getByRole('link', { name: /Cameras/ })
        .or(page.getByRole('button', { name: /Cameras/ }))
        .first()
        .click()
    await expect(page.locator('canvas[data-overlay]')).toBeVisible({ timeout: 20_000 })
    // In words too, for who cannot see the boxes.
    const words = page.getByRole('list', { name: 'Faces seen' }).getByRole('listitem')
    await expect(words.first()).toHaveText(/\S/, { timeout: 60_000 })

    const counted = await page.evaluate(readCanvas, { wanted, midPx: topPx + sidePx / 2, sidePx })
    console.log(
      `pictures with a solid box ${counted.boxed}, mismatches ${counted.wrong.length}, without ${counted.plain}; at the end ${figures}`,
    )
    expect(counted.wrong).toEqual([])
    expect(counted.boxed).toBeGreaterThanOrEqual(wanted)
  } finally {
    client.close()
    camera.close()
    await faceServer.close()
  }
})

interface Asked {
  readonly wanted: number
  readonly midPx: number
  readonly sidePx: number
}

/** In the page: one row of pixels through the patch, at every refresh, until enough pictures with a solid box were seen. */
function readCanvas({ wanted, midPx, sidePx }: Asked) {
  const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-overlay]')
  const context = canvas?.getContext('2d')
  if (!canvas || !context) throw new Error('no canvas with an overlay')
  return new Promise<{ boxed: number; plain: number; wrong: string[] }>((resolve) => {
    let [boxed, plain, lastLeft, lastBoxed] = [0, 0, -100, false]
    const wrong: string[] = []
    const endAt = performance.now() + 20_000 + wanted * 400
    const look = () => {
      if (boxed >= wanted || performance.now() > endAt) return resolve({ boxed, plain, wrong })
      requestAnimationFrame(look)
      // The canvas is a whole number of times as large as the picture.
      const times = canvas.width / 320
      if (!Number.isInteger(times)) return
      const row = context.getImageData(0, midPx * times, canvas.width, 1).data
      let [left, right, lineLeft, lineRight] = [-1, -1, -1, -1]
      for (let x = 0; x < 320; x++) {
        // The box's line lies over the middle of a picture's pixel or beside it.
        let [r, g, b] = [0, 0, 0]
        for (let at = x * times; at < (x + 1) * times; at++) {
          const isLine = (row[at * 4 + 1] ?? 0) > g
          if (isLine || at === x * times) [r = 0, g = 0, b = 0] = row.subarray(at * 4, at * 4 + 3)
        }
        if (r > 180 && b > 180 && g < 110) {
          if (left === -1) left = x
          right = x
        }
        // Full strength, white or light blue: what is dashed is faint.
        if (r > 145 && g > 195 && b > 235) {
          if (lineLeft === -1) lineLeft = x
          lineRight = x
        }
      }
      if (left === -1) return
      const isBoxed = lineLeft !== -1
      // The same picture as at the last refresh.
      if (Math.abs(left - lastLeft) <= 3 && isBoxed === lastBoxed) return
      lastLeft = left
      lastBoxed = isBoxed
      if (!isBoxed) {
        plain++
        return
      }
      boxed++
      const isAround =
        Math.abs(lineLeft - left) <= 8 && Math.abs(lineRight - right) <= 8 && right - left <= sidePx + 8
      if (!isAround) wrong.push(`patch ${left}–${right}, box ${lineLeft}–${lineRight}`)
    }
    look()
  })
}
