/** Vehicles, links and modules for the tests of the desk: real live tables, dispatch, ingest and store, a clock moved by hand, links that do what a test says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alert } from '../../../src/contract/alerts.ts'
import type { Lidar } from '../../../src/contract/lidar.ts'
import { type Link, LinkId, type LinkProfile, noCounters } from '../../../src/contract/links.ts'
import type { RegisterMap, VehicleModule } from '../../../src/contract/modules.ts'
import { VehicleName } from '../../../src/contract/vehicle-name.ts'
import {
  noReadings,
  type Reading,
  type VehicleReadings,
  type VehicleReport,
} from '../../../src/contract/vehicles.ts'
import { usualZones } from '../../../src/contract/zone-distances.ts'
import { createDispatch, type Dispatch } from '../../../src/main/dispatch.ts'
import { applyChange } from '../../../src/main/fill-live.ts'
import { createIngest, type Ingest } from '../../../src/main/ingest.ts'
import type { RunningLink } from '../../../src/main/link.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { openAlertsCap } from '../../../src/main/live/open-alerts.ts'
import { silentLog } from '../../../src/main/log.ts'
import type { Delivery, Order } from '../../../src/main/order.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import type { DeskParts } from '../../../src/main/vehicles/parts.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'

export const oht = VehicleName.parse('OHT-1')
export const bus = LinkId.parse('bus')
export const wifi = LinkId.parse('wifi')
export const delivered: Delivery = { is: 'delivered', roundTripMs: 3 }

export function reading<V>(value: V, at: number, budgetMs = 1000): Reading<V> {
  return { value, at, sourceAt: null, budgetMs }
}

export function report(
  link: LinkId,
  readings: Partial<VehicleReadings> = {},
  more: Partial<VehicleReport> = {},
): VehicleReport {
  return {
    id: link,
    link,
    vehicle: oht,
    source: link === bus ? 'bus' : 'vehicle',
    readings: { ...noReadings, ...readings },
    can: ['stop-request', 'move', 'halt', 'dock', 'reset', 'module', 'write-register'],
    ...more,
  }
}

export function moduleRow(unit: number, more: Partial<VehicleModule> = {}): VehicleModule {
  return {
    id: `${bus}/${unit}`,
    link: bus,
    vehicle: oht,
    unit,
    kind: 'motor',
    name: `Module 0x0${unit}`,
    state: 'online',
    stateSince: 0,
    identity: null,
    map: null,
    mapChosen: 'none',
    values: {},
    readAt: {},
    counters: { requests: 0, replies: 0, timeouts: 0, crcErrors: 0, exceptions: 0, strays: 0 },
    replyMs: null,
    trouble: '',
    writable: true,
    ...more,
  }
}

/** Three registers that say something of the vehicle. */
export const motorMap: RegisterMap = {
  id: 'motor',
  kind: 'motor',
  title: 'Motor',
  source: 'test',
  polls: { main: { everyMs: 100, budgetMs: 1000 } },
  registers: [
    ['temperature', 'Drive temperature', 'temperature-c'],
    ['fault', 'Fault code', 'fault'],
    ['zone', 'Safety zone violated', 'zone'],
  ].map(([name, text, means], address) => ({
    address,
    name: name ?? '',
    text: text ?? '',
    table: 'holding',
    type: 'u16',
    scale: 1,
    unit: '',
    access: 'r',
    headline: false,
    poll: 'main',
    means: means as 'fault',
    ...(name === 'zone' && { enum: { '2': 'zone 2' } }),
  })),
}

export function lidarRow(more: Partial<Lidar> = {}): Lidar {
  const link = LinkId.parse('lidar')
  return {
    id: link,
    link,
    vehicle: oht,
    name: 'Front LiDAR',
    source: 'serial',
    model: 'RPLIDAR C1',
    firmware: null,
    serialNumber: null,
    health: 'good',
    healthCode: 0,
    isScanning: true,
    mode: 'standard',
    rotationHz: 10,
    pointsPerS: 5000,
    nearest: null,
    zone: 'clear',
    zones: usualZones,
    scanAt: null,
    budgetMs: 1000,
    counters: { revolutions: 0, resyncs: 0, broken: 0, checksumErrors: 0 },
    trouble: '',
    ...more,
  }
}

