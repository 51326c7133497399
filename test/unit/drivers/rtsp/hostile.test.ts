/** A simulated camera that misbehaves: nothing wrong is ever told as a picture, nothing crashes, and it comes back. */
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { FrameArrived } from '../../../../src/main/fact.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'
import type { RtspOptions } from '../../../sim/rtsp/options.ts'
import { type RtspSim, startRtsp } from '../../../sim/rtsp/server.ts'
import { camera, type Opened, openCamera } from './stand.ts'

const clip = readClip(counterClip())
const startCode = Buffer.from([0, 0, 0, 1])
const pictures = new Map(
  clip.frames.map(({ units }, index) => [
    Buffer.concat(
      units.filter((unit) => ![7, 8].includes((unit[0] ?? 0) & 31)).flatMap((unit) => [startCode, unit]),
    ).toString('latin1'),
    index,
  ]),
)
const sets = Buffer.concat([startCode, clip.sps, startCode, clip.pps])

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function stand(options: RtspOptions = {}): Promise<Opened & { readonly sim: RtspSim }> {
  const sim = await startRtsp(options)
  ends.push(() => sim.close())
  const opened = await openCamera(sim.url)
  ends.push(() => opened.link.close())
  return { ...opened, sim }
}

/** Which frame of the clip it is, byte for byte; undefined: none. */
function numberOf({ bytes, video }: FrameArrived): number | undefined {
  const whole = Buffer.from(bytes)
  if (video?.isKey !== true) return pictures.get(whole.toString('latin1'))
  const begins = whole.subarray(0, sets.length).equals(sets)
  return begins ? pictures.get(whole.toString('latin1', sets.length)) : undefined
}

/** Every one is a frame of the clip, and each but a key frame follows the one before it. */
function expectDecodable(frames: readonly FrameArrived[]): void {
  let previous: number | undefined
  for (const frame of frames) {
    const number = numberOf(frame)
    expect(number).toBeDefined()
    if (frame.video?.isKey !== true) expect(number).toBe(((previous ?? -2) + 1) % clip.frames.length)
    previous = number
  }
}

test.each<[string, RtspOptions['faults'], RtspOptions?]>([
  ['FU-A of everything', { payloadBytes: 40 }],
  ['bytes one at a time', { payloadBytes: 900, dribbleBytes: 7 }],
  ['no marker bits', { noMarkers: true }],
  ['whole addresses as controls', { absoluteControls: true }],
  ['two redirects to itself', { redirects: 2 }],
  ['no sender reports', {}, { reportMs: 0 }],
])('%s: every picture comes', async (_name, faults, more) => {
  const { cameras, ledger } = await stand({ ...more, faults: faults ?? {} })
  cameras.open(camera)
  const frames = await ledger.frames(60)
  expect(frames.map(numberOf)).toEqual(Array.from({ length: 60 }, (_, n) => n))
})

test.each<[string, RtspOptions['faults']]>([
  ['lost packets', { loseOneIn: 25 }],
  ['packets that change places', { swapOneIn: 25, payloadBytes: 300 }],
  ['garbage between packets', { garbageOneIn: 5 }],
  ['garbage in small pieces', { garbageOneIn: 9, dribbleBytes: 13 }],
])('%s: what is told can be decoded, and the rest is counted', async (_name, faults) => {
  const { cameras, ledger } = await stand({ faults: faults ?? {}, framesPerSecond: 120 })
  cameras.open(camera)
  const frames = await ledger.frames(150)
  expectDecodable(frames)
  await ledger.until(() => (ledger.of('link-reported').at(-1)?.counters.badMessages ?? 0) > 0)
})

test('a stream that stalls is said to, and comes back when it does', async () => {
  const { cameras, ledger, sim } = await stand()
  cameras.open(camera)
  await ledger.frames(10)
  sim.faults.stall = true
  expect(await ledger.trouble('no pictures for 5 s')).toBeTruthy()
  expect(ledger.state?.is).not.toBe('live')
  sim.faults.stall = false
  const count = ledger.of('frame-arrived').length
  const frames = await ledger.frames(count + 10)
  expect(frames[count]?.video?.isKey).toBe(true)
  await ledger.is('live')
})

test('hung up on without notice, it dials again and begins with a key frame', async () => {
  const { cameras, ledger, sim } = await stand()
  cameras.open(camera)
  await ledger.frames(10)
  const count = ledger.of('frame-arrived').length
  sim.hangUp()
  await ledger.trouble('hung up')
  const frames = await ledger.frames(count + 5)
  expectDecodable(frames.slice(count))
})

test('401 for everything is one try and then a refusal, however often somebody looks', async () => {
  const { cameras, ledger, sim } = await stand({ faults: { refuseAll: true } })
  await ledger.is('refused')
  const asked = sim.requests.length
  for (let n = 0; n < 20; n++) cameras.open(camera)()
  cameras.open(camera)
  await ledger.trouble('asks for a user')
  expect(sim.requests.length).toBe(asked)
})

test.each<[string, RtspOptions['faults'], string]>([
  ['an SDP without video', { sdp: 'no-video' }, 'this address has no video: it offers only audio'],
  ['an SDP of garbage', { sdp: 'garbage' }, 'this address has no video'],
  ['MPEG-4', { sdp: 'mpeg4' }, 'this stream is MP4V-ES: set the camera'],
  [
    'a track nobody can set up',
    { sdp: 'bad-control' },
    'no stream at this address (404). Look its RTSP path up',
  ],
  ['a body of 4 GiB', { hugeBody: true }, 'the length of its answer makes no sense'],
  ['redirects without end', { redirects: 1e9 }, 'sends us from one address to the next'],
  ['a packet that never ends', { hugePacket: true }, 'no pictures for 5 s'],
])('%s is said in words', async (_name, faults, words) => {
  const { cameras, ledger } = await stand({ faults: faults ?? {} })
  cameras.open(camera)
  expect(await ledger.trouble(words)).toBeTruthy()
})

test('another path is no stream', async () => {
  const sim = await startRtsp()
  ends.push(() => sim.close())
  const { link, ledger } = await openCamera(sim.url.replace('live/main', 'nothing'))
  ends.push(() => link.close())
  const trouble = () => ledger.of('cameras-reported').at(-1)?.cameras[0]?.trouble || undefined
  expect(await ledger.until(trouble)).toContain('(404)')
})

test('who hangs up in the middle of the answers leaves nothing running', async () => {
  const { cameras, ledger, sim } = await stand({ faults: { mute: true } })
  const close = cameras.open(camera)
  await expect.poll(() => sim.requests.length).toBeGreaterThan(0)
  close()
  sim.faults.mute = false
  cameras.open(camera)
  await ledger.frames(3)
})

/** Answers whatever is asked with these bytes. */
async function answersWith(bytes: Buffer): Promise<string> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.on('data', () => socket.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return `rtsp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/x`
}

test.each<[string, Buffer, string]>([
  ['2 MiB of nothing', Buffer.alloc(2 * 1024 * 1024, 7), 'what it sends is no RTSP'],
  ['a header without end', Buffer.from(`RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(5000)}`), 'does not end'],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'does not answer OPTIONS'],
])('%s in place of an answer', async (_name, bytes, words) => {
  const { link, ledger } = await openCamera(await answersWith(bytes))
  ends.push(() => link.close())
  expect((await ledger.is('waiting')).reason).toContain(words)
})
