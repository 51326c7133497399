/** What the gateway says, as plain objects: every type in the one envelope `{type, vehicle_id, timestamp, data}`. Pure. */
import type { Alert } from '../../../contract/alerts.ts'
import { never } from '../../../contract/fault.ts'
import { type Lidar, scanPointBytes } from '../../../contract/lidar.ts'
import type { Register, RegisterMap, VehicleModule } from '../../../contract/modules.ts'
import { priorityOfLevel, vehicleLevels } from '../../../contract/vehicle-rules.ts'
import type { StopRequest, VehicleReadings, VehicleReport } from '../../../contract/vehicles.ts'
import type { ScanArrived } from '../../fact.ts'
import type { Topic } from './topics.ts'

/** ISO 8601, UTC. */
export function time(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

export function envelope(
  type: Topic | 'heartbeat' | 'ready',
  vehicle: string | null,
  at: number,
  data: object,
): object {
  return { type, vehicle_id: vehicle, timestamp: time(at), data }
}

export function unitWords(unit: number): string {
  return `0x${unit.toString(16).padStart(2, '0').toUpperCase()}`
}

/** A register or a code. */
function hex(value: number): string {
  return `0x${value.toString(16).padStart(4, '0').toUpperCase()}`
}

/** Names as vehicles' own programs write them; what the source has not said is left out. */
const readingNames = {
  state: 'state',
  estop: 'estop',
  safetyOk: 'safety_ok',
  fault: 'fault',
  mode: 'mode',
  batteryPercent: 'battery_percent',
  batteryV: 'battery_v',
  speedMmPerS: 'speed_mm_s',
  headingDeg: 'heading_deg',
  temperatureC: 'temperature_c',
  mission: 'mission',
  station: 'station',
} as const satisfies Partial<Record<keyof VehicleReadings, string>>

export function statusWords({ link, source, readings }: VehicleReport): object {
  const words: Record<string, unknown> = { source, link }
  const ages: Record<string, object> = {}
  const said = (name: string, key: keyof VehicleReadings) => {
    const reading = readings[key]
    if (reading === null) return null
    ages[name] = { at: time(reading.at), budget_ms: reading.budgetMs }
    return reading.value
  }
  for (const [key, name] of Object.entries(readingNames) as [keyof typeof readingNames, string][]) {
    const value = said(name, key)
    if (value !== null) words[name] = value
  }
  const [x, y] = [said('x', 'xMm'), said('y', 'yMm')]
  if (x !== null || y !== null)
    words.position = { ...(x === null ? {} : { x }), ...(y === null ? {} : { y }), unit: 'mm' }
  return { ...words, ages }
}

/**
 * `status` once more, with the names of the firmware's own `/api/v1/system/state` and module statistics beside ours. `modules` are those of
 * the same link.
 */
export function systemWords(row: VehicleReport, modules: Iterable<VehicleModule>): object {
  const { state, fault } = row.readings
  const states = [...modules].filter(({ link }) => link === row.link).map((module) => module.state)
  const count = (wanted: VehicleModule['state']) => states.filter((one) => one === wanted).length
  return {
    ...statusWords(row),
    robot_id: row.vehicle,
    ...(state === null ? {} : { current_state: state.value }),
    ...(fault === null ? {} : { current_fault: fault.value }),
    total_modules: states.length,
    online_modules: count('online'),
    offline_modules: count('offline'),
  }
}

/** `address` is a number: the deployed relay writes it in hex itself. */
export function discoveredWords({ unit, name, kind, link, identity }: VehicleModule): object {
  return {
    address: unit,
    module_addr: unitWords(unit),
    module_name: name,
    kind,
    link,
    ...(identity === null ? {} : { module_type: hex(identity.type) }),
  }
}

/** Flat fields are words only: a reader takes numbers beside a module's name for its measurements. */
export function moduleWords(row: VehicleModule): object {
  const { identity, counters } = row
  return {
    module_addr: unitWords(row.unit),
    module_name: row.name,
    kind: row.kind,
    state: row.state,
    state_since: time(row.stateSince),
    trouble: row.trouble,
    link: row.link,
    register_map: row.map,
    identity:
      identity === null
        ? null
        : {
            device_id: hex(identity.deviceId),
            type: hex(identity.type),
            firmware: hex(identity.firmware),
            hardware: hex(identity.hardware),
            status: hex(identity.status),
            error: hex(identity.error),
          },
    bus: {
      writable: row.writable,
      reply_ms: row.replyMs,
      requests: counters.requests,
      replies: counters.replies,
      timeouts: counters.timeouts,
      crc_errors: counters.crcErrors,
      exceptions: counters.exceptions,
      strays: counters.strays,
    },
  }
}

const modes = { r: 'R', rw: 'RW', w: 'W' } as const

function registerWords(
  name: string,
  value: number | null,
  register: Register | undefined,
  plainUnit = '',
): object {
  if (register === undefined) return { addr: '', name, value, unit: plainUnit, mode: 'R' }
  const { address, unit, access, scale, enum: said } = register
  const word = value === null ? undefined : said?.[String(Math.round(value / scale))]
  return {
    addr: hex(address),
    name,
    value,
    unit,
    mode: modes[access],
    ...(scale === 1 ? {} : { scaling: scale }),
    ...(word === undefined ? {} : { text: word }),
  }
}

/** `only`: the registers that changed; without, all that were read. */
export function telemetryWords(
  row: VehicleModule,
  map: RegisterMap | undefined,
  only?: readonly string[],
): object {
  const byName = new Map(map?.registers.map((register) => [register.name, register]))
  const names = only ?? Object.keys(row.values)
  const readAt = Math.max(0, ...Object.values(row.readAt))
  return {
    module_addr: unitWords(row.unit),
    module_name: row.name,
    kind: row.kind,
    link: row.link,
    complete: only === undefined,
    registers: names.map((name) =>
      registerWords(name, row.values[name] ?? null, byName.get(name), row.valueUnits?.[name]?.unit),
    ),
    ...(readAt === 0 ? {} : { timestamp: time(readAt) }),
  }
}

export function lidarWords(row: Lidar): object {
  return {
    kind: 'status',
    link: row.link,
    name: row.name,
    source: row.source,
    model: row.model,
    health: row.health,
    scanning: row.isScanning,
    mode: row.mode,
    rotation_hz: row.rotationHz,
    points_per_s: row.pointsPerS,
    zone: row.zone,
    nearest: row.nearest && { distance_mm: row.nearest.rangeMm, angle_deg: row.nearest.angleDeg },
    zones_mm: {
      emergency: row.zones.emergencyMm,
      warning: row.zones.warningMm,
      caution: row.zones.cautionMm,
    },
    trouble: row.trouble,
  }
}

/** Points are `[angle in degrees clockwise from the front, distance in mm (0: no echo), quality]`. */
export function scanWords({ link, header, bytes }: Omit<ScanArrived, 'type'>): object {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const points: number[][] = []
  for (let at = 0; at + scanPointBytes <= bytes.byteLength; at += scanPointBytes) {
    const angle = Math.round((view.getUint16(at, true) / 64) * 100) / 100
    points.push([angle, view.getUint16(at + 2, true), view.getUint16(at + 4, true)])
  }
  return {
    kind: 'scan',
    link,
    timestamp: time(header.at),
    revolution: header.revolution,
    rotation_hz: header.rotationHz,
    zone: header.zone,
    nearest: header.nearest && {
      distance_mm: header.nearest.rangeMm,
      angle_deg: header.nearest.angleDeg,
    },
    points,
  }
}

function levelOf({ priority }: Alert): string {
  return vehicleLevels.find((level) => priorityOfLevel[level] === priority) ?? 'critical'
}

/** All that are open, so that the newest list is all there is to know. */
export function alertsWords(alerts: readonly Alert[]): object {
  return {
    alerts: alerts.map((alert) => ({
      id: alert.id,
      level: levelOf(alert),
      message: alert.text,
      status: alert.clearedAt === null ? 'active' : 'cleared',
      acknowledged: alert.acknowledgedAt !== null,
      acknowledged_by: alert.acknowledgedBy,
      source: alert.source,
      device: alert.deviceName ?? alert.device,
      raised_at: time(alert.raisedAt),
    })),
    total_count: alerts.length,
  }
}

export type StopStatus = 'accepted' | 'confirmed' | 'failed'

/** What a STOP REQUEST has come to: in one of the four words for answers, and in ours. */
export function stopWords(row: StopRequest): { readonly status: StopStatus; readonly message: string } {
  const ways = row.ways.map(({ name, text }) => `${name}: ${text}`).join('; ')
  const more = ways === '' ? '' : `. ${ways}`
  switch (row.state) {
    case 'confirmed':
      return { status: 'confirmed', message: `${row.vehicle} reports ESTOP${more}` }
    case 'not-confirmed':
      return {
        status: 'failed',
        message: `not confirmed: ${row.vehicle} has not reported ESTOP; it goes on being sent${more}`,
      }
    case 'released':
      return {
        status: 'failed',
        message: `released before ${row.vehicle} reported ESTOP: it is no longer sent${more}`,
      }
    case 'accepted':
      return {
        status: 'accepted',
        message: `${row.vehicle} answered, but has not reported ESTOP yet${more}`,
      }
    case 'requested':
      return { status: 'accepted', message: `being sent to ${row.vehicle}; nothing has answered yet${more}` }
    default:
      return never(row.state, 'stop state')
  }
}

export function stopData(row: StopRequest): object {
  const { status, message } = stopWords(row)
  return {
    command: 'emergency_stop',
    stop_id: row.id,
    stop_state: row.state,
    status,
    success: status === 'confirmed',
    message,
    by: row.by,
    requested_at: time(row.requestedAt),
    trying: row.isTrying,
    attempts: row.attempts,
  }
}
