/** One frame at a time, the newest only, nothing after it was stopped, and honest figures; with a feed and a surface by hand. */
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../../src/contract/fault.ts'
import { freshnessOf, noDecoder, unknownCodec } from '../../../../src/renderer/paint/freshness.ts'
import { Painter } from '../../../../src/renderer/paint/painter.ts'
import type { DecoderEvents } from '../../../../src/renderer/paint/unit-decoder.ts'

const header = (frame: number, more: object = {}) => ({
  frame,
  receivedAt: 1000 + frame,
  capturedAt: null,
  video: null,
  widthPx: 640,
  heightPx: 480,
  dropped: 0,
  fps: 30,
  trouble: '',
  ...more,
})
const jpeg = (frame: number) => new Uint8Array([frame])

/** A picture whose place on the canvas a newer one takes. */
const neverShown = 99

interface HandDecoder {
  readonly on: DecoderEvents<number>
  readonly given: { readonly timestamp: number; readonly picture: number }[]
  isClosed: boolean
}

function bench({ canDecode = true } = {}) {
  const decoders: HandDecoder[] = []
  const waiting: { bytes: Uint8Array; done: () => void; fail: () => void }[] = []
  const shown: number[] = []
  const dropped: number[] = []
  const timers = new Map<object, { at: number; call: () => void }>()
  let now = 1000
  const feeds: {
    frame: (...args: Parameters<Parameters<ConstructorParameters<typeof Painter>[0]>[0]>) => Promise<void>
    fault: (fault: Fault) => void
    isClosed: boolean
  }[] = []
  const painter = new Painter<number>(
    (frame, fault) => {
      const feed = { frame, fault, isClosed: false }
      feeds.push(feed)
      return () => {
        feed.isClosed = true
      }
    },
    {
      decode: (bytes) =>
        new Promise((resolve, reject) =>
          waiting.push({
            bytes,
            done: () => resolve(bytes[0] ?? 0),
            fail: () => reject(new Error('not a picture')),
          }),
        ),
      decoder: canDecode
        ? (_codec, on) => {
            const decoder: HandDecoder = { on, given: [], isClosed: false }
            decoders.push(decoder)
            return {
              decode: ({ timestamp, bytes }) => decoder.given.push({ timestamp, picture: bytes[0] ?? 0 }),
              waiting: 0,
              close: () => {
                decoder.isClosed = true
              },
            }
          }
        : null,
      show: (picture, onCanvas) => {
        if (picture === neverShown) return
        shown.push(picture)
        onCanvas()
      },
      drop: (picture) => dropped.push(picture),
    },
    {
      now: () => now,
      after: (ms, call) => {
        const key = {}
        timers.set(key, { at: now + ms, call })
        return () => timers.delete(key)
      },
    },
  )
  const pass = (ms: number) => {
    const until = now + ms
    for (;;) {
      const next = [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0]
      if (next === undefined) break
      timers.delete(next[0])
      now = next[1].at
      next[1].call()
    }
    now = until
  }
  /** Every unit the newest decoder was given comes out as a picture. */
  const decode = () => {
    const decoder = decoders.at(-1)
    for (const { picture, timestamp } of decoder?.given.splice(0) ?? [])
      decoder?.on.picture(picture, timestamp)
  }
  return { painter, feeds, waiting, shown, dropped, timers, pass, decoders, decode, last: () => feeds.at(-1) }
}

/** Until everything that was waiting for an answer has had its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

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
