/** A scan's bytes as points, and where a point is on a round picture whose middle is the vehicle and whose top is its front. Pure. */
import type { ScanHeader } from '../../contract/lidar.ts'

/** Three little-endian u16 per point, as contract/lidar.ts says. */
const pointBytes = 6

export interface Place {
  readonly x: number
  readonly y: number
}

/** `rangeMm` straight ahead is up, 90° is right. */
export function placeOf(angleDeg: number, rangeMm: number, middlePx: number, pxPerMm: number): Place {
  const angle = (angleDeg * Math.PI) / 180
  return {
    x: middlePx + Math.sin(angle) * rangeMm * pxPerMm,
    y: middlePx - Math.cos(angle) * rangeMm * pxPerMm,
  }
}

/** Calls with every echo: angle in degrees, range in mm. A point without an echo is none. */
export function eachPoint(bytes: Uint8Array, use: (angleDeg: number, rangeMm: number) => void): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + pointBytes <= view.byteLength; at += pointBytes) {
    const rangeMm = view.getUint16(at + 2, true)
    if (rangeMm > 0) use(view.getUint16(at, true) / 64, rangeMm)
  }
}

const ladderMm = [1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 24_000, 40_000]

/** How far the picture reaches: so that the zones and nine of ten echoes are inside, in steps, so that it does not breathe with every scan. */
export function reachMm(bytes: Uint8Array, header: ScanHeader): number {
  const ranges: number[] = []
  eachPoint(bytes, (_, rangeMm) => ranges.push(rangeMm))
  ranges.sort((a, b) => a - b)
  const most = ranges[Math.floor(ranges.length * 0.9)] ?? 0
  const wanted = Math.max(most, header.zones.cautionMm * 1.2)
  return ladderMm.find((step) => step >= wanted) ?? ladderMm.at(-1) ?? wanted
}

/** Distance of the rings, so that there are three to six. */
export function ringMm(reach: number): number {
  return [500, 1000, 2000, 4000, 5000, 10_000].find((step) => reach / step <= 6) ?? 10_000
}
