/** Field devices that reach us through a link: blue-light cameras and monitors. */
import { z } from 'zod'
import { LinkId } from './links.ts'

export const DeviceId = z.string().min(1).max(128).brand<'DeviceId'>()
export type DeviceId = z.output<typeof DeviceId>

export const DeviceRole = z.enum(['cctv', 'monitor'])
export type DeviceRole = z.output<typeof DeviceRole>

/**
 * `live`: heard within its budget. `silent`: connected or not, nothing useful for 2 × its heartbeat budget.
 * `disconnected`: its socket is closed, still inside the budget.
 */
export const DeviceState = z.enum(['live', 'disconnected', 'silent'])
export type DeviceState = z.output<typeof DeviceState>

export const DeviceSettings = z.strictObject({
  /** 0..1: the monitor applies it to the reported blue intensity. */
  blueSensitivity: z.number().min(0).max(1),
  pushAlertsEnabled: z.boolean(),
})
export type DeviceSettings = z.output<typeof DeviceSettings>

export const Device = z.object({
  /** `<link>/<device id>`: two links may know devices of the same name. */
  id: z.string(),
  link: LinkId,
  device: DeviceId,
  name: z.string(),
  role: DeviceRole,
  group: z.string().nullable(),
  location: z.string().nullable(),
  version: z.string().nullable(),
  capabilities: z.array(z.string()),
  state: DeviceState,
  isMonitoring: z.boolean().nullable(),
  /** 0..1, null where the device never said. */
  blueIntensity: z.number().nullable(),
  batteryLevel: z.number().nullable(),
  signalStrength: z.number().nullable(),
  /** When the last useful message came, epoch ms; null before the first since start. */
  heardAt: z.number().int().nullable(),
  /** Values older than this many ms are stale. */
  budgetMs: z.number().int(),
  /** Its clock minus ours, ms, estimated from its heartbeats; null before the first. */
  clockOffsetMs: z.number().int().nullable(),
  lastAlertAt: z.number().int().nullable(),
  settings: DeviceSettings.nullable(),
  settingsVersion: z.number().int().nullable(),
  outOfService: z.boolean(),
})
export type Device = z.output<typeof Device>
