import { describe, expect, test } from 'vitest'
import { type ScanHeader, scanPointBytes } from '../../../../src/contract/lidar.ts'
import { eachPoint, placeOf, reachMm, ringMm } from '../../../../src/renderer/paint/lidar-scan.ts'

function scan(points: readonly (readonly [angleDeg: number, rangeMm: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(points.length * scanPointBytes))
  points.forEach(([angleDeg, rangeMm], index) => {
    view.setUint16(index * scanPointBytes, Math.round(angleDeg * 64), true)
    view.setUint16(index * scanPointBytes + 2, rangeMm, true)
    view.setUint16(index * scanPointBytes + 4, 40, true)
  })
  return new Uint8Array(view.buffer)
}

const header: ScanHeader = {
  revolution: 1,
  at: 0,
  points: 0,
  rotationHz: 10,
  nearest: null,
  zone: 'clear',
  zones: { emergencyMm: 500, warningMm: 1000, cautionMm: 2000 },
  missed: 0,
}

function pointsOf(bytes: Uint8Array): [number, number][] {
  const points: [number, number][] = []
  eachPoint(bytes, (angleDeg, rangeMm) => points.push([angleDeg, rangeMm]))
  return points
}

describe('a scan on the screen', () => {
  test('points come back as they were written, without those that had no echo', () => {
    const bytes = scan([
      [0, 1500],
      [90.5, 0],
      [359.984375, 12_000],
    ])
    expect(pointsOf(bytes)).toEqual([
      [0, 1500],
      [359.984375, 12_000],
    ])
  })

  test('bytes that lie inside a larger message are read where they begin', () => {
    const inside = new Uint8Array(100)
    inside.set(scan([[45, 700]]), 13)
    expect(pointsOf(inside.subarray(13, 13 + scanPointBytes))).toEqual([[45, 700]])
  })

  test('half a point is none', () => {
    expect(pointsOf(scan([[45, 700]]).subarray(0, 5))).toEqual([])
  })

  test('ahead is up, 90° is right', () => {
    const ahead = placeOf(0, 1000, 100, 0.05)
    expect(ahead.x).toBeCloseTo(100)
    expect(ahead.y).toBeCloseTo(50)
    const right = placeOf(90, 1000, 100, 0.05)
    expect(right.x).toBeCloseTo(150)
    expect(right.y).toBeCloseTo(100)
  })

  test('the zones are always inside, and one far echo does not shrink the room', () => {
    expect(reachMm(scan([[0, 300]]), header)).toBe(3000)
    const room = Array.from({ length: 99 }, (_, index) => [index, 3500] as const)
    expect(reachMm(scan([...room, [99, 12_000]]), header)).toBe(4000)
    expect(reachMm(scan([]), header)).toBe(3000)
  })

  test.each([1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000, 24_000, 40_000])(
    'a reach of %d mm has two to six rings',
    (reach) => {
      const rings = Math.floor(reach / ringMm(reach))
      expect(rings).toBeGreaterThanOrEqual(2)
      expect(rings).toBeLessThanOrEqual(6)
    },
  )
})
