/** A link and a simulated camera on a real socket: what comes, when it is asked for, what the inspector shows, what ends it. */
import { afterEach, expect, test } from 'vitest'
import { rtspCamera } from '../../../../src/main/drivers/rtsp/index.ts'
import { slotWith } from '../../../fakes/link-parts.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'
import type { RtspOptions } from '../../../sim/rtsp/options.ts'
import { type RtspSim, startRtsp } from '../../../sim/rtsp/server.ts'
import { camera, kept, type Opened, openCamera, profileOf } from './stand.ts'

const clip = readClip(counterClip())
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function stand(
  options: RtspOptions = {},
  secret?: string,
): Promise<Opened & { readonly sim: RtspSim }> {
  const sim = await startRtsp(options)
  ends.push(() => sim.close())
  const opened = await openCamera(sim.url, secret === undefined ? {} : { secret })
  ends.push(() => opened.link.close())
  return { ...opened, sim }
}

/** A frame of the clip as the driver must tell it. */
function expected(index: number): Buffer {
  const frame = clip.frames[index % clip.frames.length]
  return Buffer.concat((frame?.units ?? []).flatMap((unit) => [Buffer.from([0, 0, 0, 1]), unit]))
}

test('every picture of the clip comes whole and in order, with its format and its time', async () => {
  const { cameras, ledger } = await stand()
  const before = Date.now()
  cameras.open(camera)
  const frames = await ledger.frames(45)
  for (const [index, frame] of frames.entries()) {
    const isKey = index % 30 === 0
    expect(frame).toMatchObject({
      camera,
      widthPx: 640,
      heightPx: 480,
      video: { codec: 'avc1.42C01F', isKey },
    })
    // Key frames are told with their parameter sets first; the clip has them first, too, but for the encoder's remark.
    if (index > 0) expect(Buffer.from(frame.bytes).equals(expected(index))).toBe(true)
    expect(frame.capturedAt).toBeGreaterThan(before - 1000)
    // NTP counts from 1900, RTP from anywhere: what is wrong there is wrong by years or hours, a busy machine is late by seconds.
    expect(Math.abs((frame.capturedAt ?? 0) - frame.receivedAt)).toBeLessThan(60_000)
  }
  expect((await ledger.is('live')).is).toBe('live')
  expect(ledger.of('cameras-reported').at(-1)?.cameras[0]).toMatchObject({
    id: camera,
    name: 'Door',
    location: 'Hall',
    kind: 'rtsp',
    can: ['stream'],
    trouble: '',
  })
})

test('is played only while somebody looks, once for all of them', async () => {
  const { cameras, ledger, sim } = await stand()
  await ledger.is('live')
  expect(sim.requests.join()).not.toContain('PLAY')
  const first = cameras.open(camera)
  const second = cameras.open(camera)
  await ledger.frames(5)
  first()
  first()
  const count = ledger.of('frame-arrived').length
  await ledger.frames(count + 5)
  expect(sim.requests.filter((line) => line.startsWith('PLAY'))).toHaveLength(1)
  expect(sim.playing).toBe(1)
  second()
  await expect.poll(() => sim.playing).toBe(0)
  expect(sim.requests.at(-1)).toMatch(/^TEARDOWN/)
  expect(ledger.state?.is).toBe('live')
})

test.each(['basic', 'digest', 'digest-sha256'] as const)(
  'logs in by %s, and shows nobody how',
  async (auth) => {
    const { cameras, ledger, sim } = await stand({ auth }, kept('viewer', 'Canary-Passw0rd!'))
    cameras.open(camera)
    await ledger.frames(3)
    expect(sim.authorizations).toBeGreaterThan(2)
    expect(ledger.crossed).toContain('Authorization: ')
    const told =
      JSON.stringify(ledger.facts.filter(({ type }) => type !== 'frame-arrived')) + ledger.logged.join()
    expect(told).not.toContain('Canary')
    expect(told).not.toContain(Buffer.from('viewer:Canary-Passw0rd!').toString('base64'))
    expect(told).not.toMatch(/response=/)
  },
)

