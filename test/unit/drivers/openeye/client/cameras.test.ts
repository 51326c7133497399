/** Cameras over real HTTP: the list, streams that come and go, single pictures. */
import { afterEach, expect, test } from 'vitest'
import { CameraId } from '../../../../../src/contract/cameras.ts'
import { Film, front, picture, row } from './film.ts'
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

test('the list, with the status of each, and never the address of a camera', async () => {
  const server = await serve()
  server.routes.set(
    '/api/cameras/',
    json({ cameras: [row, { id: 9, is_recording: true }, 'x', {}], total: 2 }),
  )
  server.routes.set(
    '/api/cameras/front/status',
    json({
      camera_id: 'front',
      is_active: true,
      is_running: false,
      fps: 12.5,
      last_frame_time: '2026-03-01T12:00:00.5',
      error_message: 'cannot open rtsp://admin:hunter22@10.0.0.9/1',
    }),
  )
  const { ledger } = await connect(server)
  const { cameras } = await ledger.until(() =>
    ledger.of('cameras-reported').find((fact) => fact.cameras[0]?.isRunning === false),
  )
  expect(cameras.map((camera) => camera.id)).toEqual(['eye/front', 'eye/9'])
  expect(cameras[1]?.isRecording).toBe(true)
  expect(cameras[0]).toMatchObject({
    link: 'eye',
    camera: 'front',
    name: 'front',
    kind: 'rtsp',
    can: ['stream', 'snapshot', 'activate'],
    isActive: true,
    isRunning: false,
    isRecording: null,
    findsFaces: true,
    fps: 12.5,
    lastFrameAt: Date.UTC(2026, 2, 1, 12, 0, 0, 500),
    trouble: 'cannot open rtsp://…@10.0.0.9/1',
    budgetMs: 45_000,
  })
  expect(JSON.stringify(ledger.facts)).not.toContain('hunter22')
})

test('a stream is open while somebody looks, once for all who do', async () => {
  const server = await serve()
  const film = new Film()
  server.routes.set('/api/cameras/front/stream', film.handler)
  const { ledger, link } = await connect(server)
  await ledger.is('live')
  const first = link.cameras?.open(front)
  const second = link.cameras?.open(front)
  await server.until(() => film.viewers === 1)
  film.show(picture())
  const frame = await ledger.until(() => ledger.of('frame-arrived')[0])
  expect(frame).toMatchObject({ camera: 'eye/front', widthPx: 64, heightPx: 48 })
  expect(Buffer.from(frame.bytes).equals(picture())).toBe(true)
  first?.()
  first?.()
  film.show(picture(32, 32))
  await ledger.until(() => ledger.of('frame-arrived').length === 2)
  second?.()
  await server.until(() => film.viewers === 0)
  expect(film.opened).toBe(1)
})

test('a stream that breaks says so and is opened again', async () => {
  const server = await serve()
  const film = new Film()
  server.routes.set('/api/cameras/front/stream', film.handler)
  const { ledger, link } = await connect(server)
  await ledger.is('live')
  link.cameras?.open(front)
  await server.until(() => film.viewers === 1)
  film.show(picture())
  await ledger.until(() => ledger.of('frame-arrived').length === 1)
  film.cut()
  const { trouble } = await ledger.until(() => ledger.of('stream-troubled')[0])
  expect(trouble).toMatch(/ended it|hung up/)
  await server.until(() => film.viewers === 1)
  film.show(picture())
  await ledger.until(() => ledger.of('frame-arrived').length === 2)
})

test('a stream without a byte for 5 s says so', async () => {
  const server = await serve()
  const film = new Film()
  server.routes.set('/api/cameras/front/stream', film.handler)
  const { ledger, link } = await connect(server)
  link.cameras?.open(front)
  const { trouble } = await ledger.until(() => ledger.of('stream-troubled')[0])
  expect(trouble).toBe('nothing came for 5 s')
})

test.each([
  [404, 'the server does not stream this camera'],
  [503, 'the camera is not running: activate it'],
])('a stream the server answers with %d says what that means', async (status, words) => {
  const server = await serve()
  server.routes.set('/api/cameras/', json({ cameras: [row], total: 1 }))
  server.routes.set('/api/cameras/front/stream', json({ detail: 'x' }, status))
  const { ledger, link } = await connect(server)
  await ledger.until(() => ledger.of('cameras-reported')[0])
  link.cameras?.open(front)
  expect((await ledger.until(() => ledger.of('stream-troubled')[0])).trouble).toBe(words)
  if (status === 404)
    await ledger.until(() => ledger.of('cameras-reported').some((fact) => fact.cameras[0]?.trouble === words))
})

test('what is no stream of pictures is told as that', async () => {
  const server = await serve()
  server.routes.set('/api/cameras/front/stream', json({}))
  const { ledger, link } = await connect(server)
  link.cameras?.open(front)
  expect((await ledger.until(() => ledger.of('stream-troubled')[0])).trouble).toBe(
    'the answer of the server is no stream of pictures',
  )
})

test('a picture taken now, from the server or from the stream that is open anyway', async () => {
  const server = await serve()
  server.routes.set('/api/cameras/front/snapshot', (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg' })
    response.end(picture())
  })
  const film = new Film()
  server.routes.set('/api/cameras/front/stream', film.handler)
  const { ledger, link } = await connect(server)
  await ledger.is('live')
  const taken = await link.cameras?.snapshot(front)
  expect(taken?.evidence).toMatchObject({ mime: 'image/jpeg', widthPx: 64, heightPx: 48 })
  expect(server.asked('/api/cameras/front/snapshot')).toHaveLength(1)
  link.cameras?.open(front)
  await server.until(() => film.viewers === 1)
  film.show(picture(80, 40))
  await ledger.until(() => ledger.of('frame-arrived').length === 1)
  expect((await link.cameras?.snapshot(front))?.evidence.widthPx).toBe(80)
  expect(server.asked('/api/cameras/front/snapshot')).toHaveLength(1)
  await expect(link.cameras?.snapshot(CameraId.parse('eye/none'))).rejects.toMatchObject({
    code: 'not-found',
  })
  await expect(link.cameras?.snapshot(CameraId.parse('other/front'))).rejects.toMatchObject({
    code: 'not-found',
  })
})
