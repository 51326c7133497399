/** The ring on a real disk: how long it keeps, what alerts keep, what a disk may do to it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ringMs } from '../../../../src/main/recorder/ring.ts'
import { folderOf } from '../../../../src/main/recorder/scan.ts'
import { HandClock } from '../../drivers/blue-light/hand-clock.ts'
import { discard, door, jpegFrame, killed, pinOf, read, ringIn, scratch, videoFrame, yard } from './frames.ts'

const dirs: string[] = []
afterEach(() => {
  for (const dir of dirs.splice(0)) discard(dir)
})
function folder(): string {
  const dir = scratch()
  dirs.push(dir)
  return dir
}

const everything = [0, Number.MAX_SAFE_INTEGER] as const

describe('the ring', () => {
  it('keeps the last half minute and more, and lets go of what is older', async () => {
    const dir = folder()
    const ring = await ringIn(dir)
    const begin = 1_000_000
    for (let n = 0; n < 3000; n++) {
      ring.record(door, jpegFrame(n, begin + n * 100))
      if (n % 50 === 0) await ring.flush()
    }
    await ring.flush()
    const kept = await read(ring, door, ...everything)
    const newest = begin + 2999 * 100
    const [first = 0] = kept
    expect(kept.at(-1)).toBe(2999)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => first + n))
    expect(newest - (begin + first * 100)).toBeGreaterThanOrEqual(ringMs)
    // A segment is four seconds, and one may be on its way out.
    expect(newest - (begin + first * 100)).toBeLessThanOrEqual(ringMs + 2 * 4100)
    await ring.close()
  })

  it('begins each segment of video with a key frame, and after a loss goes on with one', async () => {
    const ring = await ringIn(folder(), { mostQueuedBytes: 4000 })
    ring.record(door, videoFrame(0, 0, false))
    for (let n = 1; n < 200; n++) {
      ring.record(door, videoFrame(n, n * 40, n % 30 === 1))
      if (n < 100 || n > 170) await ring.flush()
    }
    await ring.flush()
    const kept = await read(ring, door, ...everything)
    const gap = kept.findIndex((n, place) => place > 0 && n !== (kept[place - 1] ?? 0) + 1)
    expect(kept[0]).toBe(1)
    expect((kept[gap] ?? 0) % 30).toBe(1)
    expect(ring.isSlow(door)).toBe(true)
    expect(ring.droppedOf(door)).toBe(200 - kept.length)
    for (const { path, codec } of ring.shelf.of(door)) {
      const [first] = await read(ring, door, ...everything)
      expect(readFileSync(path).length).toBeGreaterThan(0)
      expect([codec, (first ?? 0) % 30]).toEqual(['avc1.42E01F', 1])
    }
    for (const segment of ring.shelf.of(door)) {
      const [first = 0] = await read(ring, door, segment.firstAt, segment.firstAt)
      expect(first % 30).toBe(1)
    }
    await ring.close()
  })

  it('plays from the key frame before the moment that is asked for', async () => {
    const ring = await ringIn(folder())
    for (let n = 0; n < 200; n++) ring.record(door, videoFrame(n, n * 40, n % 25 === 0))
    await ring.flush()
    expect((await read(ring, door, 1500, 2000))[0]).toBe(25)
    expect(await read(ring, door, 1500, 2000)).toEqual(Array.from({ length: 26 }, (_, n) => 25 + n))
    await ring.close()
  })

  it('does not lose its past when the clock is set back or forth', async () => {
    const ring = await ringIn(folder())
    for (let n = 0; n < 100; n++) ring.record(door, jpegFrame(n, 10_000_000 + n * 100))
    for (let n = 100; n < 200; n++) ring.record(door, jpegFrame(n, 5_000_000 + n * 100))
    for (let n = 200; n < 300; n++) ring.record(door, jpegFrame(n, 90_000_000 + n * 100))
    await ring.flush()
    expect(await read(ring, door, ...everything)).toEqual(Array.from({ length: 300 }, (_, n) => n))
    await ring.close()
  })
})

describe('an alert', () => {
  it('keeps the half minutes around it, the second one as it comes, over a restart in the middle', async () => {
    const dir = folder()
    let ring = await ringIn(dir)
    const at = 500_000
    let n = 0
    const run = async (untilMs: number) => {
      for (; n * 100 < untilMs; n++) {
        ring.record(door, jpegFrame(n, n * 100))
        if (n % 20 === 0) await ring.flush()
      }
      await ring.flush()
    }
    await run(at)
    await ring.pin(pinOf('a', door, at))
    await run(at + 10_000)
    ring = await ringIn(await killed(ring, dir, folder()))
    await run(at + 400_000)
    const kept = await read(ring, door, at - 30_000, at + 30_000)
    expect(kept).toEqual(Array.from({ length: 601 }, (_, place) => at / 100 - 300 + place))
    expect(await read(ring, door, at + 100_000, at + 200_000)).toEqual([])
    await ring.close()
  })

  it('that is over gives its recording up when its days are; one that is open never does', async () => {
    const begin = 1_000_000
    const dir = folder()
    const over = pinOf('over', door, begin + 5000)
    let ring = await ringIn(dir, { clock: new HandClock(begin) })
    for (const camera of [door, yard])
      for (let n = 0; n < 100; n++) ring.record(camera, jpegFrame(n, begin + n * 100))
    await ring.flush()
    await ring.pin(over)
    await ring.pin(pinOf('open', yard, begin + 5000))
    await ring.close()
    /** After so many days: how much is left of both. */
    const left = async (days: number) => {
      ring = await ringIn(dir, { clock: new HandClock(begin + days * 24 * 3600_000) })
      ring.settle(over.alert, false)
      await ring.sweep(30, () => false)
      await ring.close()
      return [(await read(ring, door, ...everything)).length, (await read(ring, yard, ...everything)).length]
    }
    expect(await left(29)).toEqual([100, 100])
    expect(await left(31)).toEqual([0, 100])
    expect(await left(3000)).toEqual([0, 100])
    expect(ring.shelf.pinOf(over.alert)?.gone).toMatchObject({ by: null })
  })

  it('whose recording a person removes leaves nothing, but for what another alert keeps', async () => {
    const dir = folder()
    const ring = await ringIn(dir)
    for (let n = 0; n < 400; n++) ring.record(door, jpegFrame(n, n * 100))
    await ring.flush()
    const first = pinOf('first', door, 5000, 4000)
    await ring.pin(first)
    await ring.pin(pinOf('second', door, 20_000, 4000))
    await ring.release(first, 'Linh')
    const left = await read(ring, door, ...everything)
    expect(left.filter((n) => n >= 10 && n <= 90)).toEqual([])
    expect(left).toEqual(expect.arrayContaining(Array.from({ length: 81 }, (_, n) => 160 + n)))
    await ring.close()
  })

  it('nobody has found the camera of yet is waited for before anything is deleted', async () => {
    const dir = folder()
    const ring = await ringIn(dir, { keepMs: 5000 })
    for (let n = 0; n < 60; n++) ring.record(door, jpegFrame(n, n * 100))
    await ring.flush()
    let found = () => {}
    ring.hold(
      new Promise<void>((resolve) => {
        found = resolve
      }),
    )
    for (let n = 60; n < 300; n++) ring.record(door, jpegFrame(n, n * 100))
    const flushed = ring.flush()
    await new Promise((resolve) => setImmediate(resolve))
    await ring.pin(pinOf('late', door, 2000, 1500))
    found()
    await flushed
    expect(await read(ring, door, 500, 3500)).toEqual(Array.from({ length: 31 }, (_, n) => 5 + n))
    await ring.close()
  })
})

