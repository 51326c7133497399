/** Vehicles a test moves by hand: rows, news, and what became of commands. */
import type { Alert } from '../../src/contract/alerts.ts'
import { AlertId } from '../../src/contract/alerts.ts'
import { DeviceId } from '../../src/contract/devices.ts'
import type { Lidar } from '../../src/contract/lidar.ts'
import { LinkId } from '../../src/contract/links.ts'
import { RegisterMap, type VehicleModule } from '../../src/contract/modules.ts'
import { VehicleName } from '../../src/contract/vehicle-name.ts'
import {
  type CommandOutcome,
  noReadings,
  type Reading,
  type StopRequest,
  type VehicleCommand,
  type VehicleReport,
} from '../../src/contract/vehicles.ts'
import { usualZones } from '../../src/contract/zone-distances.ts'
import type { SiteNews, SiteView, VehicleNews, VehicleView } from '../../src/main/link.ts'
import { emptySite } from './link-parts.ts'

export const bus = LinkId.parse('bus')
export const cart = VehicleName.parse('OHT-50-001')
export const other = VehicleName.parse('OHT-50-002')

export const map = RegisterMap.parse({
  id: 'power-test',
  kind: 'power',
  title: 'Power, for tests',
  source: 'made up',
  polls: { main: { everyMs: 1000, budgetMs: 3000 } },
  registers: [
    { address: 0, name: 'battery-voltage', text: 'Battery', type: 'u16', scale: 0.1, unit: 'V', access: 'r' },
    { address: 2, name: 'soc', text: 'Charge', type: 'u16', unit: '%', access: 'r' },
    {
      address: 0x3c,
      name: 'output',
      text: 'Output',
      type: 'u16',
      access: 'rw',
      enum: { '0': 'off', '1': 'on' },
    },
  ],
})

export function reading<V>(value: V, at = Date.now()): Reading<V> {
  return { value, at, sourceAt: null, budgetMs: 3000 }
}

export function report(more: Partial<VehicleReport> = {}): VehicleReport {
  return {
    id: 'bus',
    link: bus,
    vehicle: cart,
    source: 'bus',
    readings: { ...noReadings, state: reading('IDLE'), batteryPercent: reading(80) },
    can: ['stop-request', 'module', 'write-register', 'move', 'halt', 'reset', 'dock'],
    ...more,
  }
}

export function moduleRow(values: VehicleModule['values'], more: Partial<VehicleModule> = {}): VehicleModule {
  return {
    id: 'bus/2',
    link: bus,
    vehicle: cart,
    unit: 2,
    kind: 'power',
    name: 'Power',
    state: 'online',
    stateSince: 1_700_000_000_000,
    identity: null,
    map: map.id,
    mapChosen: 'hand',
    values,
    readAt: { main: 1_700_000_001_000 },
    counters: { requests: 1, replies: 1, timeouts: 0, crcErrors: 0, exceptions: 0, strays: 0 },
    replyMs: 4,
    trouble: '',
    writable: true,
    ...more,
  }
}

export function lidarRow(more: Partial<Lidar> = {}): Lidar {
  return {
    id: 'eye',
    link: LinkId.parse('eye'),
    vehicle: cart,
    name: 'Front',
    source: 'serial',
    model: 'RPLIDAR C1',
    firmware: '1.2',
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
    budgetMs: 500,
    counters: { revolutions: 0, resyncs: 0, broken: 0, checksumErrors: 0 },
    trouble: '',
    ...more,
  }
}

export function alertOf(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id: AlertId.parse(id),
    seq: 1,
    source: bus,
    sourceId: id,
    kind: 'vehicle',
    priority: 'high',
    state: 'unacknowledged-active',
    device: DeviceId.parse(cart),
    deviceName: cart,
    group: null,
    location: null,
    text: 'Battery low: 12 %',
    raisedAt: 1_700_000_000_000,
    receivedAt: 1_700_000_000_000,
    late: false,
    clockSuspect: false,
    blue: null,
    evidence: null,
    silencedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    ackDelivery: 'none',
    clearedAt: null,
    shelvedUntil: null,
    disposition: null,
    note: null,
    duplicates: 0,
    ...more,
  }
}

export interface Commanded {
  readonly link: string
  readonly command: VehicleCommand
  readonly by: string
  readonly deadlineAt: number
}

