/** LiDARs: one row each, and whole revolutions as a feed. */
import { z } from 'zod'
import { LinkId } from './links.ts'
import { VehicleName } from './vehicle-name.ts'
import { ZoneDistances } from './zone-distances.ts'

/** How near the nearest obstacle is: inside the emergency, warning or caution distance, or none of them. */
export const LidarZone = z.enum(['clear', 'caution', 'warning', 'emergency'])
export type LidarZone = z.output<typeof LidarZone>

export const Lidar = z.object({
  /** The link's id. */
  id: z.string(),
  link: LinkId,
  vehicle: VehicleName,
  name: z.string(),
  /** `serial`: read by us from the device. `vehicle`: told by the vehicle's firmware. */
  source: z.enum(['serial', 'vehicle']),
  /** `RPLIDAR C1`, null before it has said. */
  model: z.string().nullable(),
  firmware: z.string().nullable(),
  serialNumber: z.string().nullable(),
  /** What the device says of itself (GET_HEALTH); `stalled`: it answers but its motor does not turn. */
  health: z.enum(['unknown', 'good', 'warning', 'error', 'stalled']),
  healthCode: z.number().int().nullable(),
  isScanning: z.boolean(),
  mode: z.enum(['standard', 'express']).nullable(),
  rotationHz: z.number().nullable(),
  pointsPerS: z.number().nullable(),
  /** Of the last whole revolution. `angleDeg` clockwise from the front. */
  nearest: z.object({ rangeMm: z.number(), angleDeg: z.number() }).nullable(),
  zone: LidarZone.nullable(),
  zones: ZoneDistances,
  /** When the last whole revolution was complete, epoch ms. */
  scanAt: z.number().int().nullable(),
  budgetMs: z.number().int(),
  counters: z.object({
    revolutions: z.number().int(),
    /** Times the byte stream slipped and was found again. */
    resyncs: z.number().int(),
    /** Revolutions thrown away because part of them was lost. */
    broken: z.number().int(),
    checksumErrors: z.number().int(),
  }),
  trouble: z.string(),
})
export type Lidar = z.output<typeof Lidar>

/** Bytes of a scan: per point three little-endian u16: angle in 1/64 degree clockwise from the front, range in mm (0: no echo), quality 0..255. */
export const scanPointBytes = 6

export const ScanHeader = z.object({
  /** Counts the revolutions of this link, from 1. */
  revolution: z.number().int(),
  /** When its last point came, epoch ms. */
  at: z.number(),
  points: z.number().int(),
  rotationHz: z.number().nullable(),
  nearest: z.object({ rangeMm: z.number(), angleDeg: z.number() }).nullable(),
  zone: LidarZone,
  zones: ZoneDistances,
  /** Revolutions this viewer was not shown because it was not ready. */
  missed: z.number().int(),
})
export type ScanHeader = z.output<typeof ScanHeader>