test('a nonce that is used up is replaced without asking anybody', async () => {
  const { cameras, ledger } = await stand(
    { auth: 'digest', faults: { staleNonces: true } },
    kept('viewer', 'Canary-Passw0rd!'),
  )
  cameras.open(camera)
  await ledger.frames(3)
})

test('a wrong password is tried once, then the link waits for somebody', async () => {
  const { cameras, ledger, sim } = await stand({ auth: 'digest' }, kept('viewer', 'wrong'))
  const { reason } = await ledger.is('refused')
  expect(reason).toBe('the camera refuses the user or the password. Enter them again in the link.')
  cameras.open(camera)
  await ledger.trouble('refuses')
  expect(sim.authorizations).toBe(1)
})

test('without credentials it says what is missing', async () => {
  const { ledger, sim } = await stand({ auth: 'digest' })
  expect((await ledger.is('refused')).reason).toBe(
    'the camera asks for a user and a password. Enter them in the link.',
  )
  expect(sim.authorizations).toBe(0)
})

test('keeps its session alive, and reports what it received', async () => {
  const { cameras, ledger, sim } = await stand({ sessionTimeoutS: 2 })
  cameras.open(camera)
  const asked = () => sim.requests.filter((line) => line.startsWith('GET_PARAMETER'))
  // Pictures come all the while, so it is looked at again with each.
  await ledger.until(() => asked().length > 2 && sim.receiverReports > 0)
  expect(sim.requests.filter((line) => line.startsWith('PLAY'))).toHaveLength(1)
})

test('goes on with a camera that sends pictures and never answers a keep-alive', async () => {
  const { cameras, ledger, sim } = await stand({ sessionTimeoutS: 2, faults: { deafToKeepAlive: true } })
  cameras.open(camera)
  // Longer than the first keep-alive and the time an answer may take.
  await ledger.frames(200)
  expect(sim.requests.filter((line) => line.startsWith('GET_PARAMETER')).length).toBeGreaterThan(4)
  expect(sim.requests.filter((line) => line.startsWith('PLAY'))).toHaveLength(1)
  expect(ledger.of('stream-troubled')).toEqual([])
})

test('gives no single pictures, and says where one comes from', async () => {
  const { cameras } = await stand()
  await expect(cameras.snapshot(camera)).rejects.toMatchObject({ code: 'wrong-state' })
})

test('credentials in the address are never used and never shown', async () => {
  const sim = await startRtsp({ auth: 'basic' })
  ends.push(() => sim.close())
  const opened = await openCamera(sim.url.replace('rtsp://', 'rtsp://viewer:Canary-Passw0rd!@'))
  ends.push(() => opened.link.close())
  await opened.ledger.is('refused')
  expect(JSON.stringify(opened.ledger.facts)).not.toContain('Canary')
  expect(sim.requests.join()).not.toContain('Canary')
})

test('the connection test tells what came', async () => {
  const sim = await startRtsp({ auth: 'digest' })
  ends.push(() => sim.close())
  const right = await rtspCamera.test(profileOf(sim.url), slotWith(kept(sim.user, sim.password)))
  expect(right.ok).toBe(true)
  expect(right.steps.at(-1)?.text).toBe('a picture came: 640 × 480, H.264 (avc1.42C01F)')
  const wrong = await rtspCamera.test(profileOf(sim.url), slotWith(kept(sim.user, 'wrong')))
  expect(wrong.ok).toBe(false)
  expect(wrong.steps.at(-1)?.text).toContain('refuses the user or the password')
  await expect.poll(() => sim.playing).toBe(0)
  await sim.close()
  const gone = await rtspCamera.test(profileOf(sim.url), slotWith())
  expect(gone.steps.at(-1)?.text).toContain('nothing listens at')
})
