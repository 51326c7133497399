/** The blue-light detector on generated pictures: what it must find, what it must not, and how often each went wrong. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BlueReading } from '../../../../src/contract/analysis.ts'
import { BlueLightDetector } from '../../../../src/renderer/analysis/blue-light.ts'
import { shineOf } from '../../../../src/renderer/analysis/blue-mask.ts'
import {
  type BlueScene,
  blueScenes,
  Canvas,
  frameMs,
  lastsMs,
  onsetMs,
  placeFor,
  seeded,
} from '../../../fakes/blue-scenes.ts'

/** `BLUE_RUNS` for a longer table. */
const runs = Number(process.env.BLUE_RUNS ?? 2)
const table: string[] = []

/** Readings from the onset on. */
function play(scene: BlueScene, seed: number): { readonly at: number; readonly reading: BlueReading }[] {
  const random = seeded(seed)
  const place = placeFor(random)
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  const canvas = new Canvas()
  const readings = []
  for (let at = 0; at < lastsMs; at += frameMs) {
    canvas.fill([0, 0, 0])
    scene.paint(canvas, at, random, place)
    readings.push({ at, reading: detector.read(canvas.pixels, canvas.widthPx, canvas.heightPx, at) })
  }
  return readings
}

describe.each(blueScenes)('$name', (scene) => {
  test(scene.hasBeacon ? 'is found' : 'raises nothing', () => {
    let wrong = 0
    let slowestMs = 0
    for (let seed = 1; seed <= runs; seed++) {
      const first = play(scene, seed).find(({ reading }) => reading.isBlue)
      if ((first !== undefined) !== scene.hasBeacon) wrong++
      if (first !== undefined) slowestMs = Math.max(slowestMs, first.at - onsetMs)
    }
    const kind = scene.hasBeacon ? 'missed' : 'false alarms'
    const after = scene.hasBeacon && wrong < runs ? `, found within ${(slowestMs / 1000).toFixed(1)} s` : ''
    table.push(`${scene.name.padEnd(36)} ${kind} ${wrong} of ${runs}${after}`)
    expect(wrong).toBe(0)
    // Two flashes after the first one, at 1 Hz.
    if (scene.hasBeacon && !scene.name.includes('vehicle')) expect(slowestMs).toBeLessThanOrEqual(4000)
  }, 60_000)
})

test('the table of false alarms and misses', () => {
  console.log(table.join('\n'))
  expect(table).toHaveLength(blueScenes.length)
})

const still = (lamp: boolean) => {
  const canvas = new Canvas().fill([90, 90, 90])
  if (lamp) canvas.lamp(160, 120, 12, 1)
  return canvas
}

function feed(detector: BlueLightDetector, from: number, frames: number, canvas: Canvas): BlueReading {
  let last: BlueReading | null = null
  for (let n = 0; n < frames; n++)
    last = detector.read(canvas.pixels, canvas.widthPx, canvas.heightPx, from + n * frameMs)
  if (last === null) throw new Error('no frame')
  return last
}

test('thirty pictures to learn, three to turn blue, three and 1.5 s to turn back', () => {
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  const [dark, lit] = [still(false), still(true)]
  expect(feed(detector, 0, 29, dark).isReady).toBe(false)
  expect(feed(detector, 5800, 1, dark).isReady).toBe(true)
  expect(feed(detector, 6000, 2, lit).isBlue).toBe(false)
  const blue = feed(detector, 6400, 1, lit)
  expect(blue).toMatchObject({ isBlue: true, durationMs: 400 })
  expect(blue.intensity).toBeGreaterThan(0.9)
  expect(feed(detector, 6600, 7, dark).isBlue).toBe(true)
  expect(feed(detector, 8000, 1, dark)).toMatchObject({ isBlue: false, box: null, durationMs: 0 })
})

test('the box is where the lamp is, and the area what it covers', () => {
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  feed(detector, 0, 30, still(false))
  const { box, areaPx } = feed(detector, 6000, 5, still(true))
  expect(box).not.toBeNull()
  if (box === null) return
  expect(Math.abs((box.x + box.width / 2) * 320 - 160)).toBeLessThanOrEqual(2)
  expect(Math.abs((box.y + box.height / 2) * 240 - 120)).toBeLessThanOrEqual(2)
  // Its core is white, its glow fades: less than twice the radius squared times pi, more than the lamp without its core.
  expect(areaPx).toBeGreaterThan(Math.PI * 12 ** 2 * 0.8)
  expect(areaPx).toBeLessThan(Math.PI * 24 ** 2)
})

