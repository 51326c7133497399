/** Cameras and libraries of people as a screen uses them: real handlers, orders and store; the link's answers are the test's. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Api, api } from '../../../src/contract/api.ts'
import type { CameraId, FrameHeader } from '../../../src/contract/cameras.ts'
import type { PersonPhoto } from '../../../src/contract/faces.ts'
import type { Fault } from '../../../src/contract/fault.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import type { Rule } from '../../../src/contract/rules.ts'
import { cameraHandlers } from '../../../src/main/api/cameras.ts'
import { faceHandlers } from '../../../src/main/api/faces.ts'
import type { ApiParts } from '../../../src/main/api/parts.ts'
import { createDispatch, type Dispatch } from '../../../src/main/dispatch.ts'
import type { Picture } from '../../../src/main/fact.ts'
import { systemClock } from '../../../src/main/io/clock.ts'
import type { RunningLink } from '../../../src/main/link.ts'
import { longestFrameBytes } from '../../../src/main/live/frames.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import type { Delivery, Order } from '../../../src/main/order.ts'
import { createSiteView } from '../../../src/main/site-view.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import type { Client } from '../../../src/rpc/client.ts'
import { serve } from '../../../src/rpc/server.ts'
import { cameraId, cameraRow, front, linkRow } from './detections.ts'
import { screen } from './screen.ts'

const door = cameraId()
const bytes = Buffer.from([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9])
const picture: Picture = {
  bytes,
  evidence: {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    mime: 'image/jpeg',
    widthPx: 8,
    heightPx: 6,
    sizeBytes: bytes.length,
  },
}
const photos: PersonPhoto[] = [{ file: 'linh.jpg', sizeBytes: 10, addedAt: null }]
const namesLinh: Rule = {
  id: 'door',
  name: 'At the door',
  enabled: true,
  when: { kinds: ['face-recognized'], cameras: [], people: ['Linh'], confidenceAtLeast: 0, hours: null },
  priority: 'high',
  holdOffS: 60,
  instruction: '',
}
const settings = { enabled: true, detectionMethod: 'hog' as const, recognitionThreshold: 0.6 }

let dir: string
let store: Store
let live: Live
let dispatch: Dispatch
let link: RunningLink | undefined
let orders: Order[]
let answer: Delivery
let streams: Set<CameraId>
let clients: Client<Api>[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-cameras-'))
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  orders = []
  streams = new Set()
  clients = []
  answer = { is: 'delivered', roundTripMs: 3, said: 'Training completed with 7 faces' }
  link = {
    cameras: {
      open(camera) {
        streams.add(camera)
        return () => streams.delete(camera)
      },
      snapshot: async () => picture,
    },
    library: { photos: async () => photos, settings: async () => settings },
    async deliver(order) {
      orders.push(order)
      return answer
    },
    retry() {},
    forget() {},
    async close() {},
  }
  live = createLive({ clock: systemClock, refillAlerts: async () => [], sourceOf: () => link?.cameras })
  live.links.set(linkRow(front))
  live.cameras.set(cameraRow(), cameraRow('still', { can: [] }))
  live.people.set({ id: 'front/Linh', link: front, name: 'Linh', photoCount: 1, heardAt: 1 })
  dispatch = createDispatch({
    isUp: () => true,
    store,
    clock: systemClock,
    log: silentLog,
    link: () => link,
    parked() {},
  })
})

afterEach(async () => {
  for (const client of clients) client.close()
  live.frames.close()
  await dispatch.close()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

async function look(role: Role = 'admin'): Promise<Client<Api>> {
  const site = createSiteView({ store, live, running: () => link })
  const links = { running: () => link }
  const parts = { store, live, dispatch, clock: systemClock, links, site } as unknown as ApiParts
  // Only the names of these two are asked for here; the table that needs every name is checked where the app is built.
  const handlers = { ...cameraHandlers(parts), ...faceHandlers(parts) } as Parameters<typeof serve<Api>>[1]
  const client = await screen((wire, session) => serve(api, handlers, wire, session, { onBug: String }), role)
  clients.push(client)
  return client
}

interface Taken {
  readonly header: unknown
  readonly bytes: Uint8Array
}

/** The first frame of a feed, or the fault that ended it. */
function first(
  client: Client<Api>,
  name: 'cameras.frames' | 'cameras.snapshot',
  id: CameraId,
): Promise<Taken | Fault> {
  return new Promise((resolve) => {
    client.feed(name, { id }, (header, frame) => resolve({ header, bytes: frame }), resolve)
  })
}

