/** Lost, added and wrong bytes: whole revolutions of one turn or none, and soon found again. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../../../fakes/random.ts'
import { node } from '../../../sim/rplidar/bytes.ts'
import { decoding, type Mode, packet, stream, truth, turn } from './stream.ts'

const modes = ['standard', 'express'] as const

const truths = new Set(Array.from({ length: 64 }, (_, round) => truth(round)))

/** How many of the revolutions told are none: parts of two, or with something in them that was never measured. */
function falseOnes(told: readonly string[]): number {
  return told.filter((one) => !truths.has(one)).length
}

describe.each(modes)('%s', (mode: Mode) => {
  test('undisturbed, every revolution is told, byte by byte or all at once', () => {
    const bytes = stream(mode, turn * 6)
    const whole = decoding(mode)
    whole.push(bytes)
    // The last is not over until the next has begun; an express scan begins within its first.
    const expected = (mode === 'standard' ? [0, 1, 2, 3, 4] : [1, 2, 3, 4]).map(truth)
    expect(whole.ranges()).toEqual(expected)
    expect(whole.counters).toMatchObject({ resyncs: 0, broken: 0, checksumErrors: 0 })
    const single = decoding(mode)
    for (const byte of bytes) single.push(Uint8Array.of(byte))
    expect(single.whole).toEqual(whole.whole)
  })

  test.each(['lost', 'added'] as const)('a byte %s at any place of a packet, anywhere in a turn', (what) => {
    const rounds = 7
    const bytes = stream(mode, turn * rounds)
    const size = packet[mode]
    const packets = Math.floor(bytes.length / size)
    // Every offset of a packet, at its beginning, in the midst, and around the seams between revolutions.
    const seam = Math.floor((turn * 3) / (mode === 'standard' ? 1 : 32))
    for (const at of [seam - 2, seam - 1, seam, seam + 1, Math.floor(packets / 2)]) {
      for (let offset = 0; offset < size; offset += 1) {
        const place = at * size + offset
        const added = what === 'lost' ? [] : [Buffer.of(0x5a)]
        const after = bytes.subarray(what === 'lost' ? place + 1 : place)
        const { push, ranges, counters } = decoding(mode)
        push(Buffer.concat([bytes.subarray(0, place), ...added, after]))
        expect(falseOnes(ranges()), `${what} at ${place}`).toBe(0)
        // Undisturbed it would be one more in standard mode, and two more in express mode, which misses the first.
        const least = mode === 'standard' ? rounds - 3 : rounds - 4
        expect(ranges().length, `${what} at ${place}`).toBeGreaterThanOrEqual(least)
        expect(counters.broken, `${what} at ${place}`).toBeGreaterThanOrEqual(1)
      }
    }
  })

  test('after a lost byte, measurements are right again within two packets', () => {
    const size = packet[mode]
    const bytes = stream(mode, turn * 4)
    const each = mode === 'standard' ? 1 : 32
    for (let offset = 0; offset < size; offset += 1) {
      const at = Math.floor((turn * 2.5) / each)
      const place = at * size + offset
      const { decoder } = decoding(mode)
      const ranges: number[] = []
      let isFound = true
      const sink = {
        point: ({ rangeMm }: { rangeMm: number }) => {
          if (isFound) ranges.push(rangeMm)
        },
        lost() {
          isFound = false
          ranges.length = 0
        },
        found() {
          isFound = true
        },
        badChecksum() {},
      }
      decoder.push(bytes.subarray(0, place), sink)
      decoder.push(bytes.subarray(place + 1, (at + 8) * size), sink)
      const after = decoding(mode)
      const clean: number[] = []
      after.decoder.push(stream(mode, each * (at + 8)), {
        point: ({ rangeMm }) => clean.push(rangeMm),
        lost() {},
        found() {},
        badChecksum() {},
      })
      // Packets spoilt by the slip and at most the two after it are missing from the tail.
      expect(ranges.length, `offset ${offset}`).toBeGreaterThanOrEqual(each * (mode === 'standard' ? 5 : 4))
      expect(clean.slice(-ranges.length).join(), `offset ${offset}`).toBe(ranges.join())
    }
  })

  test('any bytes, in any pieces: never a revolution, never much kept', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 30 }), (pieces) => {
        const { push, whole, decoder } = decoding(mode)
        let most = 0
        for (const piece of pieces) {
          push(piece)
          most = Math.max(most, decoder.kept)
        }
        return whole.length === 0 && most < packet[mode] + 40
      }),
      { numRuns: 300 },
    )
  })

  test('a turn whose angles do not go round is not told', () => {
    const half = stream(mode, turn / 2)
    const { push, whole } = decoding(mode)
    for (let round = 0; round < 8; round += 1) push(half)
    expect(whole).toEqual([])
  })

  test('ten million bytes, one in some thousand lost: no false revolution', () => {
    const random = new Random(7)
    const { push, ranges, whole, counters } = decoding(mode)
    const rounds = 64
    const bytes = stream(mode, turn * rounds)
    let fed = 0
    let told = 0
    let wrong = 0
    while (fed < 10_000_000) {
      let at = 0
      while (at < bytes.length) {
        const size = Math.min(bytes.length - at, 1 + Math.floor(random.next() * 6000))
        push(bytes.subarray(at, at + size))
        // One byte is lost between the pieces; of express scans, another is wrong now and then.
        at += size + 1
        if (mode === 'express' && random.next() < 0.3 && at < bytes.length) {
          push(Uint8Array.of((bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8))))
          at += 1
        }
      }
      fed += bytes.length
      told += whole.length
      wrong += falseOnes(ranges())
      whole.length = 0
    }
    expect(wrong).toBe(0)
    expect(told).toBeGreaterThan(100)
    expect(counters.broken).toBeGreaterThan(100)
  }, 120_000)

  test('ten million random bytes: no revolution', () => {
    const random = new Random(11)
    const { push, whole } = decoding(mode)
    const piece = new Uint8Array(50_000)
    for (let round = 0; round < 200; round += 1) {
      for (let at = 0; at < piece.length; at += 1) piece[at] = Math.floor(random.next() * 256)
      push(piece)
    }
    expect(whole).toEqual([])
  }, 120_000)
})

