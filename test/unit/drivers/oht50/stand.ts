/** A real link to a simulated vehicle, with lists in place of the store. */
import { EventEmitter, once } from 'node:events'
import { onTestFinished } from 'vitest'
import { DeviceId } from '../../../../src/contract/devices.ts'
import { LinkId, type LinkState } from '../../../../src/contract/links.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import { VehicleName } from '../../../../src/contract/vehicle-name.ts'
import type { VehicleCommand } from '../../../../src/contract/vehicles.ts'
import { oht50Client } from '../../../../src/main/drivers/oht50/index.ts'
import type { VehicleProfile } from '../../../../src/main/drivers/oht50/profile.ts'
import type { AlertRaised, Fact } from '../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { LinkContext, RunningLink } from '../../../../src/main/link.ts'
import type { Log, LogFields } from '../../../../src/main/log.ts'
import type { Delivery } from '../../../../src/main/order.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'
import type { VehicleOptions } from '../../../sim/oht50/options.ts'
import { startVehicle, type VehicleSim } from '../../../sim/oht50/server.ts'

export const link = LinkId.parse('line-1')
export const vehicle = VehicleName.parse('Line 1')
export const token = 'oht50_operator_token_2025'

const settings = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export async function serve(options: VehicleOptions = {}): Promise<VehicleSim> {
  const sim = await startVehicle({ everyMs: 100, ...options })
  onTestFinished(() => sim.stop())
  return sim
}

/** All three ways to it. */
export function doorsOf({ httpUrl, socketUrl, backendUrl }: VehicleSim) {
  return { httpUrl, socketUrl, backendUrl }
}

export function profileOf(more: Partial<VehicleProfile>): VehicleProfile {
  return {
    id: link,
    driver: 'oht50-client',
    name: 'Line 1',
    enabled: true,
    vehicle,
    httpUrl: '',
    socketUrl: '',
    backendUrl: '',
    ladder: 'lan',
    pollMs: 200,
    ...more,
  }
}

export class Stand {
  readonly facts: Fact[] = []
  readonly logged: string[] = []
  readonly #news = new EventEmitter().setMaxListeners(0)
  readonly running: RunningLink

  constructor(running: (stand: Stand) => RunningLink) {
    this.running = running(this)
  }

  tell(fact: Fact): void {
    this.facts.push(fact)
    this.#news.emit('fact')
  }

  of<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  }

  get report() {
    const report = this.of('link-reported').at(-1)
    if (report === undefined) throw new Error('nothing reported yet')
    return report
  }

  get row() {
    return this.of('vehicle-reported').at(-1)?.vehicle
  }

  module(unit: number) {
    return this.of('module-reported').findLast(({ module }) => module.unit === unit)?.module
  }

  /** The states it went through, without repeats. */
  get states(): string[] {
    const all = this.of('link-reported').map(({ state }) => state.is)
    return all.filter((is, n) => is !== all[n - 1])
  }

  async until<T>(look: () => T | undefined | null | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== null && found !== false) return found
      await once(this.#news, 'fact')
    }
  }

  is<S extends LinkState['is']>(is: S): Promise<Extract<LinkState, { is: S }>> {
    return this.until(() => {
      const state = this.of('link-reported').at(-1)?.state
      return state?.is === is ? (state as Extract<LinkState, { is: S }>) : undefined
    })
  }

  /** Everything the inspector was shown. */
  get shown(): string[] {
    return this.of('message-crossed').map(({ message }) => `${message.text} ${message.trouble}`)
  }

  #order(deadlineMs: number) {
    return { id: 'o', link, device: DeviceId.parse(vehicle), deadlineAt: Date.now() + deadlineMs, by: 'Kim' }
  }

  stop(deadlineMs = 10_000): Promise<Delivery> {
    return this.running.deliver({ type: 'request-stop', ...this.#order(deadlineMs) })
  }

  command(command: VehicleCommand, deadlineMs = 10_000): Promise<Delivery> {
    return this.running.deliver({ type: 'command-vehicle', command, ...this.#order(deadlineMs) })
  }
}

interface StandOptions {
  readonly token?: string | null
  readonly clock?: Clock
  readonly raise?: (fact: AlertRaised) => void
}

export async function connect(profile: Partial<VehicleProfile>, options: StandOptions = {}): Promise<Stand> {
  const early: Fact[] = []
  let stand: Stand | null = null
  const logged: string[] = []
  const note = (event: string, fields?: LogFields) => {
    logged.push(JSON.stringify({ event, ...fields }))
  }
  const log: Log = { error: note, warn: note, info: note, debug: note }
  const tell = (fact: Fact) => (stand === null ? early.push(fact) : stand.tell(fact))
  const kept = options.token === undefined ? token : options.token
  const context: LinkContext<VehicleProfile> = {
    profile: profileOf(profile),
    settings,
    clock: options.clock ?? systemClock,
    log,
    knownDevices: [],
    secret: slotWith(kept === null ? null : JSON.stringify({ is: 'token', token: kept })),
    site: emptySite,
    inspected: () => true,
    async raise(fact) {
      tell(fact)
      return { seq: 1, duplicate: false }
    },
    tell,
  }
  const running = await oht50Client.open(context)
  stand = new Stand(() => running)
  stand.facts.push(...early)
  onTestFinished(() => running.close())
  return stand
}
