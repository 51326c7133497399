/** One device as the roster knows it: the row people see, and what is remembered to judge its silence and its alerts. */
import { type Device, DeviceId } from '../../../contract/devices.ts'
import { never } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'
import type { CoverageState } from '../../../contract/timeline.ts'
import type { Budget } from '../../io/budget.ts'
import type { DeviceMessage } from './session.ts'

export type DeviceRow = Omit<Device, 'outOfService'>

export interface RosterDevice {
  readonly row: DeviceRow
  readonly budget: Budget
  /** Monotonic. For devices known from before the start: the start. */
  heardAt: number
  heardSinceStart: boolean
  lostAt: number | null
  alarm: 'none' | 'own' | 'root'
  coverage: CoverageState | null
  /** A blue-light alert may be open: the next normal status clears it. */
  mayBeOpen: boolean
  uncommitted: number
  clearAfterCommit: boolean
  /** By the device's own clock. */
  lastAlertAt: number | null
  /** How it wrote the times of its last alerts, where that differs from how we would. */
  readonly written: Map<number, string | number>
}

/** Seen for the first time: all it has is its id. */
export function blankRow(link: LinkId, id: string, budgetMs: number): DeviceRow {
  return {
    id: `${link}/${id}`,
    link,
    device: DeviceId.parse(id),
    name: id,
    role: 'cctv',
    group: null,
    location: null,
    version: null,
    capabilities: [],
    state: 'disconnected',
    isMonitoring: null,
    blueIntensity: null,
    batteryLevel: null,
    signalStrength: null,
    heardAt: null,
    budgetMs,
    clockOffsetMs: null,
    lastAlertAt: null,
    settings: null,
    settingsVersion: null,
  }
}

/** Takes over what a message says; what it does not say stays. */
export function fillRow(row: DeviceRow, message: DeviceMessage): void {
  switch (message.is) {
    case 'register':
      row.role = message.role
      row.capabilities = [...message.capabilities]
      row.location = message.location ?? row.location
      row.version = message.version ?? row.version
      return
    case 'heartbeat':
    case 'status':
      row.isMonitoring = message.isMonitoring ?? row.isMonitoring
      row.blueIntensity = message.blueIntensity ?? row.blueIntensity
      row.batteryLevel = message.batteryLevel ?? row.batteryLevel
      row.signalStrength = message.signalStrength ?? row.signalStrength
      row.location = message.location ?? row.location
      return
    case 'settings': {
      const { blueSensitivity, pushAlertsEnabled, version = 0 } = message
      if (version < (row.settingsVersion ?? 0) || blueSensitivity === undefined) return
      row.settings = { blueSensitivity, pushAlertsEnabled: pushAlertsEnabled ?? true }
      row.settingsVersion = version
      return
    }
    case 'alert':
      row.location = message.location ?? row.location
      return
    case 'ack':
      return
    default:
      never(message, 'message')
      return
  }
}
