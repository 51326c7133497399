/** A real hub on real sockets with a ledger in place of the store: commits when told, remembers every fact. */

import { EventEmitter, once } from 'node:events'
import { WebSocket } from 'ws'
import { type Device, DeviceId } from '../../../../src/contract/devices.ts'
import { LinkId } from '../../../../src/contract/links.ts'
import { type Settings, settingsTable } from '../../../../src/contract/settings.ts'
import type { ClientProfile } from '../../../../src/main/drivers/blue-light/client.ts'
import { Hub, type HubProfile } from '../../../../src/main/drivers/blue-light/hub.ts'
import { type HubLimits, hubLimits } from '../../../../src/main/drivers/blue-light/hub-limits.ts'
import type { AlertRaised, Fact, Stored } from '../../../../src/main/fact.ts'
import { type Clock, systemClock } from '../../../../src/main/io/clock.ts'
import type { LinkContext } from '../../../../src/main/link.ts'
import { silentLog } from '../../../../src/main/log.ts'
import { emptySite, slotWith } from '../../../fakes/link-parts.ts'

export type Reported = Extract<Fact, { type: 'device-reported' }>['device']

/** What the store would have done, in memory, with the moment of the commit in the test's hand. */
export class Ledger {
  readonly facts: Fact[] = []
  readonly raised: AlertRaised[] = []
  readonly committed = new Map<string, AlertRaised>()
  mode: 'at-once' | 'held' | 'broken' = 'at-once'
  inspected = false
  readonly #held: (() => void)[] = []
  readonly #events = new EventEmitter()

  async raise(fact: AlertRaised): Promise<Stored> {
    this.raised.push(fact)
    this.#note(fact)
    if (this.mode === 'broken') throw new Error('the disk is full')
    if (this.mode === 'held') await new Promise<void>((resolve) => this.#held.push(resolve))
    const key = `${fact.device}|${fact.sourceId}`
    const duplicate = this.committed.has(key)
    if (!duplicate) this.committed.set(key, fact)
    return { seq: this.committed.size, duplicate }
  }

  tell(fact: Fact): void {
    this.#note(fact)
  }

  #note(fact: Fact): void {
    this.facts.push(fact)
    this.#events.emit('fact')
  }

  release(): void {
    for (const commit of this.#held.splice(0)) commit()
  }

  of<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type)
  }

  /** Resolves with the first answer that is not undefined, looking again after every fact. */
  async until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      await once(this.#events, 'fact')
    }
  }

  device(id: string): Reported | undefined {
    return this.of('device-reported').findLast((fact) => fact.device.device === id)?.device
  }

  link(): Extract<Fact, { type: 'link-reported' }> | undefined {
    return this.of('link-reported').at(-1)
  }
}

export const defaults = Object.fromEntries(
  Object.entries(settingsTable).map(([key, setting]) => [key, setting.fallback]),
) as Settings

export function contextFor<P extends HubProfile | ClientProfile>(
  profile: P,
  ledger: Ledger,
  more: { settings?: Partial<Settings>; clock?: Clock; knownDevices?: readonly Device[] } = {},
): LinkContext<P> {
  return {
    profile,
    settings: { ...defaults, ...more.settings },
    clock: more.clock ?? systemClock,
    log: silentLog,
    knownDevices: more.knownDevices ?? [],
    secret: slotWith(),
    site: emptySite,
    inspected: () => ledger.inspected,
    raise: (fact) => ledger.raise(fact),
    tell: (fact) => ledger.tell(fact),
  }
}

export interface Stand {
  readonly hub: Hub
  readonly ledger: Ledger
  readonly url: string
  readonly port: number
  readonly close: () => Promise<void>
}

export interface StandOptions {
  readonly limits?: Partial<HubLimits>
  readonly settings?: Partial<Settings>
  readonly clock?: Clock
  readonly knownDevices?: readonly Device[]
  readonly profile?: Partial<HubProfile>
}

