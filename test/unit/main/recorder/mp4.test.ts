/** The MP4 an export writes, read back by a reader of its own: every picture's bytes, its time, and what is missing between. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { movieHead } from '../../../../src/main/recorder/export/movie-head.ts'
import { entryOf, isBidirectional, sampleOf } from '../../../../src/main/recorder/export/sample.ts'
import { gapsOf, type TimedFrame, timingOf } from '../../../../src/main/recorder/export/timing.ts'
import type { RecordedFrame } from '../../../../src/main/recorder/record.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'
import { readMovie } from './mp4-reader.ts'

const startCode = Buffer.from([0, 0, 0, 1])
const begin = Date.parse('2026-11-21T07:32:07.085Z')

function timed(at: number, isKey = true, more: Partial<TimedFrame> = {}): TimedFrame {
  return { at, capturedAt: null, isKey, isBidirectional: false, ...more }
}

function file(frames: readonly TimedFrame[], samples: readonly Buffer[], entryOfSample: readonly number[]) {
  const timing = timingOf(frames)
  const head = movieHead({
    entries: [...new Set(entryOfSample)].map((n) => entryOf(jpeg(640 + n))).filter((one) => one !== null),
    entryOf: entryOfSample,
    sizes: samples.map(({ length }) => length),
    isKey: frames.map(({ isKey }) => isKey),
    timing,
    firstAt: frames[0]?.at ?? 0,
    ...{ widthPx: 640, heightPx: 480 },
  })
  return { timing, movie: readMovie(Buffer.concat([head, ...samples])) }
}

function jpeg(widthPx = 640): RecordedFrame {
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xd9])
  return { receivedAt: begin, capturedAt: null, video: null, widthPx, heightPx: 480, bytes }
}

const film = fc.array(
  fc.record({
    step: fc.nat(90_000),
    isKey: fc.boolean(),
    size: fc.integer({ min: 1, max: 300 }),
    entry: fc.nat(1),
  }),
  { minLength: 1, maxLength: 200 },
)

describe('an exported film', () => {
  it('has every picture’s bytes at its own time, whatever the pauses', () => {
    fc.assert(
      fc.property(film, (parts) => {
        let at = begin
        const frames = parts.map(({ step, isKey }, n) => {
          at += n === 0 ? 0 : Math.max(1, step)
          return timed(at, isKey)
        })
        const samples = parts.map(({ size }, n) => Buffer.alloc(size, n & 0xff))
        const used = new Set(parts.map(({ entry }) => entry))
        const entries = parts.map(({ entry }) => (used.size === 1 ? 0 : entry))
        const { movie, timing } = file(frames, samples, entries)
        expect(movie.samples.map(({ bytes }) => bytes)).toEqual(samples)
        expect(movie.samples.map(({ decodeMs }) => decodeMs)).toEqual(frames.map((one) => one.at - begin))
        expect(movie.samples.map(({ shownMs }) => shownMs)).toEqual(frames.map((one) => one.at - begin))
        expect(movie.samples.map(({ isKey }) => isKey)).toEqual(frames.map(({ isKey }) => isKey))
        expect(movie.samples.map(({ entry }) => entry - 1)).toEqual(entries)
        expect(movie.lengthMs).toBe(timing.lengthMs)
        expect(movie.lengthMs).toBeGreaterThan((frames.at(-1)?.at ?? 0) - begin)
        expect(movie.madeAt).toBe(Math.floor(begin / 1000) * 1000)
      }),
    )
  })

  it('goes forward when pictures came in one ms or the clock was set back, and says how often it was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5000, max: 5000 }), { minLength: 1 }), (steps) => {
        const times: number[] = []
        for (const step of steps) times.push((times.at(-1) ?? begin) + step)
        const { decodeMs, setBacks } = timingOf(times.map((at) => timed(at)))
        let owedMs = 0
        for (let n = 1; n < times.length; n++) {
          const step = steps[n] ?? 0
          const came = (decodeMs[n] ?? 0) - (decodeMs[n - 1] ?? 0)
          // What was pushed on, since no two pictures have one ms, is made good by the next longer step.
          expect(came).toBe(step < 0 ? 1 : Math.max(1, step - owedMs))
          owedMs = step < 0 ? 0 : owedMs + came - step
        }
        expect(setBacks).toBe(steps.slice(1).filter((step) => step < 0).length)
      }),
    )
  })

  it('shows pictures that were sent out of their turn in the camera’s order, each at the moment one came', () => {
    // I P B B, as x264 sends them: shown 0 3 1 2.
    const order = [0, 3, 1, 2, 4, 7, 5, 6]
    const frames = order.map((shown, n) =>
      timed(begin + n * 40, n % 4 === 0, { capturedAt: 5000 + shown * 40, isBidirectional: n % 4 >= 2 }),
    )
    const { movie } = file(
      frames,
      frames.map((_, n) => Buffer.of(n)),
      frames.map(() => 0),
    )
    expect(movie.samples.map(({ shownMs }) => shownMs)).toEqual(order.map((shown) => shown * 40))
    // A camera whose clock is set back in between sends nothing out of its turn.
    const corrected = frames.map((frame, n) => timed(frame.at, n === 0, { capturedAt: n < 4 ? 9000 + n : n }))
    expect(timingOf(corrected).offsetMs).toBeNull()
  })
})

describe('what is missing', () => {
  const every = (step: number, from: number, to: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step)

  it('is told before, between and after what there is', () => {
    const times = [...every(40, 10_000, 20_000), ...every(40, 26_000, 40_000)]
    expect(gapsOf(times, 5000, 60_000)).toEqual([
      { fromAt: 5000, toAt: 10_000 },
      { fromAt: 20_000, toAt: 26_000 },
      { fromAt: 40_000, toAt: 60_000 },
    ])
    expect(gapsOf(every(40, 11_000, 19_000), 12_000, 19_000)).toEqual([])
    expect(gapsOf(every(40, 9500, 30_000), 10_000, 30_020)).toEqual([])
    expect(gapsOf([], 0, 5000)).toEqual([{ fromAt: 0, toAt: 5000 }])
  })

  it('is not between the pictures of a camera that sends few', () => {
    expect(gapsOf(every(20_000, 0, 200_000), 0, 210_000)).toEqual([])
    expect(gapsOf([...every(20_000, 0, 200_000), ...every(20_000, 300_000, 400_000)], 0, 400_000)).toEqual([
      { fromAt: 200_000, toAt: 300_000 },
    ])
  })

  it('is never more than what was asked for, nor negative', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000)),
        fc.nat(50_000),
        fc.integer({ min: 1, max: 50_000 }),
        (some, from, long) => {
          const times = some.toSorted((a, b) => a - b).filter((at) => at <= from + long)
          let before = from
          for (const { fromAt, toAt } of gapsOf(times, from, from + long)) {
            expect(fromAt).toBeGreaterThanOrEqual(before)
            expect(toAt).toBeGreaterThan(fromAt)
            before = toAt
          }
          expect(before).toBeLessThanOrEqual(from + long)
        },
      ),
    )
  })
})

describe('H.264 in it', () => {
  const clip = readClip(counterClip())
  const [first] = clip.frames
  const frameOf = (units: readonly Buffer[], isKey: boolean, codec = 'avc1.42C01F'): RecordedFrame => ({
    ...jpeg(),
    video: { codec, isKey },
    bytes: Buffer.concat(units.flatMap((unit) => [startCode, unit])),
  })

  it('has lengths for start codes, its parameter sets in the entry, and every other byte as it came', () => {
    const slices = (first?.units ?? []).filter((unit) => ![7, 8].includes((unit[0] ?? 0) & 31))
    const key = frameOf([clip.sps, clip.pps, ...slices], true)
    const sample = Buffer.concat(sampleOf(key))
    let at = 0
    for (const unit of slices) {
      expect(sample.readUInt32BE(at)).toBe(unit.length)
      expect(sample.subarray(at + 4, at + 4 + unit.length)).toEqual(unit)
      at += 4 + unit.length
    }
    expect(at).toBe(sample.length)
    const entry = entryOf(key)
    expect(entry?.toString('latin1', 4, 8)).toBe('avc1')
    expect(entry?.includes(clip.sps)).toBe(true)
    expect(entry?.includes(clip.pps)).toBe(true)
    expect(entryOf(frameOf(slices, true))).toBeNull()
    // A set that comes between stays where it is needed.
    const between = Buffer.concat(sampleOf(frameOf([clip.pps, ...slices], false)))
    expect(between.includes(clip.pps)).toBe(true)
  })

  it('is out of its turn only in B slices of a profile that has them', () => {
    // first_mb 0, slice_type 6 (B) and 5 (P): 1 00111 and 1 00110.
    const b = Buffer.from([0x01, 0b1001_1110, 0x80])
    const p = Buffer.from([0x01, 0b1001_1010, 0x80])
    expect(isBidirectional(frameOf([b], false, 'avc1.64001F'))).toBe(true)
    expect(isBidirectional(frameOf([p], false, 'avc1.64001F'))).toBe(false)
    expect(isBidirectional(frameOf([b], false, 'avc1.42E01F'))).toBe(false)
  })
})
