/** Our own vehicle link as a client of our own gateway: one installation watches the vehicles of another. */
import { EventEmitter, once } from 'node:events'
import { afterEach, expect, it } from 'vitest'
import { LinkId } from '../../../../src/contract/links.ts'
import { VehicleName } from '../../../../src/contract/vehicle-name.ts'
import { noReadings } from '../../../../src/contract/vehicles.ts'
import { oht50Client } from '../../../../src/main/drivers/oht50/index.ts'
import type { VehicleProfile } from '../../../../src/main/drivers/oht50/profile.ts'
import type { Fact } from '../../../../src/main/fact.ts'
import { systemClock } from '../../../../src/main/io/clock.ts'
import type { LinkContext } from '../../../../src/main/link.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import { moduleRow, reading, report } from '../../../fakes/vehicles.ts'
import { closeAll, later, type Stand, startStand } from './stand.ts'

afterEach(closeAll)

async function watch(stand: Stand, kept: string | null) {
  const facts: Fact[] = []
  const told = new EventEmitter()
  const profile: VehicleProfile = {
    id: LinkId.parse('far'),
    driver: 'oht50-client',
    name: 'Far',
    enabled: true,
    vehicle: VehicleName.parse('OHT-50-001'),
    httpUrl: '',
    socketUrl: `ws://127.0.0.1:${stand.port}`,
    backendUrl: '',
    ladder: 'lan',
    pollMs: 1000,
  }
  const context: LinkContext<VehicleProfile> = {
    profile,
    settings: {} as LinkContext['settings'],
    clock: systemClock,
    log: { error() {}, warn() {}, info() {}, debug() {} },
    knownDevices: [],
    secret: slotWith(kept),
    site: emptySite,
    vehicles: { knownModules: [], registerMaps: [], monitored: () => false, view: stand.vehicles },
    inspected: () => false,
    raise: () => Promise.reject(new Error('nothing is raised here')),
    tell(fact) {
      facts.push(fact)
      told.emit('fact')
    },
  }
  const link = await oht50Client.open(context)
  later(() => link.close())
  return async <T>(look: (fact: Fact) => T | false): Promise<T> => {
    for (;;) {
      for (const fact of facts) {
        const found = look(fact)
        if (found !== false) return found
      }
      await once(told, 'fact')
    }
  }
}

it('reads state, battery, module values and the laser', async () => {
  const stand = await startStand()
  const token = await stand.token('olga')
  const when = await watch(stand, JSON.stringify({ is: 'token', token }))
  await when((fact) => fact.type === 'link-reported' && fact.state.is === 'live')
  const first = await when(
    (fact) => fact.type === 'vehicle-reported' && fact.vehicle.readings.state !== null && fact,
  )
  expect(first.vehicle.readings).toMatchObject({ state: { value: 'IDLE' }, batteryPercent: { value: 80 } })
  await when((fact) => fact.type === 'module-reported' && fact.module.values['battery-voltage'] === 48.1)
  stand.vehicles.vehicle(
    report({ readings: { ...noReadings, state: reading('ESTOP'), estop: reading(true) } }),
  )
  await when((fact) => fact.type === 'vehicle-reported' && fact.vehicle.readings.estop?.value === true)
  stand.vehicles.module(moduleRow({ 'battery-voltage': 47.5, soc: 80, output: 1 }))
  const changed = await when(
    (fact) => fact.type === 'module-reported' && fact.module.values['battery-voltage'] === 47.5 && fact,
  )
  expect(changed.module).toMatchObject({ unit: 2, kind: 'power', name: 'Power', state: 'online' })
  stand.vehicles.scan(3, [
    [10, 700],
    [200, 1500],
  ])
  const scan = await when((fact) => fact.type === 'scan-arrived' && fact)
  expect(scan.header).toMatchObject({ points: 2, nearest: { rangeMm: 700, angleDeg: 10 } })
})

it('is refused with a wrong token', async () => {
  const stand = await startStand()
  const when = await watch(stand, JSON.stringify({ is: 'token', token: 'oht50_admin_token_2025' }))
  await when(
    (fact) => fact.type === 'link-reported' && (fact.state.is === 'waiting' || fact.state.is === 'refused'),
  )
  expect(stand.logged.join()).toContain('gateway-refused')
})
