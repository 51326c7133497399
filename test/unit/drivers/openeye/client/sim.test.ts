/** The client against the simulated server, which shares no code with it and behaves as the deployed software does. */
import { encode } from 'jpeg-js'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { CameraId } from '../../../../../src/contract/cameras.ts'
import { DeviceId } from '../../../../../src/contract/devices.ts'
import { LinkId } from '../../../../../src/contract/links.ts'
import { openEyeClient } from '../../../../../src/main/drivers/openeye/index.ts'
import type { ChangeLibrary, Order } from '../../../../../src/main/order.ts'
import type { OpenEyeOptions } from '../../../../sim/openeye/options.ts'
import { type OpenEyeSim, startOpenEye } from '../../../../sim/openeye/server.ts'
import { type ClientOptions, openClient, profileOf, slotOf } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(options: OpenEyeOptions = {}): Promise<OpenEyeSim> {
  const sim = await startOpenEye({ statisticsMs: 300, framesPerSecond: 15, ...options })
  open.push(sim)
  return sim
}

const credentialsOf = (sim: OpenEyeSim) =>
  ({ is: 'password', user: sim.user, password: sim.password }) as const

async function connect(sim: OpenEyeSim, options: ClientOptions = {}) {
  const client = await openClient(sim.url, { credentials: credentialsOf(sim), ...options })
  open.push(client.link)
  return client
}

const camera = CameraId.parse('eye/front_door')

function change(what: ChangeLibrary['change']): Order {
  const addressed = { id: '1', link: LinkId.parse('eye'), device: DeviceId.parse('eye') }
  return { ...addressed, type: 'change-library', change: what }
}

test.each(['deployed', 'document'] as const)('figures, cameras and people, dialect %s', async (dialect) => {
  const sim = await serve({ dialect, people: ['Anna', 'Bob'] })
  const { ledger } = await connect(sim)
  await ledger.is('live')
  const { statistics } = await ledger.until(() => ledger.of('statistics-reported')[0])
  expect(statistics).toMatchObject({ totalPeople: 2, via: 'socket' })
  // Read in the right zone it is now.
  expect(Math.abs(statistics.at - Date.now())).toBeLessThan(5000)
  const { cameras } = await ledger.until(() => ledger.of('cameras-reported')[0])
  expect(cameras.map((row) => row.camera)).toContain('front_door')
  const { people } = await ledger.until(() => ledger.of('people-reported')[0])
  expect(people.map((row) => row.name).toSorted()).toEqual(['Anna', 'Bob'])
  expect(sim.dropped).toBe(0)
})

test('a sighting has a picture and a box, is told once, and has the same id after a restart', async () => {
  const sim = await serve({ people: ['Anna'] })
  const first = await connect(sim, { profile: { pollMs: 500, keepStreams: true } })
  await first.ledger.until(() => first.ledger.of('frame-arrived').find((fact) => fact.camera === camera))
  sim.see('front_door', 'Anna')
  const { event } = await first.ledger.until(() => first.ledger.of('event-detected')[0])
  expect(event).toMatchObject({ kind: 'face-recognized', person: 'Anna', camera, count: 1 })
  expect(event.box).not.toBeNull()
  expect(event.picture).not.toBeNull()
  expect(Math.abs(event.at - Date.now())).toBeLessThan(5000)
  expect(Math.abs((event.pictureAt ?? 0) - event.at)).toBeLessThan(1500)
  await first.link.close()
  const second = await connect(sim, { profile: { pollMs: 500 } })
  const again = await second.ledger.until(() => second.ledger.of('event-detected')[0])
  expect(again.event.sourceId).toBe(event.sourceId)
})

