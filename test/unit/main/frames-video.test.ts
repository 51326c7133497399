/** Video to viewers: every unit in order or a jump to a key frame, never a unit whose predecessor is missing, never more than is bounded. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { longestWaitMs, mostWaitingBytes } from '../../../src/main/live/frame-viewer.ts'
import { Frames } from '../../../src/main/live/frames.ts'
import { mostGroupBytes, mostGroupUnits } from '../../../src/main/live/video-group.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { cameraId } from './detections.ts'

const door = cameraId('door')
const codec = 'avc1.42E01F'

function bench() {
  const clock = new HandClock()
  let source: { open(): () => void; snapshot(): Promise<never> } | undefined
  const restart = () => {
    source = { open: () => () => {}, snapshot: () => Promise.reject(new Error('not asked for here')) }
  }
  restart()
  const frames = new Frames(clock, () => source)
  const fact = { type: 'frame-arrived' as const, camera: door, widthPx: 640, heightPx: 480 }
  return {
    clock,
    frames,
    restart() {
      restart()
      frames.refresh()
    },
    unit(isKey: boolean, size = 100) {
      const video = { codec, isKey }
      frames.push({ ...fact, video, bytes: new Uint8Array(size), receivedAt: clock.now() })
    },
    jpeg() {
      frames.push({ ...fact, bytes: new Uint8Array(100), receivedAt: clock.now() })
    },
    look(takes: 'all' | 'jpeg' = 'all') {
      const viewer = { wakes: 0 }
      const slot = frames.open(door, () => viewer.wakes++, takes)
      const all = () => {
        const taken: number[] = []
        for (let next = slot.take(); next !== null; next = slot.take()) taken.push(next.header.frame)
        return taken
      }
      return Object.assign(viewer, { take: () => slot.take(), all, close: () => slot.close() })
    },
  }
}

let stand: ReturnType<typeof bench>

beforeEach(() => {
  stand = bench()
})

describe('a viewer of video', () => {
  it('gets every unit in order, woken for each', () => {
    const viewer = stand.look()
    stand.unit(true)
    for (let n = 0; n < 9; n++) stand.unit(false)
    expect(viewer.take()).toMatchObject({
      header: { frame: 1, dropped: 0, video: { codec, isKey: true }, trouble: '' },
    })
    expect(viewer.all()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(viewer.wakes).toBe(10)
  })

  it('that is a second behind loses what waits, goes on at the next key frame, and is told how much', () => {
    const viewer = stand.look()
    stand.unit(true)
    stand.unit(false)
    stand.clock.advance(longestWaitMs)
    stand.unit(false)
    stand.clock.advance(1)
    stand.unit(false)
    expect(viewer.all()).toEqual([])
    stand.unit(false)
    stand.unit(true)
    expect(viewer.take()?.header).toMatchObject({ frame: 6, dropped: 5 })
    stand.unit(false)
    expect(viewer.take()?.header).toMatchObject({ frame: 7, dropped: 0 })
  })

  it('is given no more than 2 MiB to wait; a key frame that does not fit takes the place of what waits', () => {
    const viewer = stand.look()
    stand.unit(true, mostWaitingBytes - 100)
    stand.unit(false)
    stand.unit(false)
    expect(viewer.all()).toEqual([])
    stand.unit(true, mostWaitingBytes + 100)
    stand.unit(true, mostWaitingBytes + 101)
    expect(viewer.take()).toMatchObject({ header: { frame: 5, dropped: 4 } })
    expect(viewer.take()).toBeNull()
  })

  it('that comes later gets all since the last key frame at once', () => {
    stand.look()
    for (const isKey of [true, false, true, false, false]) stand.unit(isKey)
    const late = stand.look()
    expect(late.take()?.header).toMatchObject({ frame: 3, behind: 2 })
    expect(late.take()?.header).toMatchObject({ frame: 4, behind: 1 })
    expect(late.take()?.header).not.toHaveProperty('behind')
  })

  it('that comes while the stream pauses gets the same with the next unit', () => {
    stand.look()
    stand.unit(true)
    stand.unit(false)
    stand.clock.advance(1500)
    const late = stand.look()
    expect(late.all()).toEqual([])
    stand.unit(false)
    expect(late.wakes).toBe(1)
    expect(late.all()).toEqual([1, 2, 3])
  })

  it('that comes when more came since the last key frame than is kept waits for the next', () => {
    stand.look()
    stand.unit(true)
    for (let n = 0; n < mostGroupUnits; n++) stand.unit(false)
    const late = stand.look()
    stand.unit(false)
    expect(late.all()).toEqual([])
    stand.unit(true)
    expect(late.all()).toEqual([mostGroupUnits + 3])
  })

  it('that comes behind 4 MiB since the last key frame waits too', () => {
    stand.look()
    stand.unit(true, mostGroupBytes / 2)
    stand.unit(false, mostGroupBytes / 2 + 1)
    const late = stand.look()
    expect(late.all()).toEqual([])
    stand.unit(true)
    expect(late.all()).toEqual([3])
  })

  it('of 3 MiB since the last key frame gets them all, and the next unit with them', () => {
    stand.look()
    stand.unit(true, mostGroupBytes / 2)
    stand.unit(false, mostGroupBytes / 4)
    const late = stand.look()
    stand.unit(false)
    expect(late.all()).toEqual([1, 2, 3])
  })

  it('that takes JPEGs only is told why there is none', () => {
    const early = stand.look('jpeg')
    stand.unit(true)
    stand.unit(false)
    expect(early.take()?.header.trouble).toContain('H.264')
    expect(early.take()).toBeNull()
    expect(stand.look('jpeg').take()?.header.trouble).toContain('H.264')
    stand.jpeg()
    expect(early.take()?.header).toMatchObject({ trouble: '', video: null })
  })
})

describe('a stream of video', () => {
  it('after a trouble begins again at a key frame, and the trouble lasts until then', () => {
    const viewer = stand.look()
    stand.unit(true)
    stand.frames.trouble(door, 'no answer')
    expect(viewer.take()?.header).toMatchObject({ trouble: 'no answer', dropped: 1 })
    stand.unit(false)
    expect(viewer.take()).toBeNull()
    expect(stand.look().take()?.header.trouble).toBe('no answer')
    stand.unit(true)
    expect(viewer.take()?.header).toMatchObject({ frame: 3, trouble: '' })
  })

  it('of a link that started again begins with a key frame', () => {
    const viewer = stand.look()
    stand.unit(true)
    stand.restart()
    stand.unit(false)
    stand.unit(true)
    expect(viewer.all()).toEqual([1, 3])
  })

  it('without key frames says so', () => {
    const viewer = stand.look()
    for (let n = 0; n <= mostGroupUnits; n++) stand.unit(false)
    expect(viewer.take()?.header.trouble).toContain('key frame')
    expect(viewer.take()).toBeNull()
  })

  it('may turn into JPEGs and back', () => {
    const viewer = stand.look()
    stand.unit(true)
    stand.unit(false)
    stand.jpeg()
    expect(viewer.take()?.header).toMatchObject({ frame: 3, video: null, dropped: 2 })
    stand.unit(false)
    expect(viewer.take()).toBeNull()
    stand.unit(true)
    expect(viewer.take()?.header).toMatchObject({ frame: 5, video: { isKey: true } })
  })
})

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('unit' as const), size: fc.integer({ min: 1, max: 900_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('key' as const), size: fc.integer({ min: 1, max: 3_000_000 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('take' as const), viewer: fc.nat(3), most: fc.nat(6) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(700) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('look', 'trouble', 'restart', 'jpeg', 'leave') }) },
)

describe('whatever is dropped', () => {
  it('no unit is delivered whose predecessor was not, none is counted twice, and what waits is bounded', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const { look, ...stage } = bench()
        const open = () => ({ viewer: look(), last: 0, isWhole: false, counted: 0 })
        const viewers = [open()]
        let frame = 0
        /** The last frame of a source that ended: what comes after it does not continue it. */
        let ended = 0
        const take = (seen: (typeof viewers)[number]): number => {
          const taken = seen.viewer.take()
          if (taken === null) return 0
          const { frame: number, video, trouble, dropped } = taken.header
          const continues = seen.isWhole && number === seen.last + 1 && seen.last !== ended
          if (video !== null) expect(video.isKey || continues).toBe(true)
          if (trouble === '') expect(number).toBeGreaterThan(seen.last)
          seen.isWhole = video !== null
          seen.counted += dropped + (trouble === '' ? 1 : 0)
          expect(seen.counted).toBeLessThanOrEqual(frame)
          if (trouble === '') seen.last = number
          return taken.bytes.length
        }
        for (const act of steps) {
          if (act.do === 'unit' || act.do === 'key' || act.do === 'jpeg') frame++
          if (act.do === 'unit' || act.do === 'key') stage.unit(act.do === 'key', act.size)
          else if (act.do === 'jpeg') stage.jpeg()
          else if (act.do === 'pass') stage.clock.advance(act.ms)
          else if (act.do === 'look') viewers.push(open())
          else if (act.do === 'leave' && viewers.length > 1) viewers.pop()?.viewer.close()
          else if (act.do === 'trouble') stage.frames.trouble(door, `trouble ${frame}`)
          else if (act.do === 'restart') {
            stage.restart()
            ended = frame
          } else if (act.do === 'take') {
            const seen = viewers[act.viewer % viewers.length] ?? viewers[0]
            for (let n = 0; n < act.most && seen !== undefined; n++) take(seen)
          }
        }
        for (const seen of viewers) {
          let waiting = 0
          for (let bytes = take(seen); bytes > 0; bytes = take(seen)) waiting += bytes
          expect(waiting).toBeLessThanOrEqual(mostGroupBytes + mostWaitingBytes)
        }
        stage.frames.close()
      }),
      { numRuns: 200 },
    )
  })
})
