/**
 * Numbers that only a line in memory with a clock that jumps can reach: ten million bytes of garbage, a million transactions with answers around the
 * timeout. The master is the app's own; the port, the system and real time are not in it (pty.test.ts has those, by the thousand).
 */
import { expect, test } from 'vitest'
import { Random } from '../../../fakes/random.ts'
import type { Hazard } from '../../../sim/modbus/hazards.ts'
import { checksum, rightAnswer, wordAt } from '../../../sim/modbus/rtu.ts'
import { VirtualBus } from './virtual-bus.ts'

const timeoutMs = 100

function isRight(words: readonly number[], unit: number, address: number): boolean {
  return words.every((word, n) => word === wordAt(unit, address + n))
}

test('of ten million bytes of garbage no frame is used that is none', async () => {
  const chance = new Random(1)
  const random = () => chance.next()
  const below = (limit: number) => Math.floor(random() * limit)
  const noise = (count: number) => Buffer.from(Array.from({ length: count }, () => below(256)))
  let fed = 0
  let last = Buffer.alloc(0)
  const garble: Hazard = (asked) => {
    const frame = Buffer.from(rightAnswer(asked))
    const at = below(frame.length)
    const ways = [
      () => noise(1 + below(60)),
      () => Buffer.concat([frame, noise(1 + below(30))]),
      () => Buffer.concat([noise(1 + below(30)), frame]),
      () => Buffer.concat([frame.subarray(0, at), noise(1 + below(20)), frame.subarray(at)]),
      () => Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1 + below(4))]),
      // The head stays, all the rest is random: only the checksum can tell.
      () => Buffer.concat([frame.subarray(0, 3), noise(frame.length - 3)]),
      () => Buffer.concat([frame, frame]),
      () => {
        for (let n = 1 + below(6); n > 0; n--) frame[below(frame.length)] = below(256)
        return frame
      },
    ]
    last = ways[below(ways.length)]?.() ?? frame
    fed += last.length
    return [{ afterMs: 1, bytes: last }]
  }
  const bus = new VirtualBus(garble, timeoutMs)
  const used = { right: 0, collided: 0, bad: 0 }
  while (fed < 10_000_000) {
    const unit = 1 + below(5)
    const address = below(0xf000)
    const quantity = 10
    const outcome = await bus.transact({ unit, fn: 3, address, quantity })
    if (outcome.is === 'timeout') continue
    const frame = last
    // Looked at by other code than the master's.
    const sealed =
      frame.length > 3 && checksum(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2)
    const shaped =
      frame[0] === unit &&
      (outcome.is === 'exception'
        ? frame[1] === 0x83 && frame.length === 5
        : frame[1] === 3 && frame[2] === 2 * quantity && frame.length === 5 + 2 * quantity)
    if (!sealed || !shaped) used.bad++
    else if (outcome.is === 'words' && isRight(outcome.words, unit, address)) used.right++
    else used.collided++
  }
  console.log(`${fed} bytes of garbage in ${bus.asked} answers: ${JSON.stringify(used)}`)
  expect(used.bad).toBe(0)
  // Random bytes behind a right head have a right checksum once in 65536; no master can tell those.
  expect(used.collided).toBeLessThan(bus.asked / 65_536 + 20)
})

async function transactions(count: number, delayMs: (chance: number) => number, seed: number) {
  const random = new Random(seed)
  const bus = new VirtualBus(
    (asked) => [{ afterMs: delayMs(random.next()), bytes: rightAnswer(asked) }],
    timeoutMs,
  )
  const seen = { right: 0, wrong: 0, timeouts: 0 }
  for (let n = 0; n < count; n++) {
    const unit = 2 + (n % 3)
    // Never the same address twice in a row, so an answer to another request shows.
    const address = (n * 7) & 0x7fff
    const outcome = await bus.transact({ unit, fn: 3, address, quantity: 2 })
    if (outcome.is === 'timeout') seen.timeouts++
    else if (outcome.is === 'words' && isRight(outcome.words, unit, address)) seen.right++
    else seen.wrong++
  }
  return { ...seen, late: bus.master.counters.late, sent: bus.asked }
}

test('of a million transactions with answers around the timeout none is answered with another’s', async () => {
  const seen = await transactions(1_000_000, (chance) => timeoutMs * (0.2 + 1.7 * chance), 2)
  console.log(`answers after 20 to 190 ms, timeout ${timeoutMs} ms: ${JSON.stringify(seen)}`)
  expect(seen).toMatchObject({ wrong: 0, sent: 1_000_000 })
  expect(seen.right + seen.timeouts).toBe(1_000_000)
  expect(seen.late).toBe(seen.timeouts)
  expect(Math.min(seen.right, seen.timeouts)).toBeGreaterThan(400_000)
}, 120_000)

test('an answer later than timeout and quarantine cannot be told from the next one’s: the limit of the protocol', async () => {
  const one = new VirtualBus(() => [], timeoutMs)
  const asked = { unit: 2, fn: 3, quantity: 2 } as const
  // The first answer comes 350 ms after its request, in the midst of the second, to the same unit.
  one.hazard = (first) => [{ afterMs: 250, bytes: rightAnswer(first) }]
  expect((await one.transact({ ...asked, address: 0 })).is).toBe('timeout')
  one.hazard = () => []
  const second = await one.transact({ ...asked, address: 0x40 })
  expect(second).toMatchObject({ is: 'words', words: [wordAt(2, 0), wordAt(2, 1)] })
})