export const hubProfile: HubProfile = {
  id: LinkId.parse('hub'),
  driver: 'blue-light-hub',
  name: 'Hub',
  enabled: true,
  host: '127.0.0.1',
  port: 0,
  heartbeatMs: 30_000,
}

export async function startStand(options: StandOptions = {}): Promise<Stand> {
  const ledger = new Ledger()
  const context = contextFor({ ...hubProfile, ...options.profile }, ledger, options)
  const hub = new Hub(context, { ...hubLimits, ...options.limits })
  await hub.start()
  const url = ledger.link()?.address ?? ''
  return { hub, ledger, url, port: Number(new URL(url).port), close: () => hub.close() }
}

export interface Said {
  readonly type?: string
  readonly deviceId?: string
  readonly payload?: Readonly<Record<string, unknown>>
}

/** A device as a test drives it: sends objects or bytes, waits for what it is told. */
export class TestDevice {
  readonly socket: WebSocket
  readonly heard: Said[] = []
  readonly closed: Promise<number>
  readonly #events = new EventEmitter()

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('message', (bytes) => {
      this.heard.push(JSON.parse(bytes.toString()))
      this.#events.emit('heard')
    })
    this.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)))
  }

  static async connect(url: string): Promise<TestDevice> {
    const device = new TestDevice(new WebSocket(url, { perMessageDeflate: false }))
    await once(device.socket, 'open')
    return device
  }

  send(message: unknown): void {
    this.socket.send(
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message),
      {
        binary: false,
      },
    )
  }

  async until<T>(look: (heard: readonly Said[]) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look(this.heard)
      if (found !== undefined && found !== false) return found
      await once(this.#events, 'heard')
    }
  }

  acks(status = 'received'): Said[] {
    return this.heard.filter((one) => one.type === 'alertAck' && one.payload?.status === status)
  }

  /** Everything sent before is handled when the answer to this is here. */
  async flush(): Promise<void> {
    const pong = once(this.socket, 'pong')
    this.socket.ping()
    await pong
  }

  close(): void {
    this.socket.terminate()
  }
}

export function register(deviceId: string, more: object = {}): object {
  const payload = { mode: 'cctv', location: 'living_room', version: '1.0.0', ...more }
  return {
    type: 'deviceRegister',
    deviceId,
    deviceName: `Camera ${deviceId}`,
    timestamp: new Date().toISOString(),
    payload,
  }
}

export function alert(deviceId: string, messageId?: string, payload: object = {}, more: object = {}): object {
  return {
    type: 'blueAlert',
    deviceId,
    deviceName: `Camera ${deviceId}`,
    timestamp: new Date().toISOString(),
    ...(messageId === undefined ? {} : { messageId }),
    payload: { intensity: 0.85, duration: 2.5, confidence: 0.92, location: 'living_room', ...payload },
    ...more,
  }
}

export function status(deviceId: string, blueIntensity: number, more: object = {}): object {
  return {
    type: 'deviceStatus',
    deviceId,
    deviceName: `Camera ${deviceId}`,
    timestamp: new Date().toISOString(),
    payload: { isOnline: true, isMonitoring: true, blueIntensity },
    ...more,
  }
}

export function knownDevice(device: string, more: Partial<Device> = {}): Device {
  return {
    id: `hub/${device}`,
    link: hubProfile.id,
    device: DeviceId.parse(device),
    name: `Camera ${device}`,
    role: 'cctv',
    group: null,
    location: null,
    version: null,
    capabilities: [],
    state: 'live',
    isMonitoring: null,
    blueIntensity: null,
    batteryLevel: null,
    signalStrength: null,
    heardAt: 1_700_000_000_000,
    budgetMs: 60_000,
    clockOffsetMs: null,
    lastAlertAt: null,
    settings: null,
    settingsVersion: null,
    outOfService: false,
    ...more,
  }
}
