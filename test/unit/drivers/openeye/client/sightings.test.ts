/** Sightings over real HTTP: each an event with the picture it was made on, told once however often the server repeats it. */
import { afterEach, expect, test } from 'vitest'
import { Film, picture, row } from './film.ts'
import { json, TestServer } from './server.ts'
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

function detection(name: string, ageMs: number) {
  // The deployed server writes its local time, without a zone.
  const at = new Date(Date.now() - ageMs)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  const timestamp = local.toISOString().replace('Z', '123')
  return { name, confidence: 0.93, location: { top: 12, right: 32, bottom: 36, left: 16 }, timestamp }
}

test('a sighting has the frame it was made on, and its box', async () => {
  const server = await serve()
  const film = new Film()
  server.routes.set('/api/cameras/', json({ cameras: [row], total: 1 }))
  server.routes.set('/api/cameras/front/stream', film.handler)
  const { ledger } = await connect(server, { profile: { keepStreams: true, pollMs: 300 } })
  await server.until(() => film.viewers === 1)
  film.show(picture())
  const frame = await ledger.until(() => ledger.of('frame-arrived')[0])
  server.routes.set('/api/faces/detections', json({ front: { recent_faces: [detection('Anna', 0)] } }))
  const { event } = await ledger.until(() => ledger.of('event-detected')[0])
  expect(event).toMatchObject({
    kind: 'face-recognized',
    person: 'Anna',
    camera: 'eye/front',
    text: 'Anna at front',
    confidence: 0.93,
    count: 1,
    box: { x: 0.25, y: 0.25, width: 0.25, height: 0.5 },
  })
  expect(event.picture?.evidence.widthPx).toBe(64)
  // The server's clock is known to about a second from its answers.
  expect(Math.abs((event.pictureAt ?? 0) - frame.receivedAt)).toBeLessThan(1100)
  const seen = await ledger.until(() => ledger.of('faces-seen')[0])
  expect(seen.faces).toMatchObject({
    id: 'eye/front',
    budgetMs: 2600,
    faces: [{ person: 'Anna', confidence: 0.93, box: { x: 0.25 } }],
  })
  expect(server.asked('/api/cameras/front/snapshot')).toEqual([])
})

test('without an open stream a picture is asked for, and follows the event', async () => {
  const server = await serve()
  server.routes.set('/api/cameras/', json({ cameras: [row], total: 1 }))
  server.routes.set('/api/cameras/front/snapshot', (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg' })
    response.end(picture())
  })
  const { ledger } = await connect(server, { profile: { pollMs: 300 } })
  await ledger.until(() => ledger.of('cameras-reported')[0])
  server.routes.set('/api/faces/detections', json({ front: { recent_faces: [detection('Unknown', 0)] } }))
  const [before, after] = await ledger.until(() => {
    const told = ledger.of('event-detected')
    return told.length === 2 && told
  })
  expect(before?.event).toMatchObject({ kind: 'face-unknown', person: null, picture: null, box: null })
  expect(after?.event).toMatchObject({
    sourceId: before?.event.sourceId,
    picture: { evidence: { widthPx: 64 } },
    box: { x: 0.25 },
  })
})

test('what was seen long ago is kept as an event, not shown as seen now, and gets no picture of now', async () => {
  const server = await serve()
  server.routes.set('/api/cameras/', json({ cameras: [row], total: 1 }))
  server.routes.set(
    '/api/faces/detections',
    json({ front: { recent_faces: [detection('Anna', 3_600_000)] } }),
  )
  const { ledger } = await connect(server, { profile: { pollMs: 300 } })
  await ledger.until(() => ledger.of('event-detected')[0])
  const asked = server.asked('/api/faces/detections').length
  await server.until(() => server.asked('/api/faces/detections').length > asked + 1)
  expect(ledger.of('event-detected')).toHaveLength(1)
  expect(ledger.of('faces-seen')).toEqual([])
  expect(server.asked('/api/cameras/front/snapshot')).toEqual([])
})

test('events of the socket: faces join their stay, the rest are events of their own', async () => {
  const server = await serve()
  const { ledger } = await connect(server, { profile: { pollMs: 60_000 } })
  await ledger.is('live')
  const timestamp = new Date().toISOString().replace('Z', '')
  const event = (event_type: string, data: object) => {
    return { type: 'camera_event', camera_id: 'front', event_type, timestamp, data }
  }
  server.say(event('face_recognized', { name: 'Anna', confidence: 0.5 }))
  server.say(event('motion_detected', {}))
  server.say({ type: 'alert', alert_type: 'warning', timestamp, data: { message: 'Disk nearly full' } })
  const told = await ledger.until(
    () => ledger.of('event-detected').length === 2 && ledger.of('event-detected'),
  )
  expect(told[0]?.event).toMatchObject({
    kind: 'face-recognized',
    sourceId: `face:front:Anna:${Date.parse(`${timestamp}Z`)}`,
    count: 1,
  })
  expect(told[1]?.event).toMatchObject({
    kind: 'motion_detected',
    text: 'motion detected at front',
    person: null,
  })
  const alarm = await ledger.until(() => ledger.of('alert-raised')[0])
  expect(alarm).toMatchObject({ kind: 'server-alert', priority: 'medium', text: 'Disk nearly full' })
})
