/** The two ways to the server: the socket while it is there, asking while it is not, and no fact told twice for it. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { json, limitReached, statistics, TestServer } from './server.ts'
import { type ClientOptions, openClient } from './stand.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(): Promise<TestServer> {
  const server = await TestServer.start()
  open.push(server)
  return server
}

async function connect(server: TestServer, options: ClientOptions = {}) {
  const client = await openClient(server.url, options)
  open.push(client.link)
  return client
}

test('figures of the socket, with what is missing left empty', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  server.say(statistics())
  const [full] = await ledger.until(() => {
    const told = ledger.of('statistics-reported')
    return told.length === 1 && told
  })
  expect(full?.statistics).toMatchObject({ id: 'eye', totalPeople: 3, activeCameras: 3, via: 'socket' })
  server.say({ type: 'statistics_update', timestamp: '2099-01-01T00:00:00', data: { cameras: {} } })
  const bare = await ledger.until(() => ledger.of('statistics-reported')[1])
  expect(bare.statistics).toMatchObject({
    totalPeople: null,
    recognitionsToday: null,
    totalCameras: null,
    activeCameras: null,
    at: Date.UTC(2099, 0, 1),
  })
})

test('figures the server could not collect change nothing and are shown as trouble', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  server.say({ type: 'statistics_update', data: { error: 'Failed to collect statistics' } })
  server.say({ type: 'moon_phase', data: {} })
  server.say('{"type":')
  const troubles = await ledger.until(() => {
    const told = ledger.of('message-crossed').flatMap(({ message }) => message.trouble || [])
    return told.length >= 3 && told
  })
  expect(troubles).toEqual([
    'the server could not collect its figures: Failed to collect statistics',
    'unknown type moon_phase',
    'not JSON',
  ])
  const { counters } = await ledger.until(() => {
    const last = ledger.of('link-reported').at(-1)
    return last?.counters.badMessages === 1 && last
  })
  expect(counters.unknownMessages).toBe(1)
  expect(ledger.of('statistics-reported')).toEqual([])
  expect(ledger.state()?.is).toBe('live')
})

test('older figures do not replace newer ones', async () => {
  const server = await serve()
  const { ledger } = await connect(server)
  await ledger.is('live')
  const now = Date.now()
  server.say(statistics({}, new Date(now)))
  server.say(statistics({}, new Date(now - 5000)))
  server.say(statistics({}, new Date(now + 5000)))
  await ledger.until(() => ledger.of('statistics-reported').some((fact) => fact.statistics.at === now + 5000))
  expect(ledger.of('statistics-reported').map((fact) => fact.statistics.at - now)).toEqual([0, 5000])
})

test('without a socket for 3 s it asks, says so, and goes back the moment the socket is live', async () => {
  const server = await serve()
  server.deny = 502
  const detection = {
    name: 'Anna',
    confidence: 0.9,
    location: { top: 1, right: 2, bottom: 3, left: 0 },
    timestamp: new Date().toISOString(),
  }
  server.routes.set('/api/faces/detections', json({ front: { recent_faces: [detection], statistics: {} } }))
  const started = performance.now()
  const { ledger } = await connect(server, { profile: { pollMs: 300 } })
  const polling = await ledger.is('polling')
  expect(performance.now() - started).toBeGreaterThanOrEqual(2900)
  expect(polling.reason).toBe('not a WebSocket there (HTTP 502)')
  const asked = await ledger.until(() => ledger.of('statistics-reported')[0])
  expect(asked.statistics).toMatchObject({ totalPeople: 2, recognitionsToday: 7, via: 'polling' })
  expect(asked.statistics.unknownFacesToday).toBeNull()
  server.deny = null
  await ledger.is('live')
  const before = server.asked('/api/faces/statistics').length
  const faces = server.asked('/api/faces/detections').length
  await server.until(() => server.asked('/api/faces/detections').length > faces + 2)
  expect(server.asked('/api/faces/statistics').length).toBeLessThanOrEqual(before + 1)
  // The buffer was told a dozen times, over both ways.
  expect(new Set(ledger.of('event-detected').map((fact) => fact.event.sourceId)).size).toBe(1)
  expect(ledger.of('event-detected').every((fact) => fact.event.count === 1)).toBe(true)
  expect(ledger.of('faces-seen')).toHaveLength(1)
  server.say(statistics({}, new Date(Date.now() + 100)))
  await ledger.until(() => ledger.of('statistics-reported').at(-1)?.statistics.via === 'socket')
})

test('the limit of the server is respected and is not taken for an outage', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { profile: { pollMs: 200 } })
  await ledger.is('live')
  const asked = server.asked('/api/faces/detections').length
  server.routes.set('/api/faces/detections', limitReached())
  await server.until(() => server.asked('/api/faces/detections').length > asked)
  const before = server.requests.length
  server.deny = 502
  for (const socket of server.sockets) socket.terminate()
  const state = await ledger.is('polling')
  expect(state.reason).toBe(
    "the server's limit of 100 requests a minute is reached: asking again in a minute",
  )
  expect(state.retryAt - Date.now()).toBeGreaterThan(40_000)
  // Nothing that can wait is asked meanwhile.
  await pause(600)
  expect(server.requests.length - before).toBeLessThanOrEqual(4)
  expect(ledger.of('alert-raised')).toEqual([])
})

test('polls are paced, and leave room for people', async () => {
  const server = await serve()
  const { ledger, link } = await connect(server, { profile: { pollMs: 2 } })
  await ledger.is('live')
  const begun = performance.now()
  await server.until(() => server.requests.length >= 14)
  // A burst of ten, then one a second, besides the login.
  const seconds = (performance.now() - begun) / 1000
  expect(server.requests.length).toBeLessThanOrEqual(14 + seconds)
  server.routes.set(
    '/api/faces/settings',
    json({ enabled: true, detection_method: 'hog', recognition_threshold: 0.6 }),
  )
  for (let turn = 0; turn < 5; turn += 1) await link.library?.settings()
  expect(server.asked('/api/faces/settings')).toHaveLength(5)
})

test('an open socket that brings nothing is silent, and polling takes over', async () => {
  const server = await serve()
  server.answersPing = false
  const { ledger } = await connect(server, { profile: { pollMs: 1000 } })
  await ledger.is('greeting')
  const polling = await ledger.is('polling')
  expect(polling.reason).toBe('the socket is not open yet')
  server.say(statistics())
  await ledger.is('live')
  // Closed again, there is a reason.
  server.deny = 503
  for (const socket of server.sockets) socket.close(1012)
  await ledger.reason('not a WebSocket there (HTTP 503)')
})

test('closing leaves nothing open and tells nothing more', async () => {
  const server = await serve()
  const { ledger, link } = await openClient(server.url, { profile: { pollMs: 100 } })
  await ledger.is('live')
  await link.close()
  expect(ledger.state()?.is).toBe('stopped')
  await server.until(() => server.connections === 0)
  const told = ledger.facts.length
  await pause(400)
  expect(ledger.facts.length).toBe(told)
})

test('closing while the login hangs leaves nothing open either', async () => {
  const server = await serve()
  server.routes.set('/api/token', () => {})
  const { ledger, link } = await openClient(server.url)
  await server.until(() => server.asked('/api/token', 'POST').length === 1)
  await link.close()
  await server.until(() => server.connections === 0)
  expect(ledger.state()?.is).toBe('stopped')
})
