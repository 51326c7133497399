/** An MJPEG camera over real HTTP: logins, streams that stall, end, or are none, and a state that says only what was seen. */
import { afterEach, expect, test, vi } from 'vitest'
import type { Credentials } from '../../../../src/contract/accounts.ts'
import { CameraId } from '../../../../src/contract/cameras.ts'
import { mjpegCamera } from '../../../../src/main/drivers/cameras/index.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import { slotOf } from '../openeye/client/stand.ts'
import { BadCamera, base, film, guarded, jpeg, link, open } from './stand.ts'

vi.setConfig({ testTimeout: 30_000 })

const main = CameraId.parse('gate/main')
const right: Credentials = { is: 'password', user: 'admin', password: 'right horse' }
const wrong: Credentials = { ...right, password: 'wrong' }
const pictures = [jpeg(40), jpeg(90), jpeg(160)]

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function serve(...args: Parameters<typeof BadCamera.start>): Promise<BadCamera> {
  const camera = await BadCamera.start(...args)
  opened.push(camera)
  return camera
}

function profileOf(camera: BadCamera) {
  return { ...base, driver: 'mjpeg-camera', url: camera.url, ladder: 'lan' } as const
}

async function connect(camera: BadCamera, credentials?: Credentials) {
  const made = await open(mjpegCamera, profileOf(camera), credentials === undefined ? {} : { credentials })
  opened.push(made.link)
  return made
}

test('is live once a picture was seen, and leaves the camera alone while nobody looks', async () => {
  const camera = await serve(film(pictures))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  const { cameras } = await ledger.until(() =>
    ledger.of('cameras-reported').find((fact) => fact.cameras[0]?.isRunning === true),
  )
  expect(cameras).toMatchObject([
    { id: main, link, name: 'Gate', location: 'North side', kind: 'mjpeg', can: ['stream', 'snapshot'] },
  ])
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
  const before = ledger.of('frame-arrived').length

  const leave = running.cameras?.open(main)
  const seen = await ledger.until(() => ledger.of('frame-arrived')[before + 5])
  expect(seen).toMatchObject({ camera: main, widthPx: 32, heightPx: 24 })
  expect(pictures.some((one) => one.equals(Buffer.from(seen.bytes)))).toBe(true)
  expect(camera.open.size).toBe(1)
  leave?.()
  leave?.()
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
})

test('two viewers share one connection to the camera', async () => {
  const camera = await serve(film(pictures))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  const first = running.cameras?.open(main)
  const second = running.cameras?.open(main)
  await ledger.until(() => ledger.of('frame-arrived')[6])
  expect(camera.open.size).toBe(1)
  first?.()
  const before = ledger.of('frame-arrived').length
  await ledger.until(() => ledger.of('frame-arrived')[before + 3])
  second?.()
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
})

test.each(['MD5', 'SHA-256'] as const)(
  'logs in by Digest with %s, and the wrong password is not tried again',
  async (algorithm) => {
    const camera = await serve(guarded(algorithm, film(pictures)))
    const { ledger } = await connect(camera, right)
    await ledger.is('live')

    const asked = camera.requests
    const denied = await connect(camera, wrong)
    const { reason } = await denied.ledger.is('refused')
    expect(reason).toContain('does not accept this user name and password')
    expect(camera.requests).toBe(asked + 2)
    const leave = denied.link.cameras?.open(main)
    await denied.ledger.until(() =>
      denied.ledger.of('stream-troubled').find(({ trouble }) => trouble === reason),
    )
    leave?.()
    expect(camera.requests).toBe(asked + 2)
  },
)

test('logs in by Basic where that is asked for, and says nothing of a password before', async () => {
  const heard: (string | undefined)[] = []
  const camera = await serve((request, response) => {
    heard.push(request.headers.authorization)
    if (request.headers.authorization === 'Basic YWRtaW46cmlnaHQgaG9yc2U=')
      return film(pictures)(request, response)
    response.writeHead(401, { 'www-authenticate': 'Basic realm="cam"' }).end()
  })
  const { ledger } = await connect(camera, right)
  await ledger.is('live')
  expect(heard).toEqual([undefined, 'Basic YWRtaW46cmlnaHQgaG9yc2U='])
  const said = ledger.of('message-crossed').map(({ message }) => message.text)
  expect(said.join('\n')).not.toMatch(/right horse|YWRtaW4/)
})

test('without a login it says what is missing', async () => {
  const camera = await serve(guarded('MD5', film(pictures)))
  const { ledger } = await connect(camera)
  expect((await ledger.is('refused')).reason).toContain('asks for a user name and password')
})

test('a nonce that grew old between two looks costs one more request and no trouble', async () => {
  let nonce = 'one'
  const camera = await serve((request, response) => {
    if (request.headers.authorization?.includes(`nonce="${nonce}"`)) return film(pictures)(request, response)
    response.writeHead(401, { 'www-authenticate': `Digest realm="cam", qop="auth", nonce="${nonce}"` }).end()
  })
  const { ledger, link: running } = await connect(camera, right)
  await ledger.is('live')
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
  nonce = 'two'
  const before = ledger.of('frame-arrived').length
  const leave = running.cameras?.open(main)
  await ledger.until(() => ledger.of('frame-arrived')[before + 2])
  expect(ledger.state()?.is).toBe('live')
  leave?.()
})

