/** What keeps the analyst from a camera's video, in words that are true: a decoder that stalls is not a broken picture. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CameraId, type FrameHeader } from '../../../../src/contract/cameras.ts'
import { Eye, type EyeParts } from '../../../../src/renderer/analysis/eye.ts'
import { header } from '../paint/painter-stand.ts'

/** The browser's decoder on a machine that never comes to it, as no real one can be made to do. */
class StalledDecoder {
  static readonly made: StalledDecoder[] = []
  readonly error: (error: Error) => void
  state = 'unconfigured'
  decodeQueueSize = 0
  ondequeue: () => void = () => {}

  constructor({ error }: { error: (error: Error) => void }) {
    this.error = error
    StalledDecoder.made.push(this)
  }

  configure(): void {
    this.state = 'configured'
  }

  decode(): void {
    this.decodeQueueSize += 1
  }

  close(): void {
    this.state = 'closed'
  }
}

const camera = CameraId.parse('rtsp-1/main')
const unit = (frame: number, isKey: boolean): FrameHeader =>
  header(frame, { video: { codec: 'avc1.42E01F', isKey } })

function openEye() {
  const told: string[] = []
  let take: (header: FrameHeader, bytes: Uint8Array) => void | Promise<void> = () => {}
  const client = {
    feed: (_name: string, _input: object, onFrame: typeof take) => {
      take = onFrame
      return () => {}
    },
  }
  const parts = {
    client,
    turns: { take: async () => () => {} },
    engine: () => null,
    now: () => performance.now(),
    trouble: (_camera: CameraId, text: string) => told.push(text),
    onBug: (error: unknown) => {
      throw error
    },
  }
  const eye = new Eye(camera, parts as unknown as EyeParts)
  return { eye, told, take: (frame: number, isKey = false) => take(unit(frame, isKey), new Uint8Array([1])) }
}

beforeEach(() => {
  StalledDecoder.made.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('VideoDecoder', StalledDecoder)
  vi.stubGlobal('EncodedVideoChunk', class {})
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('video that waits too long for the decoder is told as decoded too slowly', async () => {
  const { eye, told, take } = openEye()
  await take(1, true)
  await take(2)
  const taken = take(3)
  await vi.advanceTimersByTimeAsync(1000)
  await taken
  expect(told).toEqual([
    'Its video is decoded too slowly on the machine of the screen that looks at pictures',
  ])
  eye.close()
})

test('video the decoder gives up is told as not to be decoded', async () => {
  const { eye, told, take } = openEye()
  await take(1, true)
  StalledDecoder.made[0]?.error(Object.assign(new Error('bad data'), { name: 'EncodingError' }))
  expect(told).toEqual(['Its video cannot be decoded'])
  eye.close()
})
