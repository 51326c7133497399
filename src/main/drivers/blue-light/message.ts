/** What a blue-light message means, whichever of the three dialects it was written in. */
import type { BlueLight } from '../../../contract/alerts.ts'
import type { DeviceRole } from '../../../contract/devices.ts'

export type Dialect = 'a' | 'b' | 'c'

/** The envelope every device message shares. */
export interface Envelope {
  readonly deviceId: string
  readonly deviceName: string | null
  readonly dialect: Dialect
  /** The device's time in epoch ms, null where it wrote none or one we cannot read. */
  readonly at: number | null
  /** As the device wrote it, to be handed back to it. */
  readonly timestamp: string | number | null
  readonly messageId: string | null
  readonly group: string | null
  readonly replay: boolean
}

export interface Register extends Envelope {
  readonly is: 'register'
  readonly role: DeviceRole
  readonly capabilities: readonly string[]
  readonly location: string | null
  readonly version: string | null
}

export interface AlertMessage extends Envelope {
  readonly is: 'alert'
  readonly blue: BlueLight | null
  readonly location: string | null
  /** The device's own words (dialect B), empty where it sent none. */
  readonly words: string
  readonly imageData: string | null
  /** Optional fields that could not be used, in words. */
  readonly troubles: readonly string[]
}

/** Heartbeats and status reports: what is undefined was not said. */
export interface StatusMessage extends Envelope {
  readonly is: 'heartbeat' | 'status'
  readonly isMonitoring?: boolean | undefined
  readonly blueIntensity?: number | undefined
  readonly batteryLevel?: number | undefined
  readonly signalStrength?: number | undefined
  readonly location?: string | undefined
}

export interface SettingsMessage extends Envelope {
  readonly is: 'settings'
  readonly blueSensitivity?: number | undefined
  readonly pushAlertsEnabled?: boolean | undefined
  readonly targetDevices: readonly string[]
  readonly version?: number | undefined
}

export interface AckMessage extends Envelope {
  readonly is: 'ack'
  readonly status: string
  /** Whose alert it is about, where the sender says so. */
  readonly target: string | null
}

export interface JoinMessage {
  readonly is: 'join'
  readonly deviceId: string | null
  readonly group: string
}

/** `bad` is answered with an error and counted; `unknown` is counted and kept for the inspector. */
export type Message =
  | Register
  | AlertMessage
  | StatusMessage
  | SettingsMessage
  | AckMessage
  | JoinMessage
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly code: string; readonly message: string }
