/** Pictures that wait for their boxes: never another picture's, never too many, never too long. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CameraId, type FrameHeader } from '../../../../src/contract/cameras.ts'
import type { FacesNow } from '../../../../src/contract/faces.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { HeldFrames, longestHoldMs, mostHeld } from '../../../../src/renderer/paint/held-frames.ts'
import { HandClock } from '../../drivers/blue-light/hand-clock.ts'

interface Painted {
  readonly frame: number
  readonly found: number | null
  readonly waitedMs: number
}

function stand() {
  const clock = new HandClock()
  const painted: Painted[] = []
  const dropped: number[] = []
  const arrived = new Map<number, number>()
  const held = new HeldFrames<number>(
    {
      paint(frame, found, header) {
        expect(header.frame).toBe(frame)
        painted.push({
          frame,
          found: found === null ? null : found.frame,
          waitedMs: clock.now() - (arrived.get(frame) ?? 0),
        })
      },
      drop: (frame) => dropped.push(frame),
    },
    clock,
  )
  return {
    clock,
    painted,
    dropped,
    held,
    show(frame: number, agoMs = 0) {
      arrived.set(frame, clock.now())
      held.show(frame, headerOf(frame, clock.now() - agoMs), () => {})
    },
    result: (frame: number, at = clock.now()) => held.result(resultOf(frame, at)),
  }
}

function headerOf(frame: number, receivedAt: number): FrameHeader {
  return {
    frame,
    receivedAt,
    capturedAt: null,
    video: null,
    widthPx: 640,
    heightPx: 480,
    dropped: 0,
    fps: 30,
    trouble: '',
  }
}

function resultOf(frame: number, at: number): FacesNow {
  const [id, link] = [CameraId.parse('a/b'), LinkId.parse('owt')]
  return { id, at, receivedAt: at, budgetMs: 1000, frame, link, faces: [] }
}

describe('a picture', () => {
  test('is painted at once while nobody looks for faces', () => {
    const { show, painted } = stand()
    show(1)
    show(2)
    expect(painted).toEqual([
      { frame: 1, found: null, waitedMs: 0 },
      { frame: 2, found: null, waitedMs: 0 },
    ])
  })

  test('waits for its result, and is painted with it', () => {
    const { show, result, painted, clock } = stand()
    show(1)
    clock.advance(40)
    result(1, clock.now() - 40)
    show(2)
    clock.advance(30)
    expect(painted).toHaveLength(1)
    result(2)
    expect(painted[1]).toEqual({ frame: 2, found: 2, waitedMs: 30 })
  })

  test('is painted without when its result does not come', () => {
    const { show, result, painted, clock } = stand()
    result(0, clock.now() - 40)
    show(1)
    clock.advance(longestHoldMs)
    expect(painted).toHaveLength(1)
    expect(painted[0]?.found).toBeNull()
    expect(painted[0]?.waitedMs).toBeLessThan(100)
  })

  test('whose result is already there does not wait', () => {
    const { show, result, painted, clock } = stand()
    result(7, clock.now() - 20)
    show(7, 20)
    expect(painted).toEqual([{ frame: 7, found: 7, waitedMs: 0 }])
  })

  test('that is overtaken by a later one’s result is given back', () => {
    const { show, result, painted, dropped, clock } = stand()
    result(0, clock.now() - 100)
    show(1)
    show(2)
    result(2)
    expect(painted.map(({ frame }) => frame)).toEqual([2])
    expect(dropped).toEqual([1])
  })

  test('does not wait any more two seconds after the last result', () => {
    const { show, result, painted, clock } = stand()
    result(0, clock.now() - 50)
    clock.advance(2001)
    show(1)
    expect(painted).toEqual([{ frame: 1, found: null, waitedMs: 0 }])
  })

  test('of a stream that begins anew is painted, though its number is lower', () => {
    const { show, painted } = stand()
    show(900)
    show(1)
    expect(painted.map(({ frame }) => frame)).toEqual([900, 1])
  })
})

test('whatever comes when: only a picture’s own result, in order, few held, none too long, none lost', () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('show' as const), skip: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('result' as const), back: fc.integer({ min: -3, max: 12 }) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 220 }) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const { show, result, painted, dropped, held, clock } = stand()
      let frame = 0
      let shown = 0
      for (const one of acts) {
        if (one.do === 'wait') clock.advance(one.ms)
        else if (one.do === 'result') result(Math.max(0, frame - one.back))
        else {
          frame += one.skip
          shown++
          show(frame, 5)
        }
        expect(held.size).toBeLessThanOrEqual(mostHeld)
      }
      clock.advance(longestHoldMs)
      expect(held.size).toBe(0)
      expect(painted.length + dropped.length).toBe(shown)
      for (const [n, { frame: at, found, waitedMs }] of painted.entries()) {
        if (found !== null) expect(found).toBe(at)
        expect(waitedMs).toBeLessThanOrEqual(longestHoldMs)
        expect(at).toBeGreaterThan(painted[n - 1]?.frame ?? -1)
      }
    }),
    { numRuns: 500 },
  )
})
