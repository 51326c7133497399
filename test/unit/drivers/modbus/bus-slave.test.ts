/** Our own simulated modules, as the demo runs them: found and written by the link, and moving. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSlave } from '../../../sim/modbus/slave.ts'
import { hasSocat, Stand } from './bus-stand.ts'

let stand: Stand
beforeEach(async () => {
  stand = new Stand()
  if (hasSocat) await stand.plug()
})
afterEach(() => stand.end())

describe.skipIf(!hasSocat)('the simulated modules', () => {
  test.each(['handler', 'map'] as const)(
    'of revision %s are found, read whole, and move',
    async (revision) => {
      const slave = await startSlave({ path: stand.far, revision })
      try {
        const { ledger } = await stand.open()
        for (const unit of [2, 3, 4, 5]) {
          const row = await ledger.module(
            unit,
            ({ readAt }) => Object.keys(readAt).length >= (unit === 4 ? 2 : 3),
          )
          expect([unit, row.trouble]).toEqual([unit, ''])
          expect(Object.values(row.values)).not.toContain(null)
        }
        const first = ledger.row(5)?.values['dock-distance'] ?? null
        await ledger.module(5, ({ values }) => values['dock-distance'] !== first)
      } finally {
        await slave.stop()
      }
    },
  )

  test('that miss the first look are not left out for half a minute', { timeout: 20_000 }, async () => {
    const slave = await startSlave({ path: stand.far, still: true })
    try {
      slave.drop(4)
      const { ledger } = await stand.open()
      // Looked for in the order of their units: 4 has had its turn.
      await ledger.module(5, ({ state }) => state === 'online')
      slave.back(4)
      await ledger.module(4, ({ state }) => state === 'online')
    } finally {
      await slave.stop()
    }
  })

  test('take writes, fall silent and come back', async () => {
    const slave = await startSlave({ path: stand.far, still: true })
    try {
      const { ledger, write, stop } = await stand.open()
      await ledger.module(4, ({ readAt }) => readAt.main !== undefined)
      expect(await write(4, 'speed-target', 400)).toMatchObject({ is: 'delivered' })
      expect(slave.get(4, 2)).toBe(400)
      expect(await stop()).toMatchObject({ is: 'delivered' })
      expect(slave.get(4, 0)).toBe(0)
      slave.set(3, 1, 1)
      await ledger.vehicle(({ readings }) => readings.state?.value === 'ESTOP')
      slave.drop(3)
      await ledger.module(3, ({ state }) => state === 'offline')
      slave.back(3)
      await ledger.module(3, ({ state }) => state === 'online')
      expect(() => slave.get(3, 999)).toThrow(RangeError)
    } finally {
      await slave.stop()
    }
  })
})
