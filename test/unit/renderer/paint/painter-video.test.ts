/** Video on one surface: which picture is shown, dated and counted how, and what is said where there is none. */
import { describe, expect, test } from 'vitest'
import {
  badPicture,
  freshnessOf,
  noDecoder,
  tooSlow,
  unknownCodec,
} from '../../../../src/renderer/paint/freshness.ts'
import { bench, header, jpeg } from './painter-stand.ts'

describe('video', () => {
  const unit = (frame: number, isKey = false, more: object = {}) =>
    [header(frame, { video: { codec: 'avc1.42E01F', isKey }, ...more }), jpeg(frame)] as const

  test('is shown with the header each picture came with, and its codec', async () => {
    const { painter, last, shown, decode, pass, waiting } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    await last()?.frame(...unit(2))
    decode()
    expect(shown).toEqual([1, 2])
    expect(waiting).toHaveLength(0)
    expect(painter.shown?.header.frame).toBe(2)
    pass(500)
    expect(painter.standing.get()).toMatchObject({ codec: 'avc1.42E01F', receivedAt: 1002, dropped: 0 })
  })

  test('of before somebody looked is decoded but not shown, and none of it counts as passed over', async () => {
    const { painter, last, shown, dropped, decode, pass } = bench()
    painter.start()
    for (let frame = 1; frame <= 8; frame++)
      await last()?.frame(...unit(frame, frame === 1, { behind: 8 - frame }))
    decode()
    expect(shown).toEqual([5, 6, 7, 8])
    expect(dropped).toEqual([1, 2, 3, 4])
    pass(500)
    expect(painter.standing.get().dropped).toBe(0)
  })

  test('that is late because the page was busy is passed over, and counted', async () => {
    const { painter, last, shown, decode, pass } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    decode()
    await last()?.frame(...unit(2, false, { receivedAt: 1100 }))
    await last()?.frame(...unit(3, false, { receivedAt: 1251 }))
    decode()
    expect(shown).toEqual([1, 3])
    pass(500)
    expect(painter.standing.get().dropped).toBe(1)
  })

  test('is shown late where all of it is late: four pictures a second are better than none', async () => {
    const { painter, last, shown, decode, pass } = bench()
    painter.start()
    for (let frame = 1; frame <= 30; frame++) {
      await last()?.frame(...unit(frame, frame === 1, { behind: 20 }))
      decode()
      pass(33)
    }
    expect(shown).toEqual([9, 17, 25])
  })

  test('that stops coming does not look live', async () => {
    const { painter, last, decode, pass } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    decode()
    pass(500)
    expect(freshnessOf(painter.standing.get(), 1500)).toBe('live')
    // Units come, pictures do not: what is on the canvas is as old as it is.
    for (let frame = 2; frame < 60; frame++)
      await last()?.frame(...unit(frame, false, { receivedAt: 1000 + frame * 100 }))
    pass(5000)
    expect(freshnessOf(painter.standing.get(), 6500)).toBe('late')
  })

  test('after a trouble begins at a key frame; what could not be decoded is counted', async () => {
    const { painter, last, shown, decode, pass } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    decode()
    await last()?.frame(header(1, { trouble: 'no answer' }), new Uint8Array())
    await last()?.frame(...unit(2))
    await last()?.frame(...unit(3, true))
    decode()
    expect(shown).toEqual([1, 3])
    pass(500)
    expect(painter.standing.get()).toMatchObject({ dropped: 1, trouble: '' })
  })

  test('is neither decoded nor shown after it was stopped, and its decoder is given back', async () => {
    const { painter, last, shown, dropped, decode, decoders } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    painter.stop()
    expect(decoders[0]?.isClosed).toBe(true)
    decode()
    expect(shown).toEqual([])
    expect(dropped).toEqual([1])
    painter.start()
    await last()?.frame(...unit(2))
    expect(decoders).toHaveLength(1)
    await last()?.frame(...unit(3, true))
    decode()
    expect(shown).toEqual([3])
  })

  test('that cannot be decoded here says so, and looks lost', async () => {
    const without = bench({ canDecode: false })
    without.painter.start()
    await without.last()?.frame(...unit(1, true))
    without.pass(500)
    expect(without.painter.standing.get().trouble).toBe(noDecoder)
    expect(freshnessOf(without.painter.standing.get(), 1500)).toBe('lost')
    const { painter, last, decoders, pass } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    decoders[0]?.on.failed(true)
    pass(500)
    expect(painter.standing.get()).toMatchObject({ trouble: unknownCodec, bad: 1 })
  })

  test('that is decoded too slowly says so until a picture comes, and is not taken for a broken one', async () => {
    const { painter, last, decoders, decode, pass } = bench()
    painter.start()
    await last()?.frame(...unit(1, true))
    const stalled = decoders[0]
    if (stalled === undefined) throw new Error('no decoder')
    stalled.waiting = 3
    const taken = last()?.frame(...unit(2))
    pass(1500)
    await taken
    expect(painter.standing.get()).toMatchObject({ trouble: tooSlow, bad: 0 })
    expect(stalled.isClosed).toBe(true)
    await last()?.frame(...unit(3, true))
    decode()
    pass(500)
    expect(painter.standing.get()).toMatchObject({ trouble: '', bad: 0 })
    decoders[1]?.on.failed(false)
    pass(500)
    expect(painter.standing.get()).toMatchObject({ trouble: badPicture, bad: 1 })
  })

  test('of two tiles that were opened apart is told at the same moments', async () => {
    const told = async (openedAfterMs: number) => {
      const { painter, last, decode, pass } = bench()
      pass(openedAfterMs)
      painter.start()
      await last()?.frame(...unit(1, true))
      decode()
      for (let atMs = openedAfterMs; atMs < 1000; atMs++) {
        if (painter.standing.get().receivedAt !== null) return atMs
        pass(1)
      }
      return null
    }
    expect(await told(30)).toBe(500)
    expect(await told(430)).toBe(500)
  })

  test('is dated by the camera where its clock can be believed, else by its arrival', async () => {
    const { painter, last, decode, pass } = bench()
    painter.start()
    const latency = async (frame: number, capturedAt: number | null) => {
      pass(500)
      await last()?.frame(...unit(frame, true, { receivedAt: 1000 + 500 * frame, capturedAt }))
      pass(20)
      decode()
      pass(480)
      return painter.standing.get()
    }
    expect(await latency(1, 1470)).toMatchObject({ latencyMs: 50, latencyFrom: 'captured' })
    expect(await latency(3, 2501)).toMatchObject({ latencyMs: 20, latencyFrom: 'received' })
    expect(await latency(5, 1499)).toMatchObject({ latencyMs: 20, latencyFrom: 'received' })
    expect(await latency(7, null)).toMatchObject({ latencyMs: 20, latencyFrom: 'received' })
  })
})
