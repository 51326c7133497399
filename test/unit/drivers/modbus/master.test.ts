/** The strict master on a line in memory, with time moved by hand: who goes when, what is used, what is refused. */
import { describe, expect, test } from 'vitest'
import type { BusFrame } from '../../../../src/contract/modules.ts'
import { StrictMaster } from '../../../../src/main/drivers/modbus/master.ts'
import type {
  ModbusOutcome,
  ModbusRequest,
  Urgency,
} from '../../../../src/main/drivers/modbus/transaction.ts'
import { framed, rightAnswer, takeRequest, wordAt } from '../../../sim/modbus/rtu.ts'
import { MemoryLine, VirtualClock } from './virtual.ts'

const timeoutMs = 100
/** Beyond the timeout, the bytes on the wire and the quarantine. */
const longMs = 250

function stand(baudRate = 115_200) {
  const clock = new VirtualClock()
  const master = new StrictMaster({ clock, baudRate, timeoutMs })
  const sent: { at: number; frame: Buffer }[] = []
  const frames: BusFrame[] = []
  master.onFrames((frame) => frames.push(frame))
  const line = new MemoryLine((bytes) => sent.push({ at: clock.monotonic(), frame: Buffer.from(bytes) }))
  master.opened(line)
  clock.advance(10)
  return {
    clock,
    master,
    line,
    sent,
    frames,
    hear: (bytes: Uint8Array) => master.bytes(bytes, clock.monotonic()),
    /** The right answer to the last request. */
    right() {
      const taken = takeRequest(sent.at(-1)?.frame ?? Buffer.alloc(0))
      if (taken === null) throw new Error('nothing was asked')
      return rightAnswer(taken.asked)
    },
    async ask(request: ModbusRequest, urgency: Urgency = 'poll', deadlineAt?: number) {
      const seen: { outcome: ModbusOutcome | null } = { outcome: null }
      void master.transact(request, urgency, deadlineAt).then((outcome) => {
        seen.outcome = outcome
      })
      await settled()
      return seen
    },
    async wait(ms: number) {
      clock.advance(ms)
      await settled()
    },
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

const read = (unit: number, quantity = 2, address = 0x10): ModbusRequest => ({
  unit,
  fn: 3,
  address,
  quantity,
})

describe('a transaction', () => {
  test('gives the words of the exact answer', async () => {
    const { hear, right, ask, wait, sent } = stand()
    const seen = await ask(read(2, 2))
    expect(sent[0]?.frame.toString('hex')).toBe(framed(2, 3, 0, 0x10, 0, 2).toString('hex'))
    await wait(7)
    hear(right())
    await wait(3)
    expect(seen.outcome).toEqual({ is: 'words', words: [wordAt(2, 0x10), wordAt(2, 0x11)], tookMs: 7 })
  })

  test('asks nothing before the line was quiet for 3.5 characters', async () => {
    for (const baudRate of [9600, 19_200, 115_200]) {
      const { hear, ask, wait, sent, clock } = stand(baudRate)
      hear(Uint8Array.of(0x55))
      const heardAt = clock.monotonic()
      await ask(read(2))
      await wait(50)
      const quietMs = baudRate > 19_200 ? 1.75 : 38_500 / baudRate
      expect(sent).toHaveLength(1)
      expect((sent[0]?.at ?? 0) - heardAt).toBeGreaterThanOrEqual(quietMs)
    }
  })
})

describe('the answer to a reading', () => {
  test('is used with its last byte, and the silence is kept before the next request', async () => {
    const { hear, right, ask, wait, sent, clock } = stand()
    const first = await ask(read(2))
    await ask(read(3))
    const answer = right()
    await wait(5)
    hear(answer.subarray(0, 4))
    await settled()
    expect(first.outcome).toBeNull()
    hear(answer.subarray(4))
    const endedAt = clock.monotonic()
    await settled()
    expect(first.outcome).toMatchObject({ is: 'words', words: [wordAt(2, 0x10), wordAt(2, 0x11)] })
    expect(sent).toHaveLength(1)
    await wait(3)
    expect(sent).toHaveLength(2)
    expect((sent[1]?.at ?? 0) - endedAt).toBeGreaterThanOrEqual(1.75)
  })

  test('is not used when it comes in one piece with more', async () => {
    const { hear, right, ask, wait } = stand()
    const seen = await ask(read(2))
    hear(Buffer.concat([right(), Buffer.from([0x55])]))
    await wait(3)
    expect(seen.outcome).toEqual({ is: 'timeout', why: 'shape' })
  })

  test('what comes behind it later is counted, delays what is next, and answers nothing', async () => {
    const { hear, right, ask, wait, sent, master, clock } = stand()
    const first = await ask(read(2))
    const second = await ask(read(2, 2, 0x40))
    const answer = right()
    hear(answer)
    await wait(1)
    // A second module at the same address, say.
    hear(framed(2, 3, 4, 1, 2, 3, 4))
    const heardAt = clock.monotonic()
    await wait(10)
    expect(first.outcome).toMatchObject({ is: 'words' })
    expect(second.outcome).toBeNull()
    expect((sent[1]?.at ?? 0) - heardAt).toBeGreaterThanOrEqual(1.75)
    expect(master.counters).toMatchObject({ replies: 1, strays: 1, timeouts: 0 })
    hear(right())
    await settled()
    expect(second.outcome).toMatchObject({ words: [wordAt(2, 0x40), wordAt(2, 0x41)] })
  })

  test('waits for the silence while the answer to another request is owed, and bytes behind it spoil it', async () => {
    const { hear, right, ask, wait } = stand()
    await ask(read(4))
    await wait(110)
    for (const more of [false, true]) {
      const seen = await ask(read(3, 2, more ? 0x20 : 0x10), 'command')
      hear(right())
      await settled()
      expect(seen.outcome).toBeNull()
      await wait(1)
      if (more) hear(Uint8Array.of(0x55))
      await wait(4)
      expect(seen.outcome).toMatchObject(more ? { is: 'timeout', why: 'shape' } : { is: 'words' })
    }
  })
})

test('the answer to a write is proof only when the line is quiet after it', async () => {
  const { hear, right, ask, wait } = stand()
  for (const more of [false, true]) {
    const request: ModbusRequest = { unit: 4, fn: 16, address: 1, words: [7, more ? 9 : 8] }
    const seen = await ask(request, 'command')
    hear(right())
    await settled()
    expect(seen.outcome).toBeNull()
    await wait(1)
    if (more) hear(Uint8Array.of(0x55))
    await wait(4)
    expect(seen.outcome).toMatchObject({ is: more ? 'timeout' : 'written' })
  }
})

describe('after a timeout', () => {
  test('asks nothing until the answer can be owed no longer; the late answer is not used', async () => {
    const { hear, right, ask, wait, sent, frames, master } = stand()
    const first = await ask(read(2))
    const late = right()
    const second = await ask(read(2, 2, 0x40))
    await wait(110)
    expect(first.outcome).toEqual({ is: 'timeout', why: 'silence' })
    await wait(40)
    hear(late)
    await wait(20)
    expect(sent).toHaveLength(1)
    expect(frames.at(-1)).toMatchObject({ direction: 'reply', trouble: 'late', unit: 2 })
    await wait(60)
    expect(sent).toHaveLength(2)
    hear(right())
    await wait(3)
    expect(second.outcome).toMatchObject({ is: 'words', words: [wordAt(2, 0x40), wordAt(2, 0x41)] })
    expect(master.counters).toMatchObject({ requests: 2, replies: 1, timeouts: 1, late: 1, strays: 0 })
  })

  test('a command no owed answer can be taken for goes at once, and the late answer does not end it', async () => {
    const { hear, right, ask, wait, sent } = stand()
    await ask(read(4))
    const late = right()
    await wait(110)
    const stop = await ask({ unit: 4, fn: 6, address: 1, words: [0] }, 'command')
    const poll = await ask(read(3), 'safety')
    const same = await ask(read(4, 2, 0x20), 'command')
    expect(sent).toHaveLength(2)
    hear(late)
    await wait(5)
    expect(stop.outcome).toBeNull()
    hear(framed(4, 0x86, 2))
    await wait(5)
    expect(stop.outcome).toMatchObject({ is: 'exception', code: 2 })
    expect(sent).toHaveLength(2)
    expect([poll.outcome, same.outcome]).toEqual([null, null])
    await wait(longMs)
    expect(sent).toHaveLength(3)
  })
})

describe('the queue', () => {
  test('goes by urgency, first come first served within one', async () => {
    const { hear, right, ask, wait, sent } = stand()
    await ask(read(9))
    for (const [unit, urgency] of [
      [1, 'scan'],
      [2, 'poll'],
      [3, 'safety'],
      [4, 'command'],
      [5, 'poll'],
      [6, 'command'],
    ] as const)
      await ask(read(unit), urgency)
    for (let turn = 0; turn < 7; turn++) {
      hear(right())
      await wait(5)
    }
    expect(sent.map(({ frame }) => frame[0])).toEqual([9, 4, 6, 3, 2, 5, 1])
  })

  test('lets go of what its deadline passed, unsent', async () => {
    const { ask, wait, sent, clock } = stand()
    await ask(read(2))
    const dated = await ask({ unit: 2, fn: 6, address: 0, words: [1] }, 'command', clock.monotonic() + 30)
    await wait(29)
    expect(dated.outcome).toBeNull()
    await wait(2)
    expect(dated.outcome).toEqual({ is: 'expired' })
    await wait(longMs)
    expect(sent).toHaveLength(1)
    const past = await ask(read(2), 'poll', clock.monotonic() - 1)
    await wait(1)
    expect(past.outcome).toEqual({ is: 'expired' })
    expect(sent).toHaveLength(1)
  })

  test('ends with the port, and nothing of it is sent on the next opening', async () => {
    const { master, ask, wait, sent, clock, line } = stand()
    const seen = [await ask(read(2)), await ask({ unit: 2, fn: 6, address: 0, words: [1] }, 'command')]
    line.isOpen = false
    master.closed()
    await wait(0)
    expect(seen.map(({ outcome }) => outcome)).toEqual([{ is: 'closed' }, { is: 'closed' }])
    expect((await ask(read(2))).outcome).toEqual({ is: 'closed' })
    const again: Uint8Array[] = []
    master.opened(new MemoryLine((bytes) => again.push(bytes), 2))
    await wait(1000)
    expect(sent).toHaveLength(1)
    expect(again).toHaveLength(0)
    master.close()
    expect(clock.timers).toBe(0)
  })

  test('keeps what was owed before a re-plug owed after it', async () => {
    const { master, ask, wait, right } = stand()
    await ask(read(2))
    const late = right()
    master.closed()
    const again: Uint8Array[] = []
    master.opened(new MemoryLine((bytes) => again.push(bytes), 2))
    await wait(5)
    const next = await ask(read(2, 2, 0x40))
    await wait(5)
    master.bytes(late, 1020)
    await wait(5)
    expect(again).toHaveLength(0)
    expect(next.outcome).toBeNull()
  })
})
