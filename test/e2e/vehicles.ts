/** What specs of vehicles start with: simulated vehicles, modules and LiDARs that end with their test. */
import type { VehicleOptions } from '../sim/oht50/options.ts'
import { startVehicle, type VehicleSim } from '../sim/oht50/server.ts'
import { test as base, expect } from './fixtures.ts'

export interface Yard {
  /** A vehicle in the network. */
  network(options?: VehicleOptions): Promise<VehicleSim>
}

export const test = base.extend<{ yard: Yard }>({
  yard: async ({ site }, use) => {
    // A site that has a device has its first run behind it.
    await site.camera('Gate camera')
    const ends: (() => Promise<unknown>)[] = []
    await use({
      async network(options = {}) {
        const sim = await startVehicle({ says: 'everything', ...options })
        ends.push(() => sim.stop())
        return sim
      },
    })
    for (const end of ends.reverse()) await end()
  },
})

export { expect }
