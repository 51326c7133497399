/** The strict master over real pseudo terminals, the app's own serial port and a slave that is another program's code. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { StrictMaster } from '../../../../src/main/drivers/modbus/master.ts'
import type { ModbusOutcome } from '../../../../src/main/drivers/modbus/transaction.ts'
import { systemClock } from '../../../../src/main/io/clock.ts'
import { keepSerialOpen } from '../../../../src/main/io/serial.ts'
import { silentLog } from '../../../../src/main/log.ts'
import { hasSocat, plugPair } from '../../../fakes/pty-pair.ts'
import { until } from '../../../fakes/until.ts'
import * as bad from '../../../sim/modbus/hazards.ts'
import { startHostile } from '../../../sim/modbus/hostile.ts'
import { rightAnswer, wordAt } from '../../../sim/modbus/rtu.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function stand(timeoutMs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'modbus-'))
  const [near, far] = [join(folder, 'near'), join(folder, 'far')]
  const plug = async () => ({ pair: await plugPair(near, far), slave: await startHostile(far) })
  let { pair, slave } = await plug()
  const master = new StrictMaster({ clock: systemClock, baudRate: 115_200, timeoutMs })
  let openings = 0
  const keeper = keepSerialOpen(
    { address: near, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    {
      opened(line) {
        openings++
        master.opened(line)
      },
      bytes: (_line, bytes, at) => master.bytes(bytes, at),
      closed: () => master.closed(),
      waiting() {},
    },
    { clock: systemClock, log: silentLog },
  )
  const unplug = async () => {
    await pair.unplug()
    await slave.end()
  }
  ends.push(async () => {
    await unplug()
    master.close()
    await keeper.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const open = (count: number) => until(() => expect(openings).toBe(count))
  await open(1)
  return {
    master,
    slave: () => slave,
    unplug,
    async replug() {
      ;({ pair, slave } = await plug())
      keeper.retry()
      await open(openings + 1)
    },
  }
}

function isRight(outcome: ModbusOutcome, unit: number, address: number): boolean {
  return outcome.is === 'words' && outcome.words.every((word, n) => word === wordAt(unit, address + n))
}

describe.skipIf(!hasSocat)('over a pty', () => {
  test('fifty calls at once are all right, one after the other on the wire', async () => {
    const { master, slave } = await stand(1000)
    const calls = Array.from({ length: 50 }, (_, n) => ({ unit: 2 + (n % 4), address: 16 * n }))
    const outcomes = await Promise.all(
      calls.map((call) => master.transact({ ...call, fn: 3, quantity: 10 }, 'poll')),
    )
    expect(
      calls.filter(({ unit, address }, n) => !isRight(outcomes[n] as ModbusOutcome, unit, address)),
    ).toEqual([])
    expect(slave().asked.map(({ address }) => address)).toEqual(calls.map(({ address }) => address))
  })

  test('of two thousand transactions, every fifth spoilt, none gives wrong words', async () => {
    const { master, slave } = await stand(30)
    const spoilt: readonly bad.Hazard[] = [
      bad.bitFlip,
      bad.late(45),
      bad.wrongUnit,
      bad.noiseInside,
      bad.split,
      bad.twoAnswers,
      bad.cut,
      bad.noiseBetween,
      bad.exception(6),
      bad.lyingCount,
    ]
    const seen = { right: 0, refused: 0, wrong: 0 }
    for (let n = 0; n < 2000; n++) {
      if (n % 5 === 0) slave().playOnce(spoilt[(n / 5) % spoilt.length] ?? bad.right)
      const unit = 2 + (n % 4)
      const address = (n * 11) & 0xfff
      // Where nothing runs for a while, an answer comes later than can be told from the next one's (fuzz.test.ts); by its length it is told all the same.
      const quantity = 1 + (n % 17)
      const outcome = await master.transact({ unit, fn: 3, address, quantity }, 'poll')
      if (isRight(outcome, unit, address)) seen.right++
      else if (outcome.is === 'words') seen.wrong++
      else seen.refused++
    }
    console.log(`over a pty: ${JSON.stringify(seen)}`)
    expect(seen.wrong).toBe(0)
    expect(seen.right).toBeGreaterThan(1000)
    expect(seen.refused).toBeGreaterThan(200)
  })

  test('unplugged after each byte of the answer: closed at once, and the next opening is right', async () => {
    // Longer than pulling a cable takes on any machine: what ends the transaction is the cable.
    const { master, slave, unplug, replug } = await stand(20_000)
    const length = 9
    for (let count = 0; count < length; count++) {
      slave().play((asked) => [{ afterMs: 0, bytes: rightAnswer(asked).subarray(0, count) }])
      // Another unit each time, and as a command: it does not wait for the answers that were cut off before.
      const cut = master.transact({ unit: 10 + count, fn: 3, address: 16, quantity: 2 }, 'command')
      const waiting = master.transact({ unit: 2, fn: 6, address: 1, words: [7] }, 'poll')
      await until(() => expect(slave().asked).toHaveLength(1))
      await unplug()
      expect(await cut).toEqual({ is: 'closed' })
      expect(await waiting).toEqual({ is: 'closed' })
      expect(await master.transact({ unit: 2, fn: 6, address: 1, words: [7] }, 'command')).toEqual({
        is: 'closed',
      })
      await replug()
      const other = await master.transact({ unit: 3, fn: 3, address: 0, quantity: 2 }, 'command')
      expect(isRight(other, 3, 0)).toBe(true)
      // The write that waited, and the one that came while the port was away, were never sent.
      expect(slave().asked.map(({ fn }) => fn)).toEqual([3])
      expect(slave().nonsense).toBe(0)
      await unplug()
      await replug()
    }
  })
})