test('a snapshot, a camera switched off and on, and one that exists in memory only', async () => {
  const sim = await serve({ builtIn: 'row' })
  const { ledger, link } = await connect(sim)
  await ledger.until(() => ledger.of('cameras-reported')[0])
  expect((await link.cameras?.snapshot(camera))?.evidence.mime).toBe('image/jpeg')
  const order = { id: '1', link: LinkId.parse('eye'), device: DeviceId.parse('front_door'), camera }
  expect(await link.deliver({ ...order, type: 'activate-camera', active: false })).toMatchObject({
    is: 'delivered',
  })
  await ledger.until(() =>
    ledger
      .of('cameras-reported')
      .at(-1)
      ?.cameras.some((row) => row.id === camera && row.isActive === false),
  )
  link.cameras?.open(camera)
  const { trouble } = await ledger.until(() => ledger.of('stream-troubled')[0])
  expect(trouble).toBe('the camera is not running: activate it')
  await link.deliver({ ...order, type: 'activate-camera', active: true })
  await ledger.until(() => ledger.of('frame-arrived').find((fact) => fact.camera === camera))
  link.cameras?.open(CameraId.parse('eye/never_there'))
  await ledger.until(() =>
    ledger.of('stream-troubled').some((fact) => fact.trouble === 'the server does not stream this camera'),
  )
})

test('a server that is away and comes back', async () => {
  const sim = await serve()
  const { ledger } = await connect(sim)
  await ledger.is('live')
  await sim.refuse()
  expect((await ledger.is('waiting')).reason).toMatch(/nothing listens|hung up/)
  await sim.accept()
  await ledger.is('live')
})

test('sockets refused: it polls, and figures keep coming', async () => {
  const sim = await serve()
  const { ledger } = await connect(sim, { profile: { pollMs: 500 } })
  await ledger.is('live')
  sim.setFault({ refuseSockets: 502 })
  sim.cutSockets()
  await ledger.is('polling')
  await ledger.until(() => ledger.of('statistics-reported').at(-1)?.statistics.via === 'polling')
  sim.setFault({ refuseSockets: 0 })
  await ledger.is('live')
  expect(sim.refused).toBeGreaterThan(0)
})

test('the sixth socket of a user is refused and the words say what to do', async () => {
  const sim = await serve()
  const others = Array.from(
    { length: 5 },
    () => new WebSocket(`${sim.url.replace('http', 'ws')}/api/ws/statistics?token=${sim.token()}`),
  )
  for (const socket of others) {
    open.push({ close: () => socket.terminate() })
    await new Promise((resolve) => socket.once('open', resolve))
  }
  const { ledger, link } = await connect(sim)
  await ledger.reason('the server allows 5 sockets per user; close one (5 open)')
  others[0]?.terminate()
  await expect.poll(() => sim.sockets()).toBe(4)
  link.retry()
  await ledger.is('live')
})

test('its limit of requests, as a bare 500, is no outage', async () => {
  const sim = await serve({ requestsPerMinute: 6 })
  const { ledger } = await connect(sim, { profile: { pollMs: 200 } })
  await ledger.is('live')
  await ledger.until(() =>
    ledger.of('message-crossed').some((fact) => fact.message.text.startsWith('500 GET')),
  )
  expect(ledger.state()?.is).toBe('live')
  sim.setFault({ refuseSockets: 502 })
  sim.cutSockets()
  expect((await ledger.is('polling')).reason).toContain('limit of 100 requests a minute')
})

test('without a word on the socket it is not live, and asking takes over', async () => {
  const sim = await serve({ faults: { mute: true } })
  const { ledger } = await connect(sim, { profile: { pollMs: 500 } })
  await ledger.is('polling')
  sim.setFault({ mute: false })
  await ledger.is('live')
})

test('figures it cannot collect leave the link live and the figures to grow stale', async () => {
  const sim = await serve({ faults: { statisticsError: true } })
  const { ledger } = await connect(sim)
  await ledger.is('live')
  await ledger.until(() =>
    ledger
      .of('message-crossed')
      .some((fact) => fact.message.trouble.startsWith('the server could not collect')),
  )
  expect(ledger.of('statistics-reported')).toEqual([])
})

test('a server that was never set up', async () => {
  const sim = await serve({ isSetUp: false })
  const { ledger } = await connect(sim)
  expect((await ledger.is('refused')).reason).toContain('has not been set up')
})