test('a light stays blue for as long as it shines, and does not become scenery', () => {
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  feed(detector, 0, 30, still(false))
  expect(feed(detector, 6000, 600, still(true))).toMatchObject({ isBlue: true, durationMs: 599 * frameMs })
})

test('a weaker light is found with a lower sensitivity only', () => {
  const weak = new Canvas().fill([90, 90, 90]).box(100, 100, 20, 20, [60, 70, 150])
  const found = (sensitivity: number) => {
    const detector = new BlueLightDetector({ sensitivity })
    feed(detector, 0, 30, still(false))
    return feed(detector, 6000, 6, weak).isBlue
  }
  expect(found(0.7)).toBe(false)
  expect(found(0.4)).toBe(true)
})

test('fewer than 50 pixels are no light', () => {
  const found = (side: number) => {
    const detector = new BlueLightDetector({ sensitivity: 0.5 })
    feed(detector, 0, 30, still(false))
    return feed(detector, 6000, 6, still(false).box(101, 101, side, side, [20, 60, 255])).isBlue
  }
  expect(found(7)).toBe(false)
  expect(found(8)).toBe(true)
})

test('another size of picture, or a pause of over a minute, is learned anew', () => {
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  expect(feed(detector, 0, 30, still(false)).isReady).toBe(true)
  expect(feed(detector, 6000, 1, new Canvas(160, 120).fill([0, 0, 0])).isReady).toBe(false)
  expect(feed(detector, 6200, 30, new Canvas(160, 120).fill([0, 0, 0])).isReady).toBe(true)
  expect(feed(detector, 80_000, 1, new Canvas(160, 120).fill([0, 0, 0])).isReady).toBe(false)
})

test('the mask is hue 200–260°, saturation ≥ 0.3, value ≥ 0.4', () => {
  const byte = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(byte, byte, byte, (r, g, b) => {
      const most = Math.max(r, g, b)
      const delta = most - Math.min(r, g, b)
      const hue = most === b && delta > 0 ? 240 + (60 * (r - g)) / delta : Number.NaN
      const isBlue = hue >= 200 && hue <= 260 && delta / most >= 0.3 && most / 255 >= 0.4
      const shine = shineOf(r, g, b)
      expect(shine > 0).toBe(isBlue)
      expect(shine).toBeLessThanOrEqual(255)
    }),
    { numRuns: 20_000 },
  )
})

test('whatever the pixels are, no reading is outside its ranges', () => {
  const share = (value: number) => expect(value >= 0 && value <= 1).toBe(true)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: -1, max: 2, noNaN: true }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -500, max: 2000 })), {
        minLength: 40,
        maxLength: 60,
      }),
      (seed, width, height, sensitivity, frames) => {
        const random = seeded(seed + 1)
        const detector = new BlueLightDetector({ sensitivity })
        let at = 0
        for (const [kind, stepMs] of frames) {
          const canvas = new Canvas(width, height).fill([0, 0, 0])
          if (kind === 1) canvas.specks(random, 0.9)
          if (kind === 2) canvas.box(random() * width, random() * height, 20, 20, [0, 0, 255])
          if (kind === 3) canvas.fill([20, 40, 255])
          at += stepMs
          const reading = detector.read(canvas.pixels, width, height, at)
          share(reading.intensity)
          share(reading.confidence)
          expect(reading.durationMs).toBeGreaterThanOrEqual(0)
          expect(Number.isInteger(reading.areaPx)).toBe(true)
          expect(reading.areaPx).toBeLessThanOrEqual(width * height)
          expect(reading.box !== null).toBe(reading.isBlue)
          if (reading.box === null) continue
          share(reading.box.x)
          share(reading.box.y)
          share(reading.box.x + reading.box.width)
          share(reading.box.y + reading.box.height)
        }
      },
    ),
    { numRuns: 150 },
  )
})

test('pixels that are missing are no picture', () => {
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  expect(detector.read(new Uint8ClampedArray(10), 320, 240, 0)).toMatchObject({
    isBlue: false,
    isReady: false,
  })
})
