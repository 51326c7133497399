/** Live pictures: who holds a stream open, what a slow viewer gets, and what a viewer learns when nothing comes. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { CameraId } from '../../../src/contract/cameras.ts'
import type { CameraSource } from '../../../src/main/link.ts'
import { Frames, longestFrameBytes } from '../../../src/main/live/frames.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { cameraId } from './detections.ts'

const door = cameraId('door')

class Source implements CameraSource {
  opened = 0
  closed = 0
  open(_camera: CameraId): () => void {
    this.opened++
    return () => this.closed++
  }
  snapshot(): Promise<never> {
    return Promise.reject(new Error('not asked for here'))
  }
}

let clock: HandClock
let source: Source | undefined
let frames: Frames
let made: number

beforeEach(() => {
  clock = new HandClock()
  source = new Source()
  frames = new Frames(clock, () => source)
  made = 0
})

function push(camera = door): Uint8Array {
  const bytes = new Uint8Array([++made])
  frames.push({ type: 'frame-arrived', camera, bytes, widthPx: 640, heightPx: 480, receivedAt: clock.now() })
  return bytes
}

function look(camera = door) {
  const viewer = { wakes: 0 }
  const slot = frames.open(camera, () => viewer.wakes++)
  return Object.assign(viewer, { take: () => slot.take(), close: () => slot.close() })
}

describe('a viewer', () => {
  it('gets the newest frame, and how many it was not ready for', () => {
    const slow = look()
    const quick = look()
    push()
    expect(quick.take()?.header).toMatchObject({ frame: 1, dropped: 0, widthPx: 640, trouble: '' })
    push()
    expect(quick.take()?.header).toMatchObject({ frame: 2, dropped: 0 })
    const third = push()
    expect(slow.take()).toMatchObject({ header: { frame: 3, dropped: 2 }, bytes: third })
    expect(slow.take()).toBeNull()
    push()
    expect(slow.take()?.header).toMatchObject({ frame: 4, dropped: 0 })
    expect(slow.wakes).toBe(4)
  })

  it('that comes later gets the last frame at once while it is fresh', () => {
    look()
    const bytes = push()
    clock.advance(999)
    expect(look().take()?.bytes).toBe(bytes)
    clock.advance(1)
    expect(look().take()).toBeNull()
  })

  it('that left gets nothing more', () => {
    const gone = look()
    look()
    push()
    gone.close()
    expect(gone.take()).toBeNull()
    push()
    expect(gone.wakes).toBe(1)
  })

  it('learns the rate of the last 3 s', () => {
    const viewer = look()
    for (let n = 0; n < 60; n++) {
      push()
      clock.advance(100)
    }
    expect(viewer.take()?.header.fps).toBeCloseTo(10)
    for (let n = 0; n < 10; n++) {
      push()
      clock.advance(1000)
    }
    expect(viewer.take()?.header.fps).toBeCloseTo(1)
  })
})

describe('a stream', () => {
  it('is opened by the first viewer and closed 2 s after the last one', () => {
    const first = look()
    const second = look()
    expect(source).toMatchObject({ opened: 1, closed: 0 })
    first.close()
    clock.advance(10_000)
    expect(source).toMatchObject({ closed: 0 })
    second.close()
    second.close()
    clock.advance(1999)
    expect(source).toMatchObject({ closed: 0 })
    clock.advance(1)
    expect(source).toMatchObject({ opened: 1, closed: 1 })
    expect(look().take()).toBeNull()
    expect(source).toMatchObject({ opened: 2 })
  })

  it('stays open while a layout changes', () => {
    look().close()
    clock.advance(1500)
    const again = look()
    clock.advance(10_000)
    expect(source).toMatchObject({ opened: 1, closed: 0 })
    again.close()
    clock.advance(2000)
    expect(source).toMatchObject({ closed: 1 })
  })

  it('that nobody looks at costs nothing', () => {
    push()
    expect(look().take()).toBeNull()
    expect(source).toMatchObject({ opened: 1 })
  })

  it('in trouble says so once per change, without bytes, until a frame comes', () => {
    const viewer = look()
    push()
    frames.trouble(door, 'no answer')
    frames.trouble(door, 'no answer')
    const taken = viewer.take()
    // the frame before it was not taken
    expect(taken).toMatchObject({ header: { trouble: 'no answer', dropped: 1, fps: 0 } })
    expect(taken?.bytes.length).toBe(0)
    expect(viewer.wakes).toBe(2)
    expect(look().take()?.header.trouble).toBe('no answer')
    frames.trouble(door, 'refused')
    expect(viewer.take()?.header.trouble).toBe('refused')
    push()
    expect(viewer.take()?.header).toMatchObject({ trouble: '', frame: 2, dropped: 0 })
    frames.trouble(door, 'refused')
    expect(viewer.take()?.header.trouble).toBe('refused')
  })

  it('moves to the link that started again, and says when there is none', () => {
    const old = source
    const viewer = look()
    frames.refresh()
    expect(old).toMatchObject({ opened: 1, closed: 0 })
    source = undefined
    frames.refresh()
    expect(old).toMatchObject({ closed: 1 })
    expect(viewer.take()?.header.trouble).not.toBe('')
    source = new Source()
    frames.refresh()
    expect(source).toMatchObject({ opened: 1 })
    push()
    expect(viewer.take()?.header.trouble).toBe('')
    frames.close()
    expect(source).toMatchObject({ closed: 1 })
  })

  it('of a link that does not run says so from the start', () => {
    source = undefined
    expect(look().take()?.header.trouble).not.toBe('')
  })

  it('that its link keeps open tells the next viewer the trouble nobody saw', () => {
    frames.trouble(door, 'no answer')
    const viewer = look()
    expect(viewer.take()?.header.trouble).toBe('no answer')
    viewer.close()
    clock.advance(2000)
    const second = look()
    expect(second.take()?.header.trouble).toBe('no answer')
    second.close()
    clock.advance(2000)
    push()
    expect(look().take()).toBeNull()
  })

  it('whose frames do not fit one message says so, and shows none of them', () => {
    const viewer = look()
    push()
    const bytes = new Uint8Array(longestFrameBytes + 1)
    const frame = { camera: door, widthPx: 8000, heightPx: 6000, receivedAt: clock.now() }
    frames.push({ type: 'frame-arrived', ...frame, bytes })
    frames.push({ type: 'frame-arrived', ...frame, bytes })
    expect(viewer.take()).toMatchObject({ header: { trouble: expect.stringContaining('4 MiB') } })
    expect(viewer.take()).toBeNull()
    frames.push({ type: 'frame-arrived', ...frame, bytes: bytes.subarray(1) })
    expect(viewer.take()).toMatchObject({ header: { trouble: '', frame: 2 } })
  })

  it('keeps at most one frame per viewer, however fast they come', () => {
    const viewer = look()
    for (let n = 0; n < 100_000; n++) push()
    expect(viewer.take()?.header).toMatchObject({ frame: 100_000, dropped: 99_999 })
    expect(viewer.take()).toBeNull()
  })
})
