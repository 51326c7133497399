/** Every hazard against every function, on a line in memory: what is wrong is never used, and the next request is right again. */
import { describe, expect, test } from 'vitest'
import type { ModbusOutcome, NoAnswer } from '../../../../src/main/drivers/modbus/transaction.ts'
import * as bad from '../../../sim/modbus/hazards.ts'
import { wordAt } from '../../../sim/modbus/rtu.ts'
import { samples } from './samples.ts'
import { VirtualBus } from './virtual-bus.ts'

const timeoutMs = 100
const check = { unit: 2, fn: 3, address: 0x40, quantity: 3 } as const
const checked = [0x40, 0x41, 0x42].map((address) => wordAt(2, address))

/** The outcome with the hazard, then of a request that is answered rightly. */
async function meet(
  hazard: bad.Hazard,
  sample: (typeof samples)[number],
  bus = new VirtualBus(bad.right, timeoutMs),
) {
  // Whether the line echoes is learned before.
  await bus.transact(check)
  bus.hazard = hazard
  const outcome = await bus.transact(sample)
  bus.hazard = bad.right
  return { outcome, after: await bus.transact(check), bus }
}

const words = { is: 'words', words: checked }

describe.each(samples.map((sample, n) => [`FC ${sample.fn}, sample ${n}`, sample] as const))(
  '%s',
  (_name, sample) => {
    test.each([
      ['silence', bad.silence, ['silence']],
      ['a late answer', bad.late(150), ['silence']],
      ['another unit', bad.wrongUnit, ['stray']],
      ['another function', bad.wrongFunction, ['stray', 'shape']],
      ['another length or address', bad.wrongLength, ['stray', 'shape']],
      ['noise before it', bad.noiseBefore, ['shape', 'crc', 'stray']],
      ['noise after it', bad.noiseAfter, ['shape']],
      ['noise inside it', bad.noiseInside, ['shape', 'crc']],
      ['the end cut off', bad.cut, ['shape']],
      ['one bit wrong', bad.bitFlip, ['shape', 'crc', 'stray']],
    ] as [string, bad.Hazard, NoAnswer[]][])('%s is not used', async (name, hazard, whys) => {
      const { outcome, after } = await meet(hazard, sample)
      if (outcome.is !== 'timeout') throw new Error(`${name} was used: ${JSON.stringify(outcome)}`)
      expect(whys).toContain(outcome.why)
      expect(after).toMatchObject(words)
    })

    test('an answer in pieces is used', async () => {
      const { outcome, after } = await meet(bad.split, sample, new VirtualBus(bad.right, 10 * timeoutMs))
      expect(['words', 'bits', 'written']).toContain(outcome.is)
      expect(after).toMatchObject(words)
    })

    test('an exception is told with its code', async () => {
      for (const code of [1, 2, 6]) {
        const { outcome } = await meet(bad.exception(code), sample)
        expect(outcome).toMatchObject({ is: 'exception', code })
      }
    })

    test('on a line that echoes it is told from the echo, and an echo alone is no answer', async () => {
      const bus = new VirtualBus(bad.echoed, timeoutMs)
      await bus.transact(check)
      expect(bus.master.echo).toBe('yes')
      expect(['words', 'bits', 'written']).toContain((await bus.transact(sample)).is)
      bus.hazard = bad.echoOnly
      expect(await bus.transact(sample)).toEqual({ is: 'timeout', why: 'silence' })
    })
  },
)

describe('reading', () => {
  const read = samples[4] as (typeof samples)[number]

  test.each([
    ['two answers at once', bad.twoAnswers],
    ['a count that lies', bad.lyingCount],
  ])('%s is not used', async (_name, hazard) => {
    const { outcome, after } = await meet(hazard, read)
    expect(outcome).toMatchObject({ is: 'timeout' })
    expect(after).toMatchObject(words)
  })

  test('noise between answers costs nothing', async () => {
    const { outcome, after, bus } = await meet(bad.noiseBetween, read)
    expect([outcome.is, after]).toEqual(['words', expect.objectContaining(words)])
    bus.clock.advance(50)
    expect(bus.master.counters.timeouts).toBe(0)
  })

  test('with each bit of the answer wrong in turn, none is used', async () => {
    const bus = new VirtualBus(bad.bitFlip, timeoutMs)
    for (let bit = 0; bit < 25 * 8; bit++) expect((await bus.transact(read)).is).toBe('timeout')
    expect(bus.master.counters).toMatchObject({ replies: 0, timeouts: 200 })
  })
})

describe('a single write on a line not known yet', () => {
  const write = samples[7] as (typeof samples)[number]

  test('is not believed from one copy, which may be our own echo', async () => {
    for (const hazard of [bad.right, bad.echoOnly])
      expect(await new VirtualBus(hazard, timeoutMs).transact(write)).toEqual({ is: 'timeout', why: 'echo' })
  })

  test('is believed from two, and from one once the line is known', async () => {
    const echoing = new VirtualBus(bad.echoed, timeoutMs)
    expect((await echoing.transact(write)).is).toBe('written')
    expect(echoing.master.echo).toBe('yes')
    const quiet = new VirtualBus(bad.right, timeoutMs)
    await quiet.transact(check)
    expect((await quiet.transact(write)).is).toBe('written')
  })
})

test('a line that is never quiet: who waits is told so, and nothing is sent', async () => {
  const bus = new VirtualBus(bad.right, timeoutMs)
  const seen: ModbusOutcome[] = []
  bus.master.bytes(Uint8Array.of(0xff), bus.clock.monotonic())
  void bus.master.transact(check, 'command').then((outcome) => seen.push(outcome))
  for (let n = 0; n < 300 && seen.length === 0; n++) {
    bus.clock.advance(1)
    bus.master.bytes(Uint8Array.of(0xff), bus.clock.monotonic())
    await Promise.resolve()
  }
  expect(seen).toEqual([{ is: 'timeout', why: 'noise' }])
  expect(bus.asked).toBe(0)
  bus.clock.advance(10)
  expect(await bus.transact(check)).toMatchObject(words)
})
