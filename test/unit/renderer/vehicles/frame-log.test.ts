import { describe, expect, test } from 'vitest'
import type { BusFrame } from '../../../../src/contract/modules.ts'
import { FrameLog, frameText } from '../../../../src/renderer/features/vehicles/frame-log.ts'

function frame(more: Partial<BusFrame> = {}): BusFrame {
  return {
    at: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    direction: 'reply',
    unit: 2,
    fn: 3,
    hex: '02030200027d85',
    text: '1 word',
    trouble: '',
    tookMs: 1.25,
    ...more,
  }
}

describe('the bus monitor', () => {
  test('keeps the last two thousand frames and counts all of them', () => {
    const log = new FrameLog()
    for (let n = 0; n < 25; n++) log.add(Array.from({ length: 100 }, () => frame()))
    const { frames, total } = log.snapshot()
    expect(frames).toHaveLength(2000)
    expect(total).toBe(2500)
    expect(frames.at(-1)?.n).toBe(2500)
  })

  test('counts what was missed and what was in trouble', () => {
    const log = new FrameLog()
    log.add([frame(), frame({ trouble: 'crc' })], 7)
    expect(log.snapshot()).toMatchObject({ total: 2, missed: 7, troubled: 1 })
  })

  test('filters by bytes, words and trouble', () => {
    const log = new FrameLog()
    log.add([frame(), frame({ hex: 'ffff', trouble: 'stray', text: 'noise' })])
    log.filter('FFF', false)
    expect(log.snapshot().frames.map(({ hex }) => hex)).toEqual(['ffff'])
    log.filter('', true)
    expect(log.snapshot().frames.map(({ trouble }) => trouble)).toEqual(['stray'])
    log.filter('nothing of that', false)
    expect(log.snapshot().frames).toEqual([])
  })

  test('a pause holds the picture, not the counting', () => {
    const log = new FrameLog()
    log.add([frame()])
    log.pause(true)
    log.add([frame(), frame()])
    expect(log.snapshot().frames).toHaveLength(1)
    log.pause(false)
    expect(log.snapshot()).toMatchObject({ total: 3 })
    expect(log.snapshot().frames).toHaveLength(3)
  })

  test('a frame for the clipboard has its bytes apart', () => {
    expect(frameText(frame())).toBe('2026-01-02T03:04:05.678Z reply 02 03 02 00 02 7d 85 1.3 ms 1 word')
  })
})