export function busProfile(id: LinkId = bus): Extract<LinkProfile, { driver: 'modbus-bus' }> {
  return {
    id,
    driver: 'modbus-bus',
    name: 'RS485 bus',
    enabled: true,
    vehicle: oht,
    port: '/dev/ttyUSB0',
    baudRate: 115_200,
    parity: 'none',
    stopBits: 1,
    timeoutMs: 100,
    units: [2, 3, 4],
    maps: [],
    writable: true,
  }
}

export function clientProfile(id: LinkId = wifi): Extract<LinkProfile, { driver: 'oht50-client' }> {
  return {
    id,
    driver: 'oht50-client',
    name: 'Vehicle Wi-Fi',
    enabled: true,
    vehicle: oht,
    httpUrl: 'http://127.0.0.1:1',
    socketUrl: '',
    backendUrl: '',
    ladder: 'lan',
    pollMs: 1000,
  }
}

export function lidarProfile(id: LinkId): Extract<LinkProfile, { driver: 'rplidar' }> {
  return {
    id,
    driver: 'rplidar',
    name: 'Front LiDAR',
    enabled: true,
    vehicle: oht,
    port: '/dev/ttyUSB1',
    model: 'c1',
    mode: 'standard',
    mountDeg: 0,
    zones: usualZones,
  }
}

export function vehicleLinkRow(profile: LinkProfile, is: 'live' | 'silent' = 'live'): Link {
  return {
    id: profile.id,
    name: profile.name,
    driver: profile.driver,
    role: 'dials',
    address: '',
    state: { is, since: 0 },
    stateSince: 0,
    lastUsefulAt: null,
    budgetMs: 1000,
    peers: 0,
    queueDepth: 0,
    counters: noCounters,
    secret: 'none',
    profile,
  }
}

type Deliver = (order: Order) => Promise<Delivery>

/** A link of which only orders matter. */
export function fakeLink(deliver: Deliver, forgotten: string[] = []): RunningLink {
  return {
    deliver,
    retry() {},
    forget: (device) => void forgotten.push(device),
    async close() {},
  }
}

export interface Stand {
  readonly dir: string
  readonly clock: HandClock
  readonly store: Store
  readonly live: Live
  readonly ingest: Ingest
  readonly dispatch: Dispatch
  readonly running: Map<LinkId, RunningLink>
  readonly saved: LinkProfile[]
  readonly parts: DeskParts
  /** Every alert of a vehicle there ever was, oldest first. */
  alerts(): Promise<readonly Alert[]>
  timeline(type?: string): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openStand(
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-desk-')),
  clock = new HandClock(),
): Promise<Stand> {
  const store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  const live = createLive({ clock, refillAlerts: () => store.open(openAlertsCap), sourceOf: () => undefined })
  store.onChange((change) => applyChange(live, change))
  const running = new Map<LinkId, RunningLink>()
  const dispatch = createDispatch({
    store,
    clock,
    log: silentLog,
    link: (id) => running.get(id),
    isUp: (id) => ['live', 'polling'].includes(live.links.get(id)?.state.is ?? ''),
    parked() {},
  })
  const ingest = createIngest({ store, live, clock, log: silentLog, wake() {} })
  const saved: LinkProfile[] = []
  const parts: DeskParts = {
    dataDir: dir,
    store,
    live,
    clock,
    log: silentLog,
    ingest,
    dispatch,
    links: {
      running: (id) => running.get(id),
      save: async (profile) => void saved.push(profile),
    },
  }
  return {
    dir,
    clock,
    store,
    live,
    ingest,
    dispatch,
    running,
    saved,
    parts,
    alerts: async () => (await store.list({ kinds: ['vehicle'] }, 0, 500)).map(({ alert }) => alert),
    timeline: async (type) =>
      (await store.timeline(0, 1000))
        .filter((entry) => type === undefined || entry.type === type)
        .map(({ by, text }) => `${by ?? '-'}| ${text}`),
    async close() {
      await dispatch.close()
      await store.close()
    },
  }
}

export function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true })
}

/** Lets everything that is promised come to pass. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** Moves the clock in steps of 50 ms, and lets what follows from each come to pass. */
export async function pass(clock: HandClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(Math.min(50, left))
    await settle()
  }
}
