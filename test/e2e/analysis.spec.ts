/**
 * Pictures looked at by a screen: it decodes them in its worker and sends them to a face server as fast as asked; another screen takes
 * over when it leaves; a silent server has the engine of this machine stand in, and gets the work back when it answers again.
 */

import type { AnalysisNow } from '../../src/contract/analysis.ts'
import type { Api } from '../../src/contract/api.ts'
import { CameraId } from '../../src/contract/cameras.ts'
import type { FacesNow } from '../../src/contract/faces.ts'
import { LinkId } from '../../src/contract/links.ts'
import { type CameraPlan, planFor } from '../../src/contract/plans.ts'
import { apiVersion } from '../../src/contract/version.ts'
import { type Client, createClient } from '../../src/rpc/client.ts'
import { webSocketWire } from '../../src/rpc/web-socket-wire.ts'
import { type OpenEyeSim, startOpenEye } from '../sim/openeye/server.ts'
import { type OwtSim, startOwt } from '../sim/owt/server.ts'
import { startRtsp } from '../sim/rtsp/server.ts'
import { test as base, expect, type NodeSite } from './fixtures.ts'
import { go } from './pages.ts'

const owt = LinkId.parse('owt')
const gate = LinkId.parse('gate')
const door = CameraId.parse('gate/front_door')
const lobby = CameraId.parse('gate/lobby')
const fps = 10

interface Watched {
  readonly client: Client<Api>
  now(camera?: CameraId): AnalysisNow | undefined
  faces(camera?: CameraId): FacesNow | undefined
  link(id: LinkId): string | undefined
  readonly cameras: ReadonlySet<string>
  plan(camera: CameraId, more: Partial<CameraPlan>): Promise<unknown>
}

/** What the app says, asked by a program with the admin's token: the screens under test show other things. */
async function watch(site: NodeSite): Promise<Watched> {
  const { url, token } = await site.app.ready
  const address = `${new URL(url).origin.replace('http', 'ws')}/rpc`
  const client = createClient<Api>(() => webSocketWire(new WebSocket(address)), {
    version: apiVersion,
    token,
  })
  let analysis: ReadonlyMap<string, AnalysisNow> = new Map()
  let faces: ReadonlyMap<string, FacesNow> = new Map()
  const states = new Map<string, string>()
  client.table('analysis.now', (rows) => (analysis = rows))
  client.table('faces.now', (rows) => (faces = rows))
  const cameras = new Set<string>()
  client.table('cameras', (rows) => {
    for (const id of rows.keys()) cameras.add(id)
  })
  client.table('links', (rows) => {
    for (const { id, state } of rows.values()) states.set(id, state.is)
  })
  await expect.poll(() => client.status.is).toBe('ready')
  return {
    client,
    now: (camera = door) => analysis.get(camera),
    faces: (camera = door) => faces.get(camera),
    link: (id) => states.get(id),
    cameras,
    plan: (camera, more) => client.call('plans.save', { plan: { ...planFor(camera), ...more } }),
  }
}

interface Fixtures {
  openEye: OpenEyeSim
  faceServer: OwtSim
  told: Watched
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  openEye: async ({}, use) => {
    const sim = await startOpenEye({ framesPerSecond: fps })
    await use(sim)
    await sim.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs, and this one needs nothing
  faceServer: async ({}, use) => {
    const sim = await startOwt({ latencyMs: 10, finds: 'header' })
    await use(sim)
    await sim.close()
  },
  told: async ({ site, openEye, faceServer }, use) => {
    const told = await watch(site)
    const { client } = told
    const { url, user, password } = openEye
    const ladder = 'lan' as const
    await client.call('links.save', {
      profile: {
        id: gate,
        driver: 'openeye-client',
        name: 'Gatehouse',
        enabled: true,
        url,
        ladder,
        pollMs: 5000,
        zone: 'utc',
        recognitionZone: 'local',
        keepStreams: false,
      },
    })
    await client.call('links.credentials', { id: gate, credentials: { is: 'password', user, password } })
    const zone = 'utc' as const
    await client.call('links.save', {
      profile: {
        id: owt,
        driver: 'owt-client',
        name: 'OWT',
        enabled: true,
        url: faceServer.url,
        dialect: 'document',
        boxFormat: 'auto',
        ladder,
        zone,
      },
    })
    await expect
      .poll(() => [...told.cameras], { timeout: 20_000 })
      .toEqual(expect.arrayContaining([door, lobby]))
    await use(told)
    client.close()
  },
})

// Two browsers' worth of pages and decoding, on a machine that may be busy with other things.
test.describe.configure({ timeout: 120_000 })

const server = { faces: 'server', faceLink: owt, facesPerSecond: fps } as const
const soon = { timeout: 20_000 }

