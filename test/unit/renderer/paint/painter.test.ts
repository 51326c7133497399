/** One frame at a time, the newest only, nothing after it was stopped, and honest figures; with a feed and a surface by hand. */
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../src/contract/fault.ts'
import { freshnessOf } from '../../../../src/renderer/paint/freshness.ts'
import { bench, header, jpeg, neverShown, turn } from './painter-stand.ts'

describe('frames', () => {
  test('the next is on its way while one is decoded, and no more than that one', async () => {
    const { painter, last, waiting, shown } = bench()
    painter.start()
    const asked: number[] = []
    for (const frame of [1, 2, 3]) {
      void last()
        ?.frame(header(frame), jpeg(frame))
        .then(() => asked.push(frame + 1))
      await turn()
      if (frame < 3) expect(asked).toEqual([2])
    }
    expect(waiting).toHaveLength(1)
    waiting[0]?.done()
    await turn()
    expect(asked).toContain(3)
    expect(shown).toEqual([1])
    expect(painter.shown?.header.frame).toBe(1)
    expect(painter.shown?.bytes).toEqual(jpeg(1))
    waiting[1]?.done()
    await turn()
    expect(shown).toEqual([1, 2])
  })

  test('decoded after it was stopped is not shown, and its memory is given back', async () => {
    const { painter, last, waiting, shown, dropped } = bench()
    painter.start()
    await last()?.frame(header(1), jpeg(1))
    painter.stop()
    waiting[0]?.done()
    await turn()
    expect(shown).toEqual([])
    expect(dropped).toEqual([1])
    expect(last()?.isClosed).toBe(true)
  })

  test('of a feed that was closed are not even decoded', async () => {
    const { painter, feeds, waiting } = bench()
    painter.start()
    painter.stop()
    painter.start()
    await feeds[0]?.frame(header(1), jpeg(1))
    expect(waiting).toHaveLength(0)
    expect(feeds).toHaveLength(2)
  })

  test('that are no picture are counted, and the next one is shown', async () => {
    const { painter, last, waiting, shown, pass } = bench()
    painter.start()
    await last()?.frame(header(1), jpeg(1))
    waiting[0]?.fail()
    await turn()
    await last()?.frame(header(2), jpeg(2))
    waiting[1]?.done()
    await turn()
    pass(500)
    expect(shown).toEqual([2])
    expect(painter.standing.get()).toMatchObject({ bad: 1, trouble: '', receivedAt: 1002 })
  })

  test('without bytes say why there is none, and decode nothing', async () => {
    const { painter, last, waiting, pass } = bench()
    painter.start()
    await last()?.frame(header(1, { trouble: 'RTSP: refused' }), new Uint8Array())
    pass(500)
    expect(waiting).toHaveLength(0)
    expect(freshnessOf(painter.standing.get(), 1500)).toBe('lost')
    await last()?.frame(header(2), jpeg(2))
    waiting[0]?.done()
    await turn()
    pass(500)
    expect(painter.standing.get().trouble).toBe('')
  })
})

test('a picture that a newer one replaced before it was on the canvas does not count as shown', async () => {
  const { painter, last, waiting, pass } = bench()
  painter.start()
  await last()?.frame(header(1), jpeg(neverShown))
  waiting[0]?.done()
  await turn()
  pass(500)
  expect(painter.shown).toBeNull()
  expect(painter.standing.get().receivedAt).toBeNull()
})

describe('a feed that ended', () => {
  test('says why and is asked for again, until nobody looks', () => {
    const { painter, feeds, last, pass } = bench()
    painter.start()
    last()?.fault(new Fault('not-found', 'No such camera.', 'Take it off the wall.'))
    pass(500)
    expect(painter.standing.get().trouble).toBe('No such camera. Take it off the wall.')
    pass(2500)
    expect(feeds).toHaveLength(2)
    last()?.fault(new Fault('not-found', 'No such camera.'))
    painter.stop()
    pass(10_000)
    expect(feeds).toHaveLength(2)
  })
})

describe('what React is told', () => {
  test('a frame the app had ready before it was asked is live while it is young', async () => {
    const { painter, last, waiting, pass } = bench()
    painter.start()
    await last()?.frame(header(1, { receivedAt: 400 }), jpeg(1))
    waiting.at(-1)?.done()
    await turn()
    pass(600)
    expect(freshnessOf(painter.standing.get(), 1600)).toBe('live')
    expect(freshnessOf(painter.standing.get(), 2401)).toBe('late')
  })

  test('comes twice a second at most, however many frames there are', async () => {
    const { painter, last, waiting, pass } = bench()
    let told = 0
    painter.standing.subscribe(() => told++)
    painter.start()
    told = 0
    for (let frame = 1; frame <= 30; frame++) {
      await last()?.frame(header(frame, { dropped: 2, receivedAt: 1000 + 33 * (frame - 1) }), jpeg(1))
      waiting.at(-1)?.done()
      await turn()
      pass(33)
    }
    expect(told).toBeLessThanOrEqual(2)
    pass(10)
    const standing = painter.standing.get()
    expect(standing.shownFps).toBeCloseTo(1000 / 33, 1)
    expect(standing.dropped).toBe(60)
    expect(standing.latencyMs).toBe(0)
  })

  test('stops when nobody looks, and forgets the figures but not the picture', async () => {
    const { painter, last, waiting, timers } = bench()
    painter.start()
    await last()?.frame(header(1), jpeg(1))
    waiting[0]?.done()
    await turn()
    painter.stop()
    expect(timers.size).toBe(0)
    expect(painter.standing.get()).toMatchObject({
      openedAt: null,
      receivedAt: 1001,
      shownFps: null,
      latencyMs: null,
    })
    expect(painter.shown?.header.frame).toBe(1)
  })
})