test.each([
  ['image/jpeg', 200, 'one picture and no stream'],
  ['text/html; charset=utf-8', 200, 'a web page and no stream'],
  ['application/json', 200, 'is no stream of pictures'],
  ['text/plain', 404, 'knows no such path'],
  ['text/plain', 302, 'sends elsewhere (HTTP 302)'],
  ['text/plain', 503, 'is busy'],
])('%s with %d is waited out in words', async (type, status, words) => {
  const camera = await serve((_request, response) => {
    response.writeHead(status, { 'content-type': type, location: '/elsewhere' }).end('hello')
  })
  const { ledger } = await connect(camera)
  await ledger.reason(words)
  expect((await ledger.is('waiting')).reason).toContain(words)
  camera.answer = film(pictures)
  await ledger.is('live')
})

test('a stream that stalls is noticed within seconds, said to its viewers, and comes back', async () => {
  const camera = await serve(film(pictures))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  camera.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=cam' })
    response.write(`--cam\r\nContent-Length: 9000\r\n\r\n`)
  }
  running.cameras?.open(main)
  const { trouble } = await ledger.until(() => ledger.of('stream-troubled')[0])
  expect(trouble).toContain('nothing came for 5 s')
  expect((await ledger.is('waiting')).reason).toBe(trouble)
  camera.answer = film(pictures)
  await ledger.is('live')
})

test('damaged parts and a wrong boundary: the whole pictures come through, the rest is counted', async () => {
  const cut = pictures[0]?.subarray(0, 100) ?? Buffer.alloc(0)
  const camera = await serve(film([cut, pictures[1] ?? cut, Buffer.from('no picture at all')], 10, false))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  running.cameras?.open(main)
  await ledger.until(() => ledger.of('frame-arrived')[8])
  for (const { bytes } of ledger.of('frame-arrived'))
    expect(pictures[1]?.equals(Buffer.from(bytes))).toBe(true)
  const { counters } = await ledger.until(() =>
    ledger.of('link-reported').find((fact) => fact.counters.badMessages > 3),
  )
  expect(counters.messagesIn).toBeGreaterThan(3)
})

test('a snapshot is the next picture, whether or not anybody looks, and leaves nothing open', async () => {
  const camera = await serve(film(pictures, 30))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  const taken = await running.cameras?.snapshot(main)
  expect(taken?.evidence).toMatchObject({ mime: 'image/jpeg', widthPx: 32, heightPx: 24 })
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
})

test('a snapshot is a new picture when the clock was set back since the last one', async () => {
  const camera = await serve(film([jpeg(40)]))
  let [wallMs, passedMs] = [0, 0]
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + wallMs,
    monotonic: () => systemClock.monotonic() + passedMs,
  }
  const made = await open(mjpegCamera, profileOf(camera), { clock })
  opened.push(made.link)
  await made.ledger.is('live')
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
  camera.answer = film([jpeg(160)])
  wallMs = -3_600_000
  passedMs = 60_000
  const taken = await made.link.cameras?.snapshot(main)
  expect(Buffer.from(taken?.bytes ?? []).equals(jpeg(160))).toBe(true)
})

test('a snapshot of a camera that is away fails with why', async () => {
  const camera = await serve((_request, response) => response.writeHead(404).end())
  const { ledger, link: running } = await connect(camera)
  await ledger.is('waiting')
  await expect(running.cameras?.snapshot(main)).rejects.toThrow('knows no such path')
})

test('the connection test says each step, and leaves nothing open', async () => {
  const camera = await serve(guarded('MD5', film(pictures)))
  const good = await mjpegCamera.test(profileOf(camera), slotOf(right))
  expect(good).toMatchObject({ ok: true })
  expect(good.steps.at(-1)?.text).toContain('32 × 24')
  const bad = await mjpegCamera.test(profileOf(camera), slotOf(wrong))
  expect(bad.ok).toBe(false)
  expect(bad.steps.at(-1)?.text).toContain('does not accept')
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
  const { url } = camera
  await camera.close()
  opened.length = 0
  const gone = await mjpegCamera.test({ ...base, driver: 'mjpeg-camera', url, ladder: 'lan' }, slotOf(null))
  expect(gone).toMatchObject({ ok: false, steps: [{ text: expect.stringContaining('nothing listens') }] })
})

test('closed, it tells nothing more and holds no connection', async () => {
  const camera = await serve(film(pictures, 5))
  const { ledger, link: running } = await connect(camera)
  await ledger.is('live')
  running.cameras?.open(main)
  await ledger.until(() => ledger.of('frame-arrived')[4])
  await running.close()
  const told = ledger.facts.length
  await expect.poll(() => camera.open.size, { timeout: 10_000 }).toBe(0)
  expect(ledger.facts.length).toBe(told)
  expect(ledger.state()?.is).toBe('stopped')
})
