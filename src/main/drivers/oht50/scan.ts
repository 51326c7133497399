/** Reads a LiDAR's points in the forms there are, and packs a revolution as the contract says. Pure. */
import { type LidarZone, scanPointBytes } from '../../../contract/lidar.ts'
import type { ZoneDistances } from '../../../contract/zone-distances.ts'
import { readInstant } from '../../io/times.ts'
import { type Fields, fieldsIn, firstOf, isFields, listIn, numberIn } from './fields.ts'
import type { SaidScan, ScanPoint } from './said.ts'

const mostPoints = 8192
const farthestMm = 65_535

function point(angle: number | null, range: number | null, quality: number | null): ScanPoint | null {
  if (angle === null || range === null) return null
  const turned = angle % 360
  return {
    angleDeg: turned < 0 ? turned + 360 : turned,
    rangeMm: range > 0 && range <= farthestMm ? range : 0,
    quality: Math.min(255, Math.max(0, Math.round(quality ?? 0))),
  }
}

function ofPoint(item: unknown): ScanPoint | null {
  if (Array.isArray(item)) {
    const [angle, range, quality] = item.map((one) =>
      typeof one === 'number' && Number.isFinite(one) ? one : null,
    )
    return point(angle ?? null, range ?? null, quality ?? null)
  }
  if (!isFields(item)) return null
  const angle = firstOf(['angle', 'angle_deg'], (name) => numberIn(item, name))
  const range = firstOf(['distance', 'range', 'distance_mm', 'range_mm'], (name) => numberIn(item, name))
  return point(angle, range, numberIn(item, 'quality'))
}

/** One range per degree or other equal step, from the front clockwise; 0: nothing came back. */
function ofFrame(frame: readonly unknown[]): ScanPoint[] {
  const points: ScanPoint[] = []
  for (const [n, range] of frame.entries()) {
    const read = point((n * 360) / frame.length, typeof range === 'number' ? range : null, null)
    if (read !== null) points.push(read)
  }
  return points
}

/** Null: there is no revolution in it. */
export function readScan(fields: Fields): SaidScan | null {
  const inner = fieldsIn(fields, 'data') ?? fields
  const frame = listIn(inner, 'frame_360') ?? listIn(inner, 'ranges')
  const list = firstOf(['points', 'scan_data', 'scan', 'frame'], (name) => listIn(inner, name))
  if (frame === null && list === null) return null
  const points: ScanPoint[] =
    frame === null
      ? (list ?? []).slice(0, mostPoints).flatMap((item) => ofPoint(item) ?? [])
      : ofFrame(frame.slice(0, mostPoints))
  if (points.length === 0) return null
  const hz = numberIn(inner, 'rotation_hz', 1000)
  return {
    is: 'scan',
    points: points.sort((a, b) => a.angleDeg - b.angleDeg),
    rotationHz: hz !== null && hz > 0 ? hz : null,
    at: readInstant(inner.timestamp) ?? readInstant(fields.timestamp),
  }
}

export function packed(points: readonly ScanPoint[]): Uint8Array {
  const bytes = Buffer.alloc(points.length * scanPointBytes)
  for (const [n, { angleDeg, rangeMm, quality }] of points.entries()) {
    const at = n * scanPointBytes
    // 359.999° would round up to a full turn.
    bytes.writeUInt16LE(Math.round(angleDeg * 64) % (360 * 64), at)
    bytes.writeUInt16LE(Math.round(rangeMm), at + 2)
    bytes.writeUInt16LE(quality, at + 4)
  }
  return bytes
}

export function nearestOf(
  points: readonly ScanPoint[],
): { readonly rangeMm: number; readonly angleDeg: number } | null {
  let nearest: ScanPoint | null = null
  for (const one of points) {
    if (one.rangeMm === 0) continue
    if (nearest === null || one.rangeMm < nearest.rangeMm) nearest = one
  }
  return nearest === null ? null : { rangeMm: nearest.rangeMm, angleDeg: nearest.angleDeg }
}

export function zoneOf(
  nearest: { readonly rangeMm: number } | null,
  { emergencyMm, warningMm, cautionMm }: ZoneDistances,
): LidarZone {
  if (nearest === null || nearest.rangeMm > cautionMm) return 'clear'
  if (nearest.rangeMm <= emergencyMm) return 'emergency'
  return nearest.rangeMm <= warningMm ? 'warning' : 'caution'
}