describe('the library', () => {
  const face = encode({ data: Buffer.alloc(32 * 32 * 4, 90), width: 32, height: 32 }, 70).data
  const photo = { mime: 'image/jpeg', base64: Buffer.from(face).toString('base64') } as const

  test('from a new person to a trained one', async () => {
    const sim = await serve({ people: [] })
    const { ledger, link } = await connect(sim)
    await ledger.is('live')
    expect(await link.deliver(change({ do: 'add-person', name: 'Anna!' }))).toMatchObject({
      is: 'delivered',
      said: 'kept as "Anna"',
    })
    expect(await link.deliver(change({ do: 'add-person', name: 'Anna' }))).toEqual({
      is: 'refused',
      reason: "Person 'Anna' already exists",
    })
    expect(await link.deliver(change({ do: 'add-photo', name: 'Anna', photo }))).toMatchObject({
      is: 'delivered',
    })
    const photos = await link.library?.photos('Anna')
    expect(photos).toHaveLength(1)
    expect(photos?.[0]?.sizeBytes).toBe(face.length)
    expect(await link.deliver(change({ do: 'train' }))).toMatchObject({ is: 'delivered' })
    const settings = { enabled: true, detectionMethod: 'cnn', recognitionThreshold: 0.45 } as const
    expect(await link.deliver(change({ do: 'change-settings', settings }))).toMatchObject({ is: 'delivered' })
    expect(await link.library?.settings()).toEqual(settings)
    const file = photos?.[0]?.file ?? ''
    expect(await link.deliver(change({ do: 'remove-photo', name: 'Anna', file }))).toMatchObject({
      is: 'delivered',
    })
    expect(
      await link.deliver(
        change({ do: 'rename-person', name: 'Anna', to: 'Bea', by: 'Linh', keepsOld: true }),
      ),
    ).toMatchObject({
      is: 'delivered',
    })
    await ledger.until(() => ledger.of('people-reported').at(-1)?.people[0]?.name === 'Bea')
    expect(await link.deliver(change({ do: 'remove-person', name: 'Bea' }))).toMatchObject({
      is: 'delivered',
    })
  })

  test('an account that may only look is told so', async () => {
    const user = { user: 'looker', password: 'Look-1234!', role: 'viewer' } as const
    const sim = await serve({ users: [user] })
    const { ledger, link } = await connect(sim)
    await ledger.is('live')
    const delivery = await link.deliver(change({ do: 'train' }))
    expect(delivery).toMatchObject({
      is: 'refused',
      reason: expect.stringContaining('the account of this link may not do this'),
    })
  })
})

test('a camera event and an alert, where a server does send them', async () => {
  const sim = await serve()
  const { ledger } = await connect(sim)
  await ledger.is('live')
  sim.cameraEvent('front_door', 'motion_detected', { details: 'Motion' })
  sim.alert('error', { message: 'Disk full', camera_id: 'front_door' })
  const { event } = await ledger.until(() => ledger.of('event-detected')[0])
  expect(event).toMatchObject({ kind: 'motion_detected', camera })
  expect(await ledger.until(() => ledger.of('alert-raised')[0])).toMatchObject({
    kind: 'server-alert',
    priority: 'high',
    device: 'front_door',
    late: false,
    clockSuspect: false,
  })
})

test('the test of the link, and the secrets of the server in none of its facts', async () => {
  const sim = await serve()
  const result = await openEyeClient.test(profileOf(sim.url), slotOf(credentialsOf(sim)))
  expect(result.steps.map((step) => step.text)).toEqual([
    expect.stringContaining('answers'),
    'logged in',
    'the socket opens',
    expect.stringMatching(/^it has \d+ cameras$/),
  ])
  await expect.poll(() => sim.sockets()).toBe(0)
  const { ledger, link } = await connect(sim, { profile: { pollMs: 300 } })
  await ledger.is('live')
  await ledger.until(() => ledger.of('people-reported')[0])
  await link.close()
  await expect.poll(() => sim.sockets()).toBe(0)
  const all = JSON.stringify(ledger.facts) + ledger.logged.join('\n')
  expect(all).not.toContain(sim.password)
  expect(all).not.toMatch(/eyJ[\w-]{10,}\./)
})
