/** While a socket is live: what only HTTP tells is asked for all the same, less often, and what the socket tells is not asked for. */
import { expect, test } from 'vitest'
import type { VehicleModule } from '../../../../src/contract/modules.ts'
import { connect, doorsOf, serve } from './stand.ts'

/** Not only by the names a document knows. */
function isTold(units: VehicleModule['valueUnits']): boolean {
  return Object.values(units ?? {}).some(({ from }) => from === 'vehicle')
}

test('the mode, which no message of the firmware’s socket has, follows while the socket is live', async () => {
  const sim = await serve({ says: 'everything', state: 'MOVE' })
  sim.vehicle.mode = 'manual'
  const stand = await connect(doorsOf(sim))
  await stand.is('live')
  // Asked for as the rest of an answer, so the socket has brought what it brings; fresh until it is asked for again.
  await stand.until(() => (stand.row?.readings.mode?.budgetMs ?? 0) > 5000)
  expect(stand.row?.readings.mode?.value).toBe('manual')
  // Units are told by HTTP only: asked for once of every module.
  await stand.until(() => [2, 4, 5].every((unit) => isTold(stand.module(unit)?.valueUnits)))
  await sim.untilAsked(({ path }) => path === '/api/v1/modules/3/telemetry')
  const state = stand.row?.readings.state?.at ?? 0
  await stand.until(() => (stand.row?.readings.state?.at ?? 0) > state)
  const [from, factsFrom] = [sim.asked.length, stand.facts.length]
  sim.vehicle.mode = 'auto'
  await stand.until(() => stand.row?.readings.mode?.value === 'auto')
  const paths = sim.asked.slice(from).map(({ path }) => path)
  const count = (path: string) => paths.filter((one) => one === path).length
  expect(new Set(paths)).toEqual(
    new Set(['/api/v1/system/state', '/api/v1/robot/status', '/api/v1/lidar/scan_frame_360']),
  )
  expect(count('/api/v1/robot/status')).toBeLessThan(count('/api/v1/system/state') / 3)
  // Of that answer nothing is taken that the socket tells: what it said stands as it was, with its own age.
  const rows = stand.facts
    .slice(factsFrom)
    .flatMap((fact) => (fact.type === 'vehicle-reported' ? [fact.vehicle.readings] : []))
  expect(new Set(rows.map(({ batteryPercent }) => batteryPercent?.budgetMs)).size).toBe(1)
  expect(new Set(rows.map(({ temperatureC }) => temperatureC?.budgetMs)).size).toBe(1)
})

test('a module’s unit is shown with who names it, and none is made up', async () => {
  const sim = await serve({ says: 'everything', state: 'IDLE' })
  const stand = await connect({ socketUrl: sim.socketUrl })
  await stand.is('live')
  await stand.until(() => stand.module(5)?.values.position !== undefined)
  // The socket tells bare numbers: only what the firmware's documents name has a unit.
  expect(stand.module(2)?.valueUnits).toEqual({
    voltage: { unit: 'V', from: 'document' },
    current: { unit: 'A', from: 'document' },
    temperature: { unit: '°C', from: 'document' },
  })
  expect(stand.module(5)?.valueUnits).toBeUndefined()
  const asked = await connect({ httpUrl: sim.httpUrl })
  await asked.until(() => isTold(asked.module(5)?.valueUnits) && isTold(asked.module(2)?.valueUnits))
  expect(asked.module(5)?.valueUnits).toEqual({ position: { unit: 'mm', from: 'vehicle' } })
  expect(asked.module(2)?.valueUnits?.soc).toEqual({ unit: '%', from: 'vehicle' })
})

test('what modules measure, where the socket only says that they answer', async () => {
  const sim = await serve({ says: 'modules', state: 'IDLE' })
  const stand = await connect(doorsOf(sim))
  await stand.is('live')
  await stand.until(() =>
    [2, 3, 4, 5].every((unit) => Object.keys(stand.module(unit)?.values ?? {}).length > 0),
  )
  sim.set({ temperatureC: 39 })
  await stand.until(() => stand.module(2)?.values.temperature === 39)
  const from = sim.asked.length
  sim.set({ temperatureC: 41 })
  await stand.until(() => stand.module(2)?.values.temperature === 41)
  // Who is there the socket says itself.
  expect(sim.asked.slice(from).some(({ path }) => path === '/api/v1/modules')).toBe(false)
})