test('sends pictures to a face server as fast as asked, and the results belong to frames', {
  tag: '@node',
}, async ({ site, told, openEye }) => {
  await told.plan(door, server)
  await expect
    .poll(() => told.now()?.faces)
    .toMatchObject({
      by: 'nobody',
      reason: 'No screen is open that can look at pictures',
    })
  // A view without cameras: nobody else has the stream open.
  await go(await site.screen('operator'), 'Links')
  await expect.poll(() => told.now()?.faces.by, soon).toBe('server')
  await expect.poll(() => told.link(owt), soon).toBe('live')
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, soon).toBeGreaterThan(fps * 0.8)
  expect(told.now()?.faces.perSecond).toBeLessThan(fps * 1.2)
  expect(told.now()?.faces.latencyMs).toBeGreaterThanOrEqual(10)
  const first = told.faces()
  expect(first).toMatchObject({ link: owt, frame: expect.any(Number) })
  // The one face the server finds, in the middle of the square: with black above and below it is taller in the picture.
  const { x, y, width, height } = first?.faces[0]?.box ?? { x: 0, y: 0, width: 0, height: 0 }
  expect(x + width / 2).toBeCloseTo(0.5, 2)
  expect(y + height / 2).toBeCloseTo(0.5, 2)
  expect(height / width).toBeCloseTo(4 / 3, 1)
  await expect.poll(() => told.faces()?.frame ?? 0).toBeGreaterThan(first?.frame ?? 0)

  await told.plan(door, { ...server, facesPerSecond: 2 })
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, soon).toBeLessThan(2.5)
  expect(told.now()?.faces.perSecond).toBeGreaterThan(1)
  await told.plan(door, {})
  await expect.poll(() => told.now()).toBeUndefined()
  const still = () => openEye.streams().filter(({ camera }) => camera === 'front_door')
  await expect.poll(still, soon).toEqual([])
})

test('is done by one screen, and by the next when that one is closed', { tag: '@node' }, async ({
  site,
  told,
}) => {
  await told.plan(door, server)
  await told.plan(lobby, server)
  const first = await site.screen('operator')
  await expect.poll(() => told.now()?.analyst, soon).toBe('operator')
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, soon).toBeGreaterThan(fps * 0.8)
  await site.screen('admin')
  await expect
    .poll(() => site.app.log().match(/"event":"screen-joined"/g)?.length ?? 0, soon)
    .toBeGreaterThanOrEqual(5)
  expect(told.now()?.analyst).toBe('operator')
  await first.close()
  await expect.poll(() => told.now()?.analyst).toBe('admin')
  const before = told.faces(lobby)?.frame ?? 0
  await expect.poll(() => told.faces(lobby)?.frame ?? 0, soon).toBeGreaterThan(before)
  await expect.poll(() => told.now(lobby)?.faces.perSecond ?? 0, soon).toBeGreaterThan(fps * 0.8)
})

test('goes on while the page itself has no time for anything', { tag: '@node' }, async ({ site, told }) => {
  await told.plan(door, server)
  const screen = await site.screen('operator')
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, soon).toBeGreaterThan(fps * 0.8)
  let isFree = false
  const busy = screen
    .evaluate(() => {
      const until = performance.now() + 6000
      while (performance.now() < until);
    })
    .then(() => {
      isFree = true
    })
  const before = told.faces()?.frame ?? 0
  await expect.poll(() => told.faces()?.frame ?? 0).toBeGreaterThan(before + 3 * fps)
  expect(isFree).toBe(false)
  await busy
})

test('falls back to the engine of this machine while the server is silent, and returns to it', {
  tag: '@node',
}, async ({ site, told, faceServer }) => {
  // The engine asks whether the model that names people is there; without it faces are found and nobody is named.
  site.expectTrouble(/models\/faceres\.json/)
  await told.plan(door, { ...server, fallback: true })
  await site.screen('operator')
  await expect.poll(() => told.now()?.faces.by, soon).toBe('server')
  await expect.poll(() => told.link(owt), soon).toBe('live')
  // It takes every picture, and says nothing to any.
  faceServer.faults.lose = 1
  await expect
    .poll(() => told.now()?.faces, { timeout: 40_000 })
    .toMatchObject({
      by: 'device',
      reason: 'OWT is silent: faces are found on this machine',
    })
  // Loading the engine takes its time on a busy machine.
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, { timeout: 60_000 }).toBeGreaterThan(0.5)
  const probes = faceServer.counts.pictures
  await expect.poll(() => faceServer.counts.pictures, soon).toBeGreaterThan(probes)
  faceServer.faults.lose = 0
  await expect.poll(() => told.now()?.faces, { timeout: 40_000 }).toMatchObject({ by: 'server', reason: '' })
  await expect.poll(() => told.now()?.faces.perSecond ?? 0, soon).toBeGreaterThan(fps * 0.8)
})

test('looks at video too: every unit is decoded, and as many pictures are sent as asked', {
  tag: '@node',
}, async ({ site, told }) => {
  const sim = await startRtsp()
  const id = LinkId.parse('yard')
  const profile = {
    id,
    driver: 'rtsp-camera',
    name: 'Yard',
    enabled: true,
    url: sim.url,
    location: '',
  } as const
  await told.client.call('links.save', { profile: { ...profile, ladder: 'lan' } })
  const yard = () => [...told.cameras].find((camera) => camera.startsWith('yard/'))
  await expect.poll(yard, soon).toBeDefined()
  const camera = CameraId.parse(yard())
  await told.plan(camera, { ...server, facesPerSecond: 15 })
  await site.screen('operator')
  await expect.poll(() => told.now(camera)?.faces.perSecond ?? 0, soon).toBeGreaterThan(12)
  expect(told.now(camera)?.faces).toMatchObject({ by: 'server', reason: '' })
  expect(told.now(camera)?.faces.perSecond).toBeLessThan(18)
  const before = told.faces(camera)?.frame ?? 0
  await expect.poll(() => told.faces(camera)?.frame ?? 0, soon).toBeGreaterThan(before + 30)
  await sim.close()
})
