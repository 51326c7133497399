/** A running link over a real pseudo terminal, with the simulated LiDAR at the other end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Lidar } from '../../../../src/contract/lidar.ts'
import { LinkProfile, type LinkState } from '../../../../src/contract/links.ts'
import { rplidar } from '../../../../src/main/drivers/rplidar/index.ts'
import type { RplidarProfile } from '../../../../src/main/drivers/rplidar/profile.ts'
import type { Fact, ScanArrived } from '../../../../src/main/fact.ts'
import { systemClock } from '../../../../src/main/io/clock.ts'
import type { RunningLink } from '../../../../src/main/link.ts'
import { silentLog } from '../../../../src/main/log.ts'
import type { CommandLidar } from '../../../../src/main/order.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import { type PtyPair, plugPair } from '../../../fakes/pty-pair.ts'
import { type RplidarOptions, type RplidarSim, startRplidar } from '../../../sim/rplidar/server.ts'
import { settings } from '../openeye/client/stand.ts'

export function until(met: () => void): Promise<void> {
  return vi.waitFor(met, { timeout: 20_000, interval: 10 })
}

export class LidarStand {
  readonly folder = mkdtempSync(join(tmpdir(), 'lidar-'))
  readonly near = join(this.folder, 'near')
  readonly far = join(this.folder, 'far')
  readonly rows: Lidar[] = []
  readonly states: LinkState[] = []
  readonly scans: ScanArrived[] = []
  readonly #ends: (() => Promise<unknown>)[] = []

  async plug(): Promise<PtyPair> {
    const pair = await plugPair(this.near, this.far)
    this.#ends.push(() => pair.unplug())
    return pair
  }

  async sim(options: Partial<RplidarOptions> = {}): Promise<RplidarSim> {
    const sim = await startRplidar({ path: this.far, ...options })
    this.#ends.push(() => sim.stop())
    return sim
  }

  profile(more: Partial<RplidarProfile> = {}): RplidarProfile {
    return LinkProfile.parse({
      id: 'lidar-1',
      driver: 'rplidar',
      name: 'Front LiDAR',
      enabled: true,
      vehicle: 'OHT-1',
      port: this.near,
      model: 'c1',
      mode: 'standard',
      mountDeg: 0,
      zones: { emergencyMm: 500, warningMm: 1000, cautionMm: 2000 },
      ...more,
    }) as RplidarProfile
  }

  async open(more: Partial<RplidarProfile> = {}): Promise<RunningLink> {
    const link = await rplidar.open({
      profile: this.profile(more),
      settings,
      clock: systemClock,
      log: silentLog,
      knownDevices: [],
      secret: slotWith(),
      site: emptySite,
      inspected: () => true,
      raise: async () => ({ seq: 1, duplicate: false }),
      tell: (fact: Fact) => {
        if (fact.type === 'lidar-reported') this.rows.push(fact.lidar)
        else if (fact.type === 'link-reported') this.states.push(fact.state)
        else if (fact.type === 'scan-arrived') this.scans.push(fact)
      },
    })
    this.#ends.push(() => link.close())
    return link
  }

  get row(): Lidar | undefined {
    return this.rows.at(-1)
  }

  get state(): string | undefined {
    return this.states.at(-1)?.is
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function command(scanning: boolean, deadlineAt = Date.now() + 5000): CommandLidar {
  return {
    type: 'command-lidar',
    id: 'o1',
    link: 'lidar-1',
    device: 'lidar-1',
    deadlineAt,
    scanning,
  } as CommandLidar
}
