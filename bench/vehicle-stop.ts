/** STOP REQUEST: from the call until the vehicle's HTTP has the request, and until the vehicle itself is heard to report ESTOP. */
import { LinkProfile } from '../src/contract/links.ts'
import { startVehicle } from '../test/sim/oht50/server.ts'
import { type Area, percentile } from './report.ts'
import { spread } from './vehicle-changes.ts'
import { epochMs, network, rowOf, vehicle, withSite } from './vehicle-site.ts'

const stops = Number(process.env.WATCHFLOOR_STOPS ?? 300)
const path = '/api/v1/state/emergency'

export const run: Area = (row) =>
  withSite(async ({ client }) => {
    let heardAt = 0
    const sim = await startVehicle({
      says: 'everything',
      everyMs: 500,
      log(entry) {
        if ('path' in entry && entry.path === path && heardAt === 0) heardAt = epochMs()
      },
    })
    try {
      const profile = LinkProfile.parse({
        id: network,
        driver: 'oht50-client',
        name: 'Vehicle',
        enabled: true,
        vehicle,
        httpUrl: sim.httpUrl,
        socketUrl: sim.socketUrl,
        backendUrl: '',
        ladder: 'lan',
        pollMs: 500,
      })
      await client.call('links.save', { profile })
      await client.call('links.credentials', {
        id: network,
        credentials: { is: 'token', token: 'oht50_operator_token_2025' },
      })
      const reached: number[] = []
      const confirmed: number[] = []
      for (let n = 0; n < stops; n++) {
        sim.set({ state: 'IDLE' })
        await rowOf(client, 'vehicles', ({ readings }) => readings.state?.value === 'IDLE')
        heardAt = 0
        const from = epochMs()
        const { ids } = await client.call('vehicles.stop', { vehicle })
        await rowOf(client, 'stops', ({ id, state }) => ids.includes(id) && state === 'confirmed')
        confirmed.push(epochMs() - from)
        reached.push(heardAt - from)
      }
      console.log(`  ${stops} STOP REQUESTs, call → the vehicle has the POST: ${spread(reached)}`)
      console.log(`  call → confirmed by what the vehicle reports: ${spread(confirmed)}`)
      row({
        name: `STOP REQUEST: call → POST at the vehicle, p99 of ${stops}`,
        value: percentile(reached, 99),
        unit: 'ms',
        target: '<= 50',
        baseline: null,
      })
      row({
        name: `STOP REQUEST: call → row says confirmed, p50 of ${stops}`,
        value: percentile(confirmed, 50),
        unit: 'ms',
        target: '<= 1000',
        baseline: null,
      })
    } finally {
      await sim.stop()
    }
  })
