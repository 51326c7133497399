/** The bytes, against vectors worked out by hand from Slamtec's document. */
import { expect, test } from 'vitest'
import {
  answers,
  descriptorAt,
  readHealth,
  readInfo,
  readSampleRate,
  request,
} from '../../../../src/main/drivers/rplidar/packets.ts'
import { scanOf, zoneOf } from '../../../../src/main/drivers/rplidar/scan.ts'
import { decoding } from './stream.ts'

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

test.each([
  ['stop', 'a525'],
  ['reset', 'a540'],
  ['scan', 'a520'],
  ['force-scan', 'a521'],
  ['express-scan', 'a582050000000000 22'],
  ['info', 'a550'],
  ['health', 'a552'],
  ['sample-rate', 'a559'],
] as const)('request %s', (command, bytes) => {
  expect(Buffer.from(request(command)).toString('hex')).toBe(bytes.replaceAll(' ', ''))
})

test.each([
  ['info', 'a55a1400000004'],
  ['health', 'a55a0300000006'],
  ['sample-rate', 'a55a0400000015'],
  ['scan', 'a55a0500004081'],
  ['express-scan', 'a55a5400004082'],
] as const)('descriptor of %s', (command, bytes) => {
  expect(descriptorAt(hex(bytes), 0)).toEqual(answers[command])
})

test('what is no descriptor is none', () => {
  expect(descriptorAt(hex('a55b1400000004'), 0)).toBeNull()
  expect(descriptorAt(hex('a55a14000000'), 0)).toBeNull()
  expect(descriptorAt(hex('a55a1400008004'), 0)).toBeNull()
})

test('who it is, how it is, how fast it measures', () => {
  const info = hex('18 1d 01 07 7e11eaf2c5e19bcfc2e19ff589c34509')
  expect(readInfo(info)).toEqual({
    model: 'RPLIDAR A1M8',
    firmware: '1.29',
    hardware: 7,
    serialNumber: '7E11EAF2C5E19BCFC2E19FF589C34509',
  })
  const models = [0x41, 0x61, 0x28, 0xf3].map(
    (byte) => readInfo(Uint8Array.of(byte, ...new Uint8Array(19))).model,
  )
  expect(models).toEqual(['RPLIDAR C1M1', 'RPLIDAR S1M1', 'RPLIDAR A2M8', 'RPLIDAR model 243'])
  expect(readHealth(hex('000000'))).toEqual({ health: 'good', code: 0 })
  expect(readHealth(hex('020380'))).toEqual({ health: 'error', code: 0x8003 })
  expect(readHealth(hex('070000'))).toBeNull()
  expect(readSampleRate(hex('f401 fc00'))).toEqual({ standardUs: 500, expressUs: 252 })
})

test('a measurement', () => {
  // Quality 15, S=1: 0x3d. 1.5° = 96/64: (96 << 1) | 1 = 0x00c1. 2000 mm = 8000/4: 0x1f40.
  const points: unknown[] = []
  const { decoder } = decoding('standard')
  const sink = { point: (point: unknown) => points.push(point), lost() {}, found() {}, badChecksum() {} }
  decoder.push(hex('3d c100 401f'), sink)
  expect(points).toEqual([{ headQ6: 96, angleQ6: 96, rangeMm: 2000, quality: 60, starts: true }])
})

test('a capsule: 14 bits of distance, 6 of compensation, angles from the next one', () => {
  // Start 10° = 640 = 0x0280, S. First cabin: 1000 mm and 1 (1/8°), 2000 mm and 63: words 1000<<2|0, 2000<<2|3, offsets 0xf1.
  const first = Buffer.alloc(84)
  first.writeUInt16LE(0x0280 | 0x8000, 2)
  first.writeUInt16LE(1000 << 2, 4)
  first.writeUInt16LE((2000 << 2) | 3, 6)
  first.writeUInt8(0xf1, 8)
  const next = Buffer.alloc(84)
  next.writeUInt16LE(640 + 32 * 64, 2)
  for (const bytes of [first, next]) {
    const sum = bytes.subarray(2).reduce((all, byte) => all ^ byte, 0)
    bytes[0] = 0xa0 | (sum & 15)
    bytes[1] = 0x50 | (sum >> 4)
  }
  const points: unknown[] = []
  const { decoder } = decoding('express')
  const sink = { point: (point: unknown) => points.push(point), lost() {}, found() {}, badChecksum() {} }
  decoder.push(Buffer.concat([first, next]), sink)
  expect(points).toHaveLength(32)
  expect(points.slice(0, 3)).toEqual([
    { headQ6: 640, angleQ6: 632, rangeMm: 1000, quality: 188, starts: false },
    { headQ6: 704, angleQ6: 704 - 63 * 8, rangeMm: 2000, quality: 188, starts: false },
    { headQ6: 768, angleQ6: 768, rangeMm: 0, quality: 0, starts: false },
  ])
})

const zones = { emergencyMm: 500, warningMm: 1000, cautionMm: 2000 }

test('a scan as screens get it: turned to the front; neither no echo nor no quality is an obstacle', () => {
  const point = { headQ6: 0, quality: 200, starts: false }
  const points = [
    { ...point, angleQ6: 350 * 64, rangeMm: 1500 },
    { ...point, angleQ6: 64, rangeMm: 0 },
    { ...point, angleQ6: 128, rangeMm: 300, quality: 0 },
    { ...point, angleQ6: 640, rangeMm: 900 },
  ]
  const { bytes, nearest, zone } = scanOf(points, 20, zones)
  expect(nearest).toEqual({ rangeMm: 900, angleDeg: 30 })
  expect(zone).toBe('warning')
  expect(Buffer.from(bytes.subarray(0, 6)).toString('hex')).toBe('8002dc05c800')
  expect(scanOf(points, -380, zones).nearest?.angleDeg).toBe(350)
  expect(scanOf([], 0, zones)).toMatchObject({ nearest: null, zone: 'clear' })
})

test('zones reach up to their distance', () => {
  const at = (mm: number | null) => zoneOf(mm, zones)
  expect([500, 501, 1000, 1001, 2000, 2001, null].map(at)).toEqual([
    'emergency',
    'warning',
    'warning',
    'caution',
    'caution',
    'clear',
    'clear',
  ])
})
