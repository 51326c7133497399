/** The frame codec: every function, every bit, and bytes that are no frame. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc16, crcFits } from '../../../../src/main/drivers/modbus/crc.ts'
import { answerLength, encodeRequest, readReply } from '../../../../src/main/drivers/modbus/frame.ts'
import { judge } from '../../../../src/main/drivers/modbus/hearing.ts'
import type { ModbusRequest } from '../../../../src/main/drivers/modbus/transaction.ts'
import { checksum, framed, rightAnswer, wordAt } from '../../../sim/modbus/rtu.ts'
import { askedOf, samples } from './samples.ts'

const unit = fc.integer({ min: 1, max: 247 })
const word = fc.integer({ min: 0, max: 0xffff })
const address = fc.integer({ min: 0, max: 0xf000 })

const requests: fc.Arbitrary<ModbusRequest> = fc.oneof(
  fc.record({ unit, fn: fc.constantFrom(1, 2), address, quantity: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({ unit, fn: fc.constantFrom(3, 4), address, quantity: fc.integer({ min: 1, max: 125 }) }),
  fc.record({ unit, fn: fc.constant(5), address, bits: fc.tuple(fc.boolean()) }),
  fc.record({ unit, fn: fc.constant(6), address, words: fc.tuple(word) }),
  fc.record({
    unit,
    fn: fc.constant(15),
    address,
    bits: fc.array(fc.boolean(), { minLength: 1, maxLength: 1968 }),
  }),
  fc.record({ unit, fn: fc.constant(16), address, words: fc.array(word, { minLength: 1, maxLength: 123 }) }),
) as fc.Arbitrary<ModbusRequest>

describe('the checksum', () => {
  test('is the one of the standard', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x4b37)
    // Frames seen on the vehicle's bus.
    for (const hex of [
      '0103010000018 5f6',
      '04030100000185a3',
      '02030044000284 2d',
      '02030200027d85',
      '02030201013c14',
    ])
      expect(crcFits(Buffer.from(hex.replace(' ', ''), 'hex'))).toBe(true)
  })

  test('agrees with one made bit by bit', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc16(bytes) === checksum(bytes)))
  })
})

describe('a request', () => {
  test('is understood by a slave written apart, whatever is asked', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const asked = askedOf(request)
        expect(asked).toMatchObject({ unit: request.unit, fn: request.fn, address: request.address })
        if (request.fn === 6) expect(asked.quantity).toBe(request.words[0])
        if (request.fn === 5) expect(asked.quantity).toBe(request.bits[0] ? 0xff00 : 0)
        if (request.fn === 16)
          expect(request.words.map((_, n) => asked.frame.readUInt16BE(7 + 2 * n))).toEqual(request.words)
        if (request.fn === 15)
          expect(request.bits.map((_, n) => ((asked.frame[7 + (n >> 3)] ?? 0) >> (n & 7)) & 1)).toEqual(
            request.bits.map(Number),
          )
      }),
    )
  })

  test.each([
    ['a broadcast', { unit: 0, fn: 3, address: 0, quantity: 1 }],
    ['a reserved unit', { unit: 248, fn: 3, address: 0, quantity: 1 }],
    ['nothing', { unit: 1, fn: 3, address: 0, quantity: 0 }],
    ['126 registers', { unit: 1, fn: 3, address: 0, quantity: 126 }],
    ['2001 bits', { unit: 1, fn: 1, address: 0, quantity: 2001 }],
    ['half a register', { unit: 1, fn: 3, address: 0, quantity: 1.5 }],
    ['past the last register', { unit: 1, fn: 3, address: 65_535, quantity: 2 }],
    ['no address', { unit: 1, fn: 3, address: Number.NaN, quantity: 1 }],
    ['a word of 17 bits', { unit: 1, fn: 6, address: 0, words: [65_536] }],
    ['a negative word', { unit: 1, fn: 16, address: 0, words: [1, -1] }],
    ['124 words', { unit: 1, fn: 16, address: 0, words: new Array<number>(124).fill(0) }],
  ] as [string, ModbusRequest][])('%s is refused', (_name, request) => {
    expect(() => encodeRequest(request)).toThrow(RangeError)
  })
})

describe('an answer', () => {
  test('is read whole, and nothing shorter or longer is', () => {
    fc.assert(
      fc.property(requests, fc.uint8Array({ minLength: 1, maxLength: 8 }), (request, more) => {
        const frame = encodeRequest(request)
        const answer = rightAnswer(askedOf(request))
        expect(answer).toHaveLength(answerLength(request))
        expect(readReply(request, frame, answer).is).toBe('fits')
        for (let end = 0; end < answer.length; end++)
          expect(readReply(request, frame, answer.subarray(0, end)).is).toBe('short')
        expect(readReply(request, frame, Buffer.concat([answer, more])).is).toBe('misfit')
      }),
    )
  })

  test('holds what the slave has', () => {
    const words = readReply(
      samples[4] as ModbusRequest,
      encodeRequest(samples[4] as ModbusRequest),
      rightAnswer(askedOf(samples[4] as ModbusRequest)),
    )
    expect(words).toEqual({
      is: 'fits',
      answer: { is: 'words', words: Array.from({ length: 10 }, (_, n) => wordAt(4, 0x100 + n)) },
    })
    const bits = readReply(
      samples[1] as ModbusRequest,
      encodeRequest(samples[1] as ModbusRequest),
      rightAnswer(askedOf(samples[1] as ModbusRequest)),
    )
    expect(bits).toEqual({
      is: 'fits',
      answer: { is: 'bits', bits: Array.from({ length: 19 }, (_, n) => (wordAt(2, 3 + n) & 1) === 1) },
    })
  })

  test('with any one or two bits flipped is refused, of every function and of exceptions', () => {
    let refused = 0
    for (const request of samples) {
      const frame = encodeRequest(request)
      for (const good of [rightAnswer(askedOf(request)), framed(request.unit, request.fn | 0x80, 2)]) {
        expect(readReply(request, frame, good).is).toBe('fits')
        for (let first = 0; first < good.length * 8; first++)
          for (let second = first; second < good.length * 8; second++) {
            const bad = Buffer.from(good)
            bad.writeUInt8((bad[first >> 3] ?? 0) ^ (1 << (first & 7)), first >> 3)
            if (second !== first) bad.writeUInt8((bad[second >> 3] ?? 0) ^ (1 << (second & 7)), second >> 3)
            if (readReply(request, frame, bad).is === 'fits')
              throw new Error(`accepted ${bad.toString('hex')}`)
            for (const echo of ['unknown', 'yes', 'no'] as const)
              if (judge({ request, frame }, bad, echo).is === 'answer')
                throw new Error(`took ${bad.toString('hex')}`)
            refused++
          }
      }
    }
    expect(refused).toBeGreaterThan(50_000)
  })

  test('of a write must repeat what was written', () => {
    for (const request of samples.slice(6)) {
      const good = rightAnswer(askedOf(request))
      for (let at = 2; at < 6; at++) {
        const other = [...good.subarray(0, 6)]
        other[at] = (other[at] ?? 0) ^ 1
        expect(readReply(request, encodeRequest(request), framed(...other))).toEqual({
          is: 'misfit',
          why: 'stray',
        })
      }
    }
  })

  test.each([
    ['with exception 0', samples[4], framed(4, 0x83, 0), 'shape'],
    ['with a long exception', samples[4], framed(4, 0x83, 2, 0), 'stray'],
    ['with bits where none were asked for', samples[1], framed(2, 1, 3, 0, 0, 0x08), 'shape'],
    ['of another unit', samples[4], framed(5, 3, 20, ...new Array<number>(20).fill(0)), 'stray'],
    ['with a wrong checksum', samples[3], Buffer.from([4, 3, 2, 0, 0, 0, 0]), 'crc'],
    ['of one register fewer', samples[4], framed(4, 3, 18, ...new Array<number>(18).fill(0)), 'stray'],
  ] as [string, ModbusRequest, Buffer, string][])('%s is refused', (_name, request, bytes, why) => {
    expect(readReply(request, encodeRequest(request), bytes)).toEqual({ is: 'misfit', why })
  })
})
