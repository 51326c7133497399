/** A revolution as the screens get it: turned to the vehicle's front, as bytes, with its nearest obstacle and the zone that lies in. */
import { type LidarZone, scanPointBytes } from '../../../contract/lidar.ts'
import type { ZoneDistances } from '../../../contract/zone-distances.ts'
import { type Point, wholeTurn } from './point.ts'

export interface Nearest {
  readonly rangeMm: number
  /** Clockwise from the front, 0..360. */
  readonly angleDeg: number
}

export interface Scan {
  readonly bytes: Uint8Array
  readonly nearest: Nearest | null
  readonly zone: LidarZone
}

export function zoneOf(rangeMm: number | null, zones: ZoneDistances): LidarZone {
  if (rangeMm === null) return 'clear'
  if (rangeMm <= zones.emergencyMm) return 'emergency'
  if (rangeMm <= zones.warningMm) return 'warning'
  return rangeMm <= zones.cautionMm ? 'caution' : 'clear'
}

/** `mountDeg`: where the device's zero points, clockwise from the front. A measurement without echo or quality is no obstacle. */
export function scanOf(points: readonly Point[], mountDeg: number, zones: ZoneDistances): Scan {
  const bytes = new Uint8Array(points.length * scanPointBytes)
  const view = new DataView(bytes.buffer)
  const mountQ6 = Math.round(mountDeg * 64)
  let nearest: Nearest | null = null
  for (const [index, { angleQ6, rangeMm, quality }] of points.entries()) {
    const turnedQ6 = (((angleQ6 + mountQ6) % wholeTurn) + wholeTurn) % wholeTurn
    const at = index * scanPointBytes
    view.setUint16(at, turnedQ6, true)
    view.setUint16(at + 2, rangeMm, true)
    view.setUint16(at + 4, quality, true)
    if (rangeMm === 0 || quality === 0) continue
    if (nearest === null || rangeMm < nearest.rangeMm) nearest = { rangeMm, angleDeg: turnedQ6 / 64 }
  }
  return { bytes, nearest, zone: zoneOf(nearest?.rangeMm ?? null, zones) }
}
