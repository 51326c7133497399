/** The size of the pictures out of an SPS: whatever an encoder may write in it is read back, and any bytes are survived. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSps } from '../../../../src/main/drivers/rtsp/sps.ts'
import { counterClip, readClip } from '../../../sim/rtsp/clip.ts'

class BitWriter {
  #bits = ''

  bits(value: number, count: number): this {
    this.#bits += value.toString(2).padStart(count, '0')
    return this
  }

  unsigned(value: number): this {
    const code = (value + 1).toString(2)
    this.#bits += '0'.repeat(code.length - 1) + code
    return this
  }

  signed(value: number): this {
    return this.unsigned(value > 0 ? 2 * value - 1 : -2 * value)
  }

  /** With the stop bit, and with the bytes that keep start codes out. */
  unit(header: readonly number[]): Buffer {
    const bits = `${this.#bits}1`
    const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0')
    const out: number[] = []
    let zeros = 0
    for (const byte of (padded.match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2))) {
      if (zeros >= 2 && byte <= 3) {
        out.push(3)
        zeros = 0
      }
      out.push(byte)
      zeros = byte === 0 ? zeros + 1 : 0
    }
    return Buffer.from([...header, ...out])
  }
}

const anySet = fc.record({
  profile: fc.constantFrom(66, 77, 88, 100, 110, 122, 244, 44),
  constraints: fc.integer({ min: 0, max: 255 }),
  level: fc.integer({ min: 0, max: 255 }),
  id: fc.integer({ min: 0, max: 31 }),
  chroma: fc.integer({ min: 0, max: 3 }),
  isPlanar: fc.boolean(),
  /** Null: no scaling matrix; else for each list whether it is there. */
  scaling: fc.option(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 })),
  frameNum: fc.integer({ min: 0, max: 12 }),
  order: fc.integer({ min: 0, max: 2 }),
  cycle: fc.array(fc.integer({ min: -(2 ** 28), max: 2 ** 28 }), { maxLength: 6 }),
  across: fc.integer({ min: 8, max: 512 }),
  down: fc.integer({ min: 8, max: 256 }),
  areFrames: fc.boolean(),
  crop: fc.option(fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 7 })))),
})

test('what was written is read', () => {
  fc.assert(
    fc.property(anySet, (one) => {
      const { profile, constraints, level, chroma, isPlanar, crop, areFrames, order } = one
      const hasChroma = ![66, 77, 88].includes(profile)
      const write = new BitWriter().unsigned(one.id)
      if (hasChroma) {
        write.unsigned(chroma)
        if (chroma === 3) write.bits(isPlanar ? 1 : 0, 1)
        write.unsigned(0).unsigned(0).bits(0, 1)
        write.bits(one.scaling === null ? 0 : 1, 1)
        for (let list = 0; one.scaling !== null && list < (chroma === 3 ? 12 : 8); list++) {
          const isThere = one.scaling[list] === true
          write.bits(isThere ? 1 : 0, 1)
          // Ups and downs that stay within 1..255, as long as the list is.
          for (let n = 0; isThere && n < (list < 6 ? 16 : 64); n++) write.signed(n % 2 === 0 ? 5 : -4)
        }
      }
      write.unsigned(one.frameNum).unsigned(order)
      if (order === 0) write.unsigned(4)
      if (order === 1) {
        write.bits(1, 1).signed(-3).signed(900).unsigned(one.cycle.length)
        for (const offset of one.cycle) write.signed(offset)
      }
      write
        .unsigned(2)
        .bits(0, 1)
        .unsigned(one.across - 1)
        .unsigned(one.down - 1)
      write.bits(areFrames ? 1 : 0, 1)
      if (!areFrames) write.bits(1, 1)
      write.bits(1, 1).bits(crop === null ? 0 : 1, 1)
      for (const side of crop ?? []) write.unsigned(side)
      const unit = write.bits(0, 1).unit([0x67, profile, constraints, level])
      const sampling = hasChroma ? (chroma === 3 && isPlanar ? 0 : chroma) : 1
      const stepX = sampling === 1 || sampling === 2 ? 2 : 1
      const stepY = (sampling === 1 ? 2 : 1) * (areFrames ? 1 : 2)
      const [left = 0, right = 0, top = 0, bottom = 0] = crop ?? []
      const hex = Buffer.from([profile, constraints, level]).toString('hex').toUpperCase()
      expect(readSps(unit)).toEqual({
        codec: `avc1.${hex}`,
        widthPx: one.across * 16 - stepX * (left + right),
        heightPx: one.down * 16 * (areFrames ? 1 : 2) - stepY * (top + bottom),
      })
      // Cut short anywhere it says nothing, or the same: never something else.
      const cut = readSps(unit.subarray(0, Math.floor(unit.length / 2)))
      if (cut !== null) expect(cut.codec).toBe(`avc1.${hex}`)
    }),
    { numRuns: 300 },
  )
})

test('any bytes are survived, and no size is beyond what a picture can have', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const read = readSps(Buffer.from([0x67, ...bytes]))
      if (read === null) return
      expect(read.widthPx).toBeGreaterThan(0)
      expect(read.heightPx).toBeGreaterThan(0)
      expect(Math.max(read.widthPx, read.heightPx)).toBeLessThanOrEqual(16_384)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['the clip', readClip(counterClip()).sps.toString('hex'), 'avc1.42C01F', 640, 480],
  // 1920×1080 is 1920×1088 with eight rows cut off: x264, high profile, level 4.0.
  ['1080p', '67640028acd940780227e5c044000003000400000300f03c60c658', 'avc1.640028', 1920, 1080],
])('%s', (_name, hex, codec, widthPx, heightPx) => {
  expect(readSps(Buffer.from(hex, 'hex'))).toEqual({ codec, widthPx, heightPx })
})
