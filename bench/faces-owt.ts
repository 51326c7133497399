/**
 * The loop to a face server that answers in 10 ms: the built app in a process of its own, a screen that has 30 pictures a second to
 * send, and real sockets between all three. The server looks at nothing, so that what is measured is the app.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../src/contract/api.ts'
import type { CameraId } from '../src/contract/cameras.ts'
import { LinkId, type LinkProfile } from '../src/contract/links.ts'
import { planFor } from '../src/contract/plans.ts'
import { apiVersion } from '../src/contract/version.ts'
import { type Client, createClient } from '../src/rpc/client.ts'
import { webSocketWire } from '../src/rpc/web-socket-wire.ts'
import { ensureBuilt, type Headless, startHeadless } from '../test/fakes/headless.ts'
import { startOwt } from '../test/sim/owt/server.ts'
import { cpuSeconds } from './processes.ts'
import { type Area, percentile } from './report.ts'

const perSecond = 30
const serverMs = 10
const warmUpMs = 3000
const measuredMs = Number(process.env.FACES_MS ?? 30_000)

const faces = LinkId.parse('faces')
const still = LinkId.parse('still')

async function screenOf(app: Headless): Promise<Client<Api>> {
  const { url, token } = await app.ready
  const address = `${new URL(url).origin.replace('http', 'ws')}/rpc`
  const client = createClient<Api>(() => webSocketWire(new WebSocket(address)), {
    version: apiVersion,
    token,
  })
  await new Promise<void>((resolve) => {
    const stop = client.onStatus(({ is }) => {
      if (is !== 'ready') return
      queueMicrotask(() => stop())
      resolve()
    })
  })
  return client
}

/** The first row that fits; the table tells each change. */
function cameraRow(client: Client<Api>): Promise<CameraId> {
  return new Promise((resolve) => {
    const stop = client.table('cameras', (rows) => {
      const [row] = rows.values()
      if (row === undefined) return
      queueMicrotask(() => stop())
      resolve(row.id)
    })
  })
}

interface Sending {
  readonly results: number[]
  readonly tookMs: number[]
  passedOver: number
  stop(): void
}

/** A picture is due every thirtieth of a second; one that finds no room is passed over when the next is due. */
function send(client: Client<Api>, camera: CameraId, jpeg: Uint8Array): Sending {
  const results: number[] = []
  const tookMs: number[] = []
  const sentAt = new Map<number, number>()
  let frame = 0
  let isDue = false
  const sending: Sending = { results, tookMs, passedOver: 0, stop }
  const upload = client.upload('analysis.frames', { camera }, { onRoom: offer })
  const stopFeed = client.feed(
    'faces.found',
    { id: camera },
    (found) => {
      for (const { frame } of found.results) {
        const at = frame === null ? undefined : sentAt.get(frame)
        if (frame === null || at === undefined) continue
        for (const older of sentAt.keys()) if (older <= frame) sentAt.delete(older)
        tookMs.push(performance.now() - at)
        results.push(performance.now())
      }
    },
    undefined,
    { ahead: 4 },
  )
  function offer(): void {
    if (!isDue || upload.room === 0) return
    isDue = false
    frame += 1
    sentAt.set(frame, performance.now())
    const excerpt = { box: { x: 0, y: -1 / 6, width: 1, height: 4 / 3 } }
    upload.send({ frame, receivedAt: Date.now(), widthPx: 640, heightPx: 640, excerpt }, jpeg)
  }
  // Due times are of the start, not of the last one: a late timer must not make the pace slower.
  const startedAt = performance.now()
  let due = 0
  const tick = setInterval(() => {
    const shouldBe = Math.floor(((performance.now() - startedAt) * perSecond) / 1000)
    while (due < shouldBe) {
      due += 1
      if (isDue) sending.passedOver += 1
      isDue = true
      offer()
    }
  }, 2)
  function stop(): void {
    clearInterval(tick)
    stopFeed()
    upload.close()
  }
  return sending
}

export const run: Area = async (row) => {
  ensureBuilt()
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const jpeg = readFileSync(join(import.meta.dirname, '../test/assets/faces/collins-640.jpg'))
  const sim = await startOwt({ finds: 'header', speaks: 'deployed', latencyMs: serverMs })
  const app = await startHeadless({ dataDir: join(dataDir, 'data'), flags: ['--log-level', 'warn'] })
  const client = await screenOf(app)
  try {
    const path = join(import.meta.dirname, '../test/assets/faces/collins-640.jpg')
    const camera: LinkProfile = {
      id: still,
      driver: 'still-camera',
      name: 'Still',
      enabled: true,
      path,
      framesPerSecond: 1,
      location: '',
    }
    const server: LinkProfile = {
      id: faces,
      driver: 'owt-client',
      name: 'Faces',
      enabled: true,
      url: sim.url,
      dialect: 'deployed',
      boxFormat: 'auto',
      ladder: 'lan',
      zone: 'utc',
    }
    await client.call('links.save', { profile: camera })
    await client.call('links.save', { profile: server })
    const id = await cameraRow(client)
    const plan = { ...planFor(id), faces: 'server' as const, faceLink: faces, facesPerSecond: perSecond }
    await client.call('plans.save', { plan })
    const stopDesk = client.feed('analysis.tasks', { decodesVideo: false }, () => {})
    const sending = send(client, id, jpeg)
    await sleep(warmUpMs)
    const before = { pictures: sim.counts.pictures, cpu: cpuSeconds(app.pid), at: performance.now() }
    const first = sending.results.length
    await sleep(measuredMs)
    const seconds = (performance.now() - before.at) / 1000
    const pictureRate = (sim.counts.pictures - before.pictures) / seconds
    const cpu = ((cpuSeconds(app.pid) - before.cpu) / seconds) * 100
    const tookMs = sending.tookMs.slice(first)
    sending.stop()
    stopDesk()
    if (tookMs.length === 0) throw new Error('no result came back')
    row({
      name: `OWT loop, server of ${serverMs} ms: pictures sent a second, of ${perSecond} due`,
      value: pictureRate,
      unit: 'pictures/s',
      // Half a picture a second is the start and the end of the time they are counted in.
      target: '>= 29.9',
      baseline: null,
    })
    row({
      name: 'OWT loop: CPU of the app, all of it',
      value: cpu,
      unit: '% of a core',
      target: '<= 35',
      baseline: null,
    })
    row({
      name: `OWT loop: from the screen and back, p99 (${serverMs} ms of it the server)`,
      value: percentile(tookMs, 99),
      unit: 'ms',
      target: '<= 100',
      baseline: null,
    })
  } finally {
    client.close()
    await app.stop()
    await sim.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