describe('a disk', () => {
  it('whose budget alerts keep whole stops the recorder in words, and room lets it go on', async () => {
    const troubles: (string | null)[] = []
    const clock = new HandClock()
    let budget = 300_000
    const ring = await ringIn(folder(), {
      clock,
      budgetBytes: () => budget,
      onTrouble: (trouble) => troubles.push(trouble?.is ?? null),
    })
    await ring.pin(pinOf('open', door, 20_000, 1e9))
    for (let n = 0; n < 100; n++) {
      ring.record(door, jpegFrame(n, n * 100, 10_000))
      await ring.flush()
    }
    expect(troubles).toEqual(['budget'])
    expect(ring.shelf.bytes).toBeLessThanOrEqual(budget)
    budget = 3_000_000
    clock.advance(20_000)
    ring.record(door, jpegFrame(200, 20_000, 10_000))
    await ring.flush()
    expect(troubles).toEqual(['budget', null])
    const kept = await read(ring, door, ...everything)
    expect(kept.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(kept.at(-1)).toBe(200)
    await ring.close()
  })

  it('that is nearly full is left to the history', async () => {
    const troubles: (string | null)[] = []
    const ring = await ringIn(folder(), {
      freeBytes: async () => 999_000_000,
      onTrouble: (trouble) => troubles.push(trouble?.is ?? null),
    })
    ring.record(door, jpegFrame(1, 1000))
    await ring.flush()
    expect([troubles, ring.shelf.bytes]).toEqual([['disk-full'], 0])
    await ring.close()
  })

  it('that takes no note of a removal still gives the room back: it may be full', async () => {
    const dir = folder()
    const begin = 1_000_000
    const ring = await ringIn(dir, { clock: new HandClock(begin) })
    for (const camera of [door, yard])
      for (let n = 0; n < 100; n++) ring.record(camera, jpegFrame(n, begin + n * 100))
    await ring.flush()
    const [removed, expired, another] = [
      pinOf('removed', door, begin + 5000),
      pinOf('expired', yard, begin + 1000, 500),
      pinOf('another', yard, begin + 9000, 500),
    ]
    for (const pin of [removed, expired, another]) await ring.pin(pin)
    for (const camera of [door, yard]) ring.end(camera)
    await ring.flush()
    // What refuses to be written to, as a full disk does.
    rmSync(join(dir, 'alerts.log'))
    mkdirSync(join(dir, 'alerts.log'))
    await ring.release(removed, 'An')
    expect(ring.shelf.of(door)).toEqual([])
    expect(readdirSync(join(dir, folderOf(door)))).toEqual([])
    for (const { alert } of [expired, another]) ring.settle(alert, false)
    await ring.sweep(-1, () => false)
    expect(ring.shelf.of(yard)).toEqual([])
    expect(readdirSync(join(dir, folderOf(yard)))).toEqual([])
    await ring.close()
  })

  it('that refuses is spoken of, and tried again after a while', async () => {
    const dir = folder()
    const clock = new HandClock()
    const troubles: (string | null)[] = []
    const ring = await ringIn(dir, { clock, onTrouble: (trouble) => troubles.push(trouble?.is ?? null) })
    // A file where the camera's folder should be.
    writeFileSync(join(dir, folderOf(door)), 'in the way')
    ring.record(door, jpegFrame(1, 1000))
    await ring.flush()
    expect(troubles).toEqual(['disk-broken'])
    ring.record(door, jpegFrame(2, 1100))
    await ring.flush()
    expect(ring.droppedOf(door)).toBe(2)
    discard(join(dir, folderOf(door)))
    clock.advance(15_000)
    ring.record(door, jpegFrame(3, 1200))
    await ring.flush()
    expect(troubles).toEqual(['disk-broken', null])
    expect(await read(ring, door, ...everything)).toEqual([3])
    await ring.close()
  })

  it('with files of others in the folder does not trouble the recorder, and they stay as they are', async () => {
    const dir = folder()
    const own = join(dir, folderOf(door))
    mkdirSync(join(own, '000000000009.wfr'), { recursive: true })
    writeFileSync(join(own, '000000000001.wfr'), 'not a recording, whatever its name says'.repeat(30))
    writeFileSync(join(own, '000000000002.wfr'), '')
    writeFileSync(join(own, 'notes.txt'), 'mine')
    writeFileSync(join(dir, 'alerts.log'), 'garbage\n00000000 {"alert":1}\n\u0000\u0000')
    writeFileSync(join(dir, 'stray'), 'x')
    const ring = await ringIn(dir)
    ring.record(door, jpegFrame(1, 1000))
    await ring.flush()
    expect(await read(ring, door, ...everything)).toEqual([1])
    expect(readdirSync(own).sort()).toEqual([
      '000000000001.wfr',
      '000000000009.wfr',
      '000000000010.wfr',
      'notes.txt',
    ])
    await ring.close()
  })
})