async function timeline(): Promise<readonly { type: string; by: string | null; text: string }[]> {
  return (await store.timeline(0, 100)).map(({ type, by, text }) => ({ type, by, text }))
}

describe('live pictures', () => {
  it('come over the feed while somebody looks, the newest first', async () => {
    const client = await look('viewer')
    const frames: FrameHeader[] = []
    let wake: () => void = () => {}
    const next = () => new Promise<void>((resolve) => (wake = resolve))
    const opened = next()
    const leave = client.feed('cameras.frames', { id: door }, (header) => {
      frames.push(header)
      wake()
    })
    const push = () =>
      live.frames.push({ type: 'frame-arrived', camera: door, bytes, widthPx: 8, heightPx: 6, receivedAt: 1 })
    const pushing = setInterval(push, 5)
    await opened
    clearInterval(pushing)
    expect(streams.has(door)).toBe(true)
    expect(frames[0]).toMatchObject({ widthPx: 8, trouble: '' })
    live.frames.trouble(door, 'the camera does not answer')
    while (frames.at(-1)?.trouble === '') await next() // a frame may be on its way
    expect(frames.at(-1)).toMatchObject({ trouble: 'the camera does not answer' })
    leave()
  })

  it('are refused for a camera there is not, and one that has none', async () => {
    const client = await look('viewer')
    expect(await first(client, 'cameras.frames', cameraId('none'))).toMatchObject({ code: 'not-found' })
    expect(await first(client, 'cameras.frames', cameraId('still'))).toMatchObject({ code: 'wrong-state' })
  })
})

describe('a picture taken now', () => {
  it('is one frame, and recorded with who took it', async () => {
    const taken = await first(await look('viewer'), 'cameras.snapshot', door)
    expect(taken).toMatchObject({ header: picture.evidence, bytes: new Uint8Array(bytes) })
    expect(await timeline()).toEqual([
      { type: 'camera-changed', by: 'Linh', text: 'Camera door: snapshot taken by Linh' },
    ])
  })

  it('saved by the screen that shows it is recorded too, of a camera that is watched there', async () => {
    const client = await look('viewer')
    await client.call('cameras.snapped', { id: door })
    await expect(client.call('cameras.snapped', { id: cameraId('still') })).rejects.toMatchObject({
      code: 'wrong-state',
    })
    expect(await timeline()).toEqual([
      { type: 'camera-changed', by: 'Linh', text: 'Camera door: snapshot taken by Linh' },
    ])
  })

  it('that is too large for a screen says what to change', async () => {
    const client = await look()
    const huge = { ...picture, bytes: new Uint8Array(4 * 1024 * 1024) }
    link = link && { ...link, cameras: { open: () => () => {}, snapshot: async () => huge } }
    expect(await first(client, 'cameras.snapshot', door)).toMatchObject({ code: 'wrong-state' })
    expect(await timeline()).toEqual([])
  })

  it('carries the largest frame that is let through', async () => {
    const client = await look()
    const large = { ...picture, bytes: new Uint8Array(longestFrameBytes) }
    link = link && { ...link, cameras: { open: () => () => {}, snapshot: async () => large } }
    expect(await first(client, 'cameras.snapshot', door)).toMatchObject({ header: picture.evidence })
  })

  it('is not to be had of a link that is off, or that brings none', async () => {
    const client = await look()
    link = undefined
    expect(await first(client, 'cameras.snapshot', door)).toMatchObject({ code: 'link-down' })
    expect(await first(client, 'cameras.snapshot', cameraId('still'))).toMatchObject({ code: 'wrong-state' })
    expect(await timeline()).toEqual([])
  })
})