export class Vehicles implements VehicleView {
  readonly reports = new Map<string, VehicleReport>([['bus', report()]])
  readonly rows = new Map<string, VehicleModule>([
    ['bus/2', moduleRow({ 'battery-voltage': 48.1, soc: 80, output: 1 })],
  ])
  readonly scanners = new Map<string, Lidar>([['eye', lidarRow()]])
  readonly requests = new Map<string, StopRequest>()
  open: Alert[] = []
  readonly commanded: Commanded[] = []
  readonly stopped: { readonly vehicle: string | null; readonly by: string }[] = []
  outcome: (commanded: Commanded) => Promise<CommandOutcome> = async () => ({ roundTripMs: 3, said: '' })
  stopFails: Error | null = null
  readonly #listeners = new Set<(news: VehicleNews) => void>()
  readonly #site = new Set<(news: SiteNews) => void>()
  readonly site: SiteView = {
    ...emptySite,
    subscribe: (listener) => {
      this.#site.add(listener)
      return () => this.#site.delete(listener)
    },
  }

  get listeners(): number {
    return this.#listeners.size + this.#site.size
  }

  vehicles = () => this.reports.values()
  modules = () => this.rows.values()
  lidars = () => this.scanners.values()
  stops = () => this.requests.values()
  maps = () => [map]
  alerts = () => this.open

  async command(
    link: string,
    command: VehicleCommand,
    by: string,
    deadlineAt: number,
  ): Promise<CommandOutcome> {
    const commanded = { link, command, by, deadlineAt }
    this.commanded.push(commanded)
    return this.outcome(commanded)
  }

  requestStop(vehicle: VehicleName | null, by: string): readonly string[] {
    this.stopped.push({ vehicle, by })
    if (this.stopFails !== null) throw this.stopFails
    const names =
      vehicle === null ? [...new Set([...this.reports.values()].map((row) => row.vehicle))] : [vehicle]
    return names.map((name) => {
      const id = `stop-${this.stopped.length}-${name}`
      this.stop({
        id,
        vehicle: name,
        by,
        state: 'requested',
        requestedAt: Date.now(),
        acceptedAt: null,
        confirmedAt: null,
        releasedAt: null,
        isTrying: true,
        attempts: 1,
        ways: [],
      })
      return id
    })
  }

  subscribe(listener: (news: VehicleNews) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(news: VehicleNews): void {
    for (const listener of this.#listeners) listener(news)
  }

  vehicle(row: VehicleReport): void {
    this.reports.set(row.id, row)
    this.tell({ is: 'vehicle', row })
  }

  module(row: VehicleModule): void {
    this.rows.set(row.id, row)
    this.tell({ is: 'module', row })
  }

  lidar(row: Lidar): void {
    this.scanners.set(row.id, row)
    this.tell({ is: 'lidar', row })
  }

  stop(row: StopRequest): void {
    this.requests.set(row.id, row)
    this.tell({ is: 'stop', row })
  }

  /** Points: angle in degrees, range in mm. */
  scan(revolution: number, points: readonly (readonly [number, number])[]): void {
    const bytes = Buffer.alloc(points.length * 6)
    for (const [n, [angle, range]] of points.entries()) {
      bytes.writeUInt16LE(Math.round(angle * 64), n * 6)
      bytes.writeUInt16LE(range, n * 6 + 2)
      bytes.writeUInt16LE(47, n * 6 + 4)
    }
    const header = {
      revolution,
      at: Date.now(),
      points: points.length,
      rotationHz: 10,
      nearest: null,
      zone: 'clear' as const,
      zones: usualZones,
    }
    this.tell({ is: 'scan', scan: { link: LinkId.parse('eye'), header, bytes } })
  }

  /** As the store tells of it: the table of open ones first. */
  alert(alert: Alert, isOpen = true): void {
    this.open = [...this.open.filter(({ id }) => id !== alert.id), ...(isOpen ? [alert] : [])]
    const transition = {
      seq: 1,
      alert: alert.id,
      kind: 'raise' as const,
      from: null,
      to: alert.state,
      at: 1,
      by: 'watchfloor',
      note: null,
      until: null,
      disposition: null,
    }
    for (const listener of this.#site) listener({ is: 'alert', entry: { seq: 1, transition, alert } })
  }
}
