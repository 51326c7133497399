/** What specs of vehicles start with: simulated vehicles, modules and LiDARs that end with their test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasSocat, type PtyPair, plugPair } from '../fakes/pty-pair.ts'
import { type Slave, type SlaveOptions, startSlave } from '../sim/modbus/slave.ts'
import type { VehicleOptions } from '../sim/oht50/options.ts'
import { startVehicle, type VehicleSim } from '../sim/oht50/server.ts'
import { type RplidarOptions, type RplidarSim, startRplidar } from '../sim/rplidar/server.ts'
import { test as base, expect } from './fixtures.ts'

/** A device on a serial cable. */
export interface Plugged<Device> {
  /** What the app opens. */
  readonly port: string
  readonly device: Device
  /** Pulls the cable out. */
  unplug(): Promise<void>
  /** Plugs the same device in again. */
  plug(): Promise<void>
}

export interface Yard {
  /** The modules of a vehicle on RS485. */
  bus(options?: Omit<SlaveOptions, 'path'>): Promise<Plugged<Slave>>
  lidar(options?: Omit<RplidarOptions, 'path'>): Promise<Plugged<RplidarSim>>
  /** A vehicle in the network. */
  network(options?: VehicleOptions): Promise<VehicleSim>
}

/** Of a spec that needs serial cables, as its first act. */
export function needsCables(): void {
  base.skip(!hasSocat, 'no socat: install it to run this')
}

export const test = base.extend<{ yard: Yard }>({
  yard: async ({ site }, use) => {
    // A site that has a device has its first run behind it.
    await site.camera('Gate camera')
    const ends: (() => Promise<unknown>)[] = []
    const folder = mkdtempSync(join(tmpdir(), 'watchfloor-yard-'))
    async function plugged<Device extends { stop(): Promise<void> }>(
      name: string,
      start: (path: string) => Promise<Device>,
    ): Promise<Plugged<Device>> {
      const [port, far] = [join(folder, name), join(folder, `${name}-device`)]
      const plugIn = async (): Promise<[PtyPair, Device]> => [await plugPair(port, far), await start(far)]
      let [cable, device] = await plugIn()
      const unplug = async () => {
        await cable.unplug()
        await device.stop()
      }
      ends.push(unplug)
      return {
        port,
        get device() {
          return device
        },
        unplug,
        async plug() {
          ;[cable, device] = await plugIn()
        },
      }
    }
    await use({
      bus: (options = {}) => plugged('bus', (path) => startSlave({ still: true, ...options, path })),
      lidar: (options = {}) => plugged('lidar', (path) => startRplidar({ ...options, path })),
      async network(options = {}) {
        const sim = await startVehicle({ says: 'everything', ...options })
        ends.push(() => sim.stop())
        return sim
      },
    })
    for (const end of ends.reverse()) await end()
    rmSync(folder, { recursive: true, force: true })
  },
})

export { expect }
