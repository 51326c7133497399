/** A real `modbus-bus` link at one end of a pty, modules at the other: Debian's pymodbus, or our own slave. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { DeviceId } from '../../../../src/contract/devices.ts'
import { LinkId, type LinkState, SerialAddress } from '../../../../src/contract/links.ts'
import type { RegisterMap, VehicleModule } from '../../../../src/contract/modules.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import { VehicleName } from '../../../../src/contract/vehicle-name.ts'
import type { VehicleCommand, VehicleReport } from '../../../../src/contract/vehicles.ts'
import { modbusBus } from '../../../../src/main/drivers/modbus/index.ts'
import type { BusProfile } from '../../../../src/main/drivers/modbus/poller.ts'
import type { Fact } from '../../../../src/main/fact.ts'
import { systemClock } from '../../../../src/main/io/clock.ts'
import type { LinkContext, RunningLink, VehicleSide } from '../../../../src/main/link.ts'
import { silentLog } from '../../../../src/main/log.ts'
import type { Delivery } from '../../../../src/main/order.ts'
import { loadRegisterMaps } from '../../../../src/main/vehicles/register-maps.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import { hasSocat, type PtyPair, plugPair } from '../../../fakes/pty-pair.ts'

export { hasSocat } from '../../../fakes/pty-pair.ts'

const python = '/usr/bin/python3'
const script = fileURLToPath(new URL('../../../peers/pymodbus-slave.py', import.meta.url))

/** What `npm test` installs on Debian; elsewhere the tests that need it are told as not run. */
export const hasPymodbus =
  hasSocat &&
  spawnSync(python, ['-c', 'import pymodbus.server.async_io, serial_asyncio'], {
    stdio: 'ignore',
    timeout: 20_000,
  }).status === 0

export const ourMaps = loadRegisterMaps('/nonexistent').maps

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export class Ledger {
  readonly facts: Fact[] = []
  readonly #events = new EventEmitter().setMaxListeners(50)

  tell(fact: Fact): void {
    this.facts.push(fact)
    this.#events.emit('fact')
  }

  of<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  }

  async until<T>(look: () => T | undefined | false | null): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false && found !== null) return found
      await once(this.#events, 'fact')
    }
  }

  get state(): LinkState | undefined {
    return this.of('link-reported').at(-1)?.state
  }

  is<S extends LinkState['is']>(is: S): Promise<Extract<LinkState, { is: S }>> {
    return this.until(() => {
      const { state } = this
      return state?.is === is ? (state as Extract<LinkState, { is: S }>) : undefined
    })
  }

  /** The newest row of a unit. */
  row(unit: number): VehicleModule | undefined {
    return this.of('module-reported').findLast(({ module }) => module.unit === unit)?.module
  }

  /** The newest row of a unit, once it is so. */
  module(unit: number, met: (row: VehicleModule) => boolean): Promise<VehicleModule> {
    return this.until(() => {
      const row = this.row(unit)
      return row !== undefined && met(row) ? row : undefined
    })
  }

  get report(): VehicleReport | undefined {
    return this.of('vehicle-reported').at(-1)?.vehicle
  }

  vehicle(met: (report: VehicleReport) => boolean): Promise<VehicleReport> {
    return this.until(() => {
      const { report } = this
      return report !== undefined && met(report) ? report : undefined
    })
  }
}

/** pymodbus in a process of its own; one line in, one line out. */
export class Peer {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: Interface
  readonly #ended: Promise<unknown>

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child
    this.#lines = createInterface(child.stdout)
    this.#ended = once(child, 'close')
    child.stdin.on('error', () => {})
    child.stderr.on('data', (text) => process.stderr.write(text))
  }

  static async start(path: string, ...args: readonly string[]): Promise<Peer> {
    const peer = new Peer(spawn(python, [script, path, ...args], { stdio: 'pipe' }))
    const [first] = await once(peer.#lines, 'line')
    if (first !== 'ready') throw new Error(`pymodbus said: ${first}`)
    return peer
  }

  async tell(command: string): Promise<string> {
    const said = once(this.#lines, 'line')
    this.#child.stdin.write(`${command}\n`)
    const [line] = await said
    if (String(line).startsWith('error')) throw new Error(`${command}: ${line}`)
    return String(line)
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

export interface Opened {
  readonly link: RunningLink
  readonly ledger: Ledger
  write(unit: number, register: string, value: number): Promise<Delivery>
  command(command: VehicleCommand, deadlineMs?: number): Promise<Delivery>
  stop(): Promise<Delivery>
}

export class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'bus-'))
  readonly port = join(this.folder, 'ours')
  readonly far = join(this.folder, 'theirs')
  readonly #ends: (() => Promise<unknown>)[] = []
  #cable: PtyPair | null = null

  async plug(): Promise<void> {
    this.#cable = await plugPair(this.port, this.far)
  }

  async unplug(): Promise<void> {
    await this.#cable?.unplug()
    this.#cable = null
  }

  async peer(...args: readonly string[]): Promise<Peer> {
    const peer = await Peer.start(this.far, ...args)
    this.#ends.push(() => peer.end())
    return peer
  }

  profile(change: Partial<BusProfile> = {}): BusProfile {
    return {
      id: LinkId.parse('bus'),
      driver: 'modbus-bus',
      name: 'Bus',
      enabled: true,
      vehicle: VehicleName.parse('OHT-50-001'),
      port: SerialAddress.parse(this.port),
      baudRate: 115_200,
      parity: 'none',
      stopBits: 1,
      timeoutMs: 200,
      units: [2, 3, 4, 5],
      maps: [],
      writable: true,
      ...change,
    }
  }

  async open(
    change: Partial<BusProfile> = {},
    more: {
      readonly known?: readonly VehicleModule[]
      readonly maps?: readonly RegisterMap[]
      readonly monitored?: () => boolean
      readonly inspected?: () => boolean
    } = {},
  ): Promise<Opened> {
    const ledger = new Ledger()
    const profile = this.profile(change)
    const vehicles = {
      knownModules: more.known ?? [],
      registerMaps: more.maps ?? ourMaps,
      monitored: more.monitored ?? (() => false),
    } as const satisfies Omit<VehicleSide, 'view'>
    const context: LinkContext<BusProfile> = {
      profile,
      settings,
      clock: systemClock,
      log: silentLog,
      knownDevices: [],
      secret: slotWith(),
      site: emptySite,
      vehicles: vehicles as VehicleSide,
      inspected: more.inspected ?? (() => false),
      raise: async () => ({ seq: 1, duplicate: false }),
      tell: (fact) => ledger.tell(fact),
    }
    const link = await modbusBus.open(context)
    this.#ends.push(() => link.close())
    const order = {
      id: 'order',
      link: profile.id,
      device: DeviceId.parse(profile.vehicle),
      by: 'operator',
    } as const
    const command = (wish: VehicleCommand, deadlineMs = 5000) =>
      link.deliver({
        ...order,
        type: 'command-vehicle',
        command: wish,
        deadlineAt: systemClock.now() + deadlineMs,
      })
    return {
      link,
      ledger,
      command,
      write: (unit, register, value) => command({ do: 'write-register', unit, register, value }),
      stop: () => link.deliver({ ...order, type: 'request-stop', deadlineAt: systemClock.now() + 5000 }),
    }
  }

  async end(): Promise<void> {
    // Links first, then whoever is at the far end, then the cable.
    for (const end of this.#ends.splice(0).reverse()) await end()
    await this.unplug()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
