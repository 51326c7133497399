/** When a vehicle's condition becomes an alert: a fixed list of conditions, each with its level, threshold and delays. */
import { z } from 'zod'
import type { Priority } from './alerts.ts'

/** The vehicle documents' four levels. */
export const vehicleLevels = ['info', 'warning', 'critical', 'emergency'] as const
export const VehicleLevel = z.enum(vehicleLevels)
export type VehicleLevel = z.output<typeof VehicleLevel>

/** One to one, so that a level survives the way through an alert and back. */
export const priorityOfLevel = {
  info: 'low',
  warning: 'medium',
  critical: 'high',
  emergency: 'critical',
} as const satisfies Record<VehicleLevel, Priority>

export const vehicleConditions = [
  'battery-low',
  'over-temperature',
  'module-offline',
  'module-fault',
  'safety-zone',
  'lidar-emergency',
  'lidar-warning',
  'lidar-caution',
  'lidar-health',
  'state-fault',
  'state-estop',
  'sources-disagree',
] as const
export const VehicleCondition = z.enum(vehicleConditions)
export type VehicleCondition = z.output<typeof VehicleCondition>

export const VehicleRule = z.strictObject({
  id: VehicleCondition,
  enabled: z.boolean(),
  level: VehicleLevel,
  /** `battery-low`: percent; `over-temperature`: °C; null where the condition has no number of its own. */
  threshold: z.number().nullable(),
  /** How far back past the threshold before it counts as over (deadband, ISA-18.2), in the threshold's unit. */
  deadband: z.number().min(0).nullable(),
  /** How long it must hold before it is raised, and be gone before it is cleared, ms. */
  onDelayMs: z.number().int().min(0).max(600_000),
  offDelayMs: z.number().int().min(0).max(600_000),
})
export type VehicleRule = z.output<typeof VehicleRule>

function rule(
  id: VehicleCondition,
  level: VehicleLevel,
  onDelayMs: number,
  offDelayMs: number,
  number: { threshold: number; deadband: number } | null = null,
): VehicleRule {
  const { threshold, deadband } = number ?? { threshold: null, deadband: null }
  return { id, enabled: true, level, threshold, deadband, onDelayMs, offDelayMs }
}

/** What a site starts with. An obstacle in the caution zone needs no response by itself, so it is no alarm until somebody says so. */
export const usualVehicleRules: readonly VehicleRule[] = [
  rule('battery-low', 'warning', 5000, 5000, { threshold: 20, deadband: 2 }),
  rule('over-temperature', 'critical', 5000, 5000, { threshold: 60, deadband: 5 }),
  rule('module-offline', 'critical', 2000, 2000),
  rule('module-fault', 'critical', 0, 2000),
  rule('safety-zone', 'critical', 0, 2000),
  rule('lidar-emergency', 'emergency', 0, 1000),
  rule('lidar-warning', 'warning', 500, 2000),
  { ...rule('lidar-caution', 'info', 1000, 2000), enabled: false },
  rule('lidar-health', 'critical', 2000, 2000),
  rule('state-fault', 'critical', 0, 0),
  rule('state-estop', 'emergency', 0, 0),
  rule('sources-disagree', 'warning', 3000, 3000),
]
