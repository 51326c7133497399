/** The built app with simulated RTSP cameras and walls of them, and a browser that shows one. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Api } from '../src/contract/api.ts'
import { CameraId, type Wall } from '../src/contract/cameras.ts'
import { LinkId } from '../src/contract/links.ts'
import { apiVersion } from '../src/contract/version.ts'
import { type Client, createClient } from '../src/rpc/client.ts'
import { webSocketWire } from '../src/rpc/web-socket-wire.ts'
import { type Headless, startHeadless } from '../test/fakes/headless.ts'
import type { CamerasReady, Sent } from './cameras-sim.ts'
import { type OwnBrowser, openBrowser } from './own-browser.ts'

/** A usual one: on nine tiles and more a picture is smaller than it comes. */
export const screen = { width: 1920, height: 1080 }

export class Sims {
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

export async function clientOf(app: Headless): Promise<Client<Api>> {
  const { url, token } = await app.ready
  const dial = () => webSocketWire(new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/rpc`))
  const client = createClient<Api>(dial, { version: apiVersion, token })
  await new Promise<void>((resolve) => {
    client.onStatus((status) => status.is === 'ready' && resolve())
  })
  return client
}

/** Adds the cameras as links, and one wall for each count. */
async function connect(app: Headless, urls: readonly string[], counts: readonly number[]): Promise<void> {
  const client = await clientOf(app)
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
  const known = await camerasOf(client, urls.length)
  const inOrder = urls.map(
    (_, n) => known.find((id) => id.startsWith(`rtsp-${n}/`)) ?? CameraId.parse('none/none'),
  )
  for (const count of counts) await client.call('walls.save', { wall: wallOf(count, inOrder) })
  client.close()
}

export function camerasOf(client: Client<Api>, count: number): Promise<CameraId[]> {
  return new Promise((resolve) => {
    client.table('cameras', (rows) => {
      if (rows.size === count) resolve([...rows.values()].map(({ id }) => id))
    })
  })
}

function wallOf(count: number, cameras: readonly CameraId[]): Wall {
  const columns = Math.ceil(Math.sqrt(count))
  const tiles = cameras
    .slice(0, count)
    .map((camera, n) => ({ camera, column: n % columns, row: Math.floor(n / columns), span: 1 }))
  return { id: `bench-${count}`, name: `Bench ${count}`, columns, tiles }
}

export async function openWall(app: Headless, count: number): Promise<OwnBrowser> {
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

export interface WithCameras {
  readonly streams: number
  readonly framesPerSecond: number
  /** Tiles of each wall. */
  readonly walls: readonly number[]
  readonly env?: Readonly<Record<string, string>>
}

export async function withCameras<T>(
  { streams, framesPerSecond, walls, env = {} }: WithCameras,
  use: (app: Headless, sims: Sims, urls: readonly string[]) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const sims = new Sims(streams, framesPerSecond)
  const { urls } = await sims.ready
  const app = await startHeadless({ dataDir, flags: ['--log-level', 'warn'], env })
  try {
    await connect(app, urls, walls)
    return await use(app, sims, urls)
  } finally {
    await app.stop()
    sims.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
