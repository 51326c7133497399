/** Peers nobody here wrote: Debian's GStreamer RTSP server plays to the link, GStreamer's decoder reads what the link tells. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { FrameArrived } from '../../../../src/main/fact.ts'
import { findFfmpeg } from '../../../../src/main/io/transcoder.ts'
import { startRtsp } from '../../../sim/rtsp/server.ts'
import { camera, kept, openCamera } from './stand.ts'

const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('../../../peers/gst-rtsp.py', import.meta.url))

/** What `npm test` installs on Debian; elsewhere these tests are told as not run. */
function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
}
const hasServer = runs(python, '-c', 'import gi; gi.require_version("GstRtspServer", "1.0")')
const hasDecoder = ['x264enc', 'openh264dec', 'rtph264pay'].every((name) => runs('gst-inspect-1.0', name))
const hasX265 = runs('gst-inspect-1.0', 'x265enc')

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function startPeer(...args: string[]): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(python, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  ends.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [line] = await once(child.stdout, 'data')
  const port = /ready (\d+)/.exec(String(line))?.[1]
  return { url: `rtsp://127.0.0.1:${port}/cam`, child }
}

async function open(url: string, secret?: string) {
  const opened = await openCamera(url, secret === undefined ? {} : { secret })
  ends.push(() => opened.link.close())
  opened.cameras.open(camera)
  return opened
}

/** The numbers painted into the pictures, after decoding. */
async function numbersIn(frames: readonly FrameArrived[]): Promise<number[]> {
  const pipeline = 'fdsrc ! h264parse ! openh264dec ! video/x-raw,format=I420,width=640,height=480 ! fdsink'
  const decoder = spawn('gst-launch-1.0', ['-q', ...pipeline.split(' ')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const pieces: Buffer[] = []
  decoder.stdout.on('data', (piece: Buffer) => pieces.push(piece))
  for (const { bytes } of frames) decoder.stdin.write(bytes)
  decoder.stdin.end()
  await once(decoder, 'close')
  const raw = Buffer.concat(pieces)
  const size = 640 * 480 * 1.5
  return Array.from({ length: Math.floor(raw.length / size) }, (_, n) => {
    // The middle of each of the 16 blocks in the strip at the top.
    const bits = Array.from({ length: 16 }, (_, bit) =>
      (raw[n * size + 16 * 640 + bit * 40 + 20] ?? 0) > 126 ? 1 : 0,
    )
    return Number.parseInt(bits.join(''), 2)
  })
}

describe.skipIf(!hasServer || !hasDecoder)('GStreamer’s RTSP server', () => {
  test.each([
    ['none', undefined],
    ['basic', kept('viewer', 'Canary-Passw0rd!')],
    ['digest', kept('viewer', 'Canary-Passw0rd!')],
  ])('plays to us with login %s', async (auth, secret) => {
    const { url } = await startPeer('--auth', auth)
    const { ledger } = await open(url, secret)
    const frames = await ledger.frames(60)
    expect(frames[0]).toMatchObject({ widthPx: 640, heightPx: 480, video: { isKey: true } })
    expect(frames[0]?.video?.codec).toMatch(/^avc1\.42[0-9A-F]{4}$/)
    expect(frames.filter(({ video }) => video?.isKey).length).toBeGreaterThanOrEqual(2)
    // Its reports come some seconds in; then its clock is this machine's.
    const last = await ledger.until(() =>
      ledger.of('frame-arrived').find((one) => one.capturedAt !== undefined),
    )
    expect(Math.abs((last.capturedAt ?? 0) - last.receivedAt)).toBeLessThan(60_000)
    await ledger.is('live')
  })

  test('refuses a wrong password, and is not asked again', async () => {
    const { url } = await startPeer('--auth', 'digest')
    const { ledger } = await open(url, kept('viewer', 'wrong'))
    expect((await ledger.is('refused')).reason).toContain('refuses')
  })

  test('ends without notice, and is dialled again', async () => {
    const { url, child } = await startPeer()
    const { ledger } = await open(url)
    await ledger.frames(5)
    child.kill('SIGKILL')
    await ledger.trouble('hung up')
    expect((await ledger.is('waiting')).reason).toBeTruthy()
  })

  test.skipIf(!hasX265)('H.265 without ffmpeg is said with what to do', async () => {
    const { url } = await startPeer('--codec', 'h265')
    const path = process.env.PATH
    try {
      process.env.PATH = ''
      const { ledger } = await open(url)
      expect(await ledger.trouble('H.265')).toContain('install ffmpeg')
    } finally {
      process.env.PATH = path
    }
  })

  test.skipIf(!hasX265 || findFfmpeg() === null)('H.265 comes as H.264 through ffmpeg', async () => {
    const { url } = await startPeer('--codec', 'h265')
    const { ledger } = await open(url)
    const frames = await ledger.frames(45)
    expect(frames[0]).toMatchObject({ widthPx: 640, heightPx: 480, video: { isKey: true } })
    expect(frames[0]?.video?.codec).toMatch(/^avc1\./)
  })
})

describe.skipIf(!hasDecoder)('GStreamer’s decoder', () => {
  test('reads the painted numbers, in order, out of what the link tells', async () => {
    const sim = await startRtsp({ faults: { payloadBytes: 300 } })
    ends.push(() => sim.close())
    const { ledger } = await open(sim.url)
    const numbers = await numbersIn(await ledger.frames(70))
    expect(numbers).toEqual(Array.from({ length: 70 }, (_, n) => n))
  })

  test('reads no wrong number after packets were lost', async () => {
    const sim = await startRtsp({ faults: { loseOneIn: 40 }, framesPerSecond: 120 })
    ends.push(() => sim.close())
    const { ledger } = await open(sim.url)
    const frames = await ledger.frames(200)
    const numbers = await numbersIn(frames)
    expect(numbers).toHaveLength(frames.length)
    expect(sim.packetsLost).toBeGreaterThan(0)
    numbers.forEach((number, at) => {
      if (frames[at]?.video?.isKey === true) expect(number % 30).toBe(0)
      else expect(number).toBe(((numbers[at - 1] ?? 0) + 1) % 300)
    })
  })
})
