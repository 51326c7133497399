/** The words for what became of a write, each way it can go: scripted answers, no port. */
import { expect, test } from 'vitest'
import { LinkId } from '../../../../src/contract/links.ts'
import { VehicleName } from '../../../../src/contract/vehicle-name.ts'
import { chooseMap } from '../../../../src/main/drivers/modbus/choose-map.ts'
import { Module } from '../../../../src/main/drivers/modbus/module.ts'
import type { ModbusOutcome, ModbusRequest } from '../../../../src/main/drivers/modbus/transaction.ts'
import { requestStop, writeRegister } from '../../../../src/main/drivers/modbus/write.ts'
import { systemClock } from '../../../../src/main/io/clock.ts'
import { loadRegisterMaps } from '../../../../src/main/vehicles/register-maps.ts'

const { maps } = loadRegisterMaps('/nonexistent')
const owner = { link: LinkId.parse('bus'), vehicle: VehicleName.parse('V'), writable: true }

function motor(unit = 4): Module {
  const module = new Module(owner, unit, 0, null)
  const identity = { deviceId: unit, type: 4, firmware: 0x0101, hardware: 1, status: 0, error: 0 }
  module.identified(identity, chooseMap(unit, identity, [], maps), 0)
  return module
}

const took = { is: 'written', tookMs: 4 } as const
const words = (word: number) => ({ is: 'words', words: [word], tookMs: 4 }) as const
const lost = { is: 'timeout', why: 'silence' } as const

/** Answers one after the other, the last again and again; keeps what was asked. */
function scripted(...answers: readonly ModbusOutcome[]) {
  const asked: ModbusRequest[] = []
  const ask = async (request: ModbusRequest) => {
    asked.push(request)
    return answers[Math.min(asked.length, answers.length) - 1] ?? lost
  }
  return { asked, doors: { clock: systemClock, writable: true, ask } }
}

const order = (register: string, value: number) => ({
  unit: 4,
  register,
  value,
  deadlineAt: systemClock.now() + 5000,
})

test.each<[string, readonly ModbusOutcome[], string, RegExp]>([
  ['taken and kept', [took, words(7)], 'delivered', /^Written and read back: 7 rpm\.$/],
  ['taken, and kept a little later', [took, words(3), words(7)], 'delivered', /read back: 7 rpm/],
  ['taken but not kept', [took, words(3)], 'refused', /^Travel motor took the write but kept 3 rpm\.$/],
  ['taken, then silent', [took, lost], 'unreachable', /took the write, but could not be read.*not verified/],
  [
    'lost, but it arrived',
    [lost, words(7)],
    'delivered',
    /^No answer to the write, but it reads back 7 rpm\.$/,
  ],
  [
    'lost, and it did not',
    [lost, words(3)],
    'refused',
    /^No answer to the write, and Travel motor has 3 rpm\.$/,
  ],
  ['lost altogether', [lost], 'unreachable', /whether it arrived is not known/],
  ['answered by another’s frame', [{ is: 'timeout', why: 'stray' }, words(3)], 'refused', /does not fit it/],
  ['refused', [{ is: 'exception', code: 3, tookMs: 2 }], 'refused', /exception 3: illegal data value/],
  ['too late', [{ is: 'expired' }], 'unreachable', /deadline passed.*nothing was written/],
  ['cut off', [{ is: 'closed' }], 'unreachable', /port closed: whether it arrived is not known/],
  ['not sent', [{ is: 'timeout', why: 'noise' }], 'unreachable', /never quiet: nothing was written/],
])('%s', async (_what, answers, is, said) => {
  const { doors, asked } = scripted(...answers)
  const delivery = await writeRegister(doors, motor(), order('speed-target', 7))
  expect(delivery.is).toBe(is)
  expect(delivery.is === 'delivered' ? delivery.said : delivery.reason).toMatch(said)
  expect(asked.filter(({ fn }) => fn === 6)).toEqual([{ unit: 4, fn: 6, address: 2, words: [7] }])
})

test('a STOP REQUEST with one of two motors silent is not delivered, and says which', async () => {
  const { doors } = scripted(took, took, words(0), words(1))
  const said = await requestStop(doors, [motor(4), motor(6)], systemClock.now() + 5000)
  expect(said).toMatchObject({
    is: 'refused',
    reason: expect.stringMatching(/read back: 0 \(off\).*kept 1 \(on\)/),
  })
  const nothing = await requestStop(doors, [], systemClock.now() + 5000)
  expect(nothing).toMatchObject({ is: 'refused', reason: expect.stringContaining('known to stop') })
})

test('a module that was not heard in this opening of the port is not written to', async () => {
  const { doors, asked } = scripted(took, words(7))
  const module = motor()
  module.busLost(1)
  expect(await writeRegister(doors, module, order('speed-target', 7))).toMatchObject({ is: 'refused' })
  module.offline(2)
  expect(await writeRegister(doors, module, order('speed-target', 7))).toMatchObject({ is: 'refused' })
  expect(asked).toEqual([])
})