test('a head that never comes round does not fill the memory', () => {
  const { push, whole, counters } = decoding('standard')
  const stuck = node({ headQ6: 640, rangeMm: 1000, quality: 9, starts: false, offsetQ3: 0 })
  push(stream('standard', 10))
  for (let round = 0; round < 20_000; round += 1) push(stuck)
  expect(whole).toEqual([])
  expect(counters.broken).toBe(1)
})

test('a wrong bit of a capsule is always found, and costs only the turns it lies in', () => {
  const bytes = stream('express', turn * 6)
  const at = 40 * 84
  for (let bit = 0; bit < 84 * 8; bit += 1) {
    const spoilt = Buffer.from(bytes)
    const byte = at + (bit >> 3)
    spoilt[byte] = (spoilt[byte] ?? 0) ^ (1 << (bit & 7))
    const { push, ranges, counters } = decoding('express')
    push(spoilt)
    expect(falseOnes(ranges())).toBe(0)
    expect(ranges().length).toBeGreaterThanOrEqual(2)
    expect(counters.broken).toBeGreaterThanOrEqual(1)
  }
})

test('whole capsules that are missing are found by the angle', () => {
  const bytes = stream('express', turn * 6)
  for (const missing of [1, 2, 5]) {
    const { push, ranges, counters } = decoding('express')
    push(bytes.subarray(0, 40 * 84))
    push(bytes.subarray((40 + missing) * 84))
    expect(falseOnes(ranges())).toBe(0)
    expect(counters.broken).toBeGreaterThanOrEqual(1)
  }
})