describe('a camera', () => {
  it('is switched by an order, and recorded once it is done', async () => {
    const client = await look('operator')
    await client.call('cameras.activate', { id: door, active: false })
    expect(orders).toMatchObject([{ type: 'activate-camera', camera: door, device: 'door', active: false }])
    answer = { is: 'refused', reason: 'Camera is locked' }
    await expect(client.call('cameras.activate', { id: door, active: true })).rejects.toMatchObject({
      code: 'wrong-state',
      message: expect.stringContaining('Camera is locked'),
    })
    answer = { is: 'unreachable', reason: 'no answer' }
    await expect(client.call('cameras.activate', { id: door, active: true })).rejects.toMatchObject({
      code: 'link-down',
    })
    await expect(
      client.call('cameras.activate', { id: cameraId('still'), active: true }),
    ).rejects.toMatchObject({
      code: 'wrong-state',
    })
    expect(await timeline()).toEqual([
      { type: 'camera-changed', by: 'Linh', text: 'Camera door: switched off' },
    ])
  })
})

describe('a library', () => {
  it('is changed by orders, each recorded with who made it', async () => {
    const client = await look()
    const photo = { mime: 'image/jpeg' as const, base64: 'AAAA' }
    await client.call('people.add', { link: front, name: 'An' })
    await store.keep('rule', namesLinh)
    await client.call('people.rename', { id: 'front/Linh', name: 'Linh Tran' })
    // A server tells the old name until it has learned again.
    expect((await store.kept('rule')).map(({ when }) => when.people)).toEqual([['Linh', 'Linh Tran']])
    await client.call('people.photos.add', { id: 'front/Linh', photo })
    await client.call('people.photos.remove', { id: 'front/Linh', file: 'linh.jpg' })
    await client.call('people.remove', { id: 'front/Linh' })
    await client.call('faces.settings.save', { link: front, settings })
    expect(await client.call('faces.train', { link: front })).toEqual({
      text: 'Training completed with 7 faces',
    })
    expect(
      orders.map((order) => (order.type === 'change-library' ? [order.device, order.change] : order)),
    ).toEqual([
      ['An', { do: 'add-person', name: 'An' }],
      ['Linh', { do: 'rename-person', name: 'Linh', to: 'Linh Tran', by: 'Linh', keepsOld: true }],
      ['Linh', { do: 'add-photo', name: 'Linh', photo }],
      ['Linh', { do: 'remove-photo', name: 'Linh', file: 'linh.jpg' }],
      ['Linh', { do: 'remove-person', name: 'Linh' }],
      ['front', { do: 'change-settings', settings }],
      ['front', { do: 'train' }],
    ])
    const entries = await timeline()
    expect(entries.every(({ by }) => by === 'Linh')).toBe(true)
    expect(entries.filter(({ type }) => type === 'library-changed')).toHaveLength(7)
    expect(entries.filter(({ type }) => type === 'rule-changed')).toMatchObject([
      { text: 'At the door: names Linh Tran beside Linh, as that name may still be told' },
    ])
    expect(entries.map(({ text }) => text)).toContain('Linh: renamed to Linh Tran')
  })

  it('is asked for photos and settings', async () => {
    const client = await look('viewer')
    expect(await client.call('people.photos', { id: 'front/Linh' })).toEqual({ photos })
    expect(await client.call('faces.settings', { link: front })).toEqual(settings)
    await expect(client.call('people.photos', { id: 'front/Nobody' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('of a link that is off, or is no face server, says which', async () => {
    const client = await look()
    const { library: _, ...others } = link ?? expect.fail('no link')
    link = others
    const add = () => client.call('people.add', { link: front, name: 'An' })
    await expect(add()).rejects.toMatchObject({ code: 'not-found', message: 'front knows no faces' })
    link = undefined
    await expect(add()).rejects.toMatchObject({ code: 'link-down' })
    live.links.delete(front)
    await expect(add()).rejects.toMatchObject({ code: 'not-found', message: 'No link front' })
    expect(await timeline()).toEqual([])
  })

  it('refused by its server is not recorded as changed', async () => {
    const client = await look()
    answer = { is: 'refused', reason: 'Person exists' }
    await expect(client.call('people.add', { link: front, name: 'An' })).rejects.toMatchObject({
      code: 'wrong-state',
      message: expect.stringContaining('Person exists'),
    })
    expect(await timeline()).toEqual([])
  })
})
