/** The ring under any order of frames, alerts, kills and sweeps, on a real disk: what alerts keep is whole and the budget is held. */
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { CameraId } from '../../../../src/contract/cameras.ts'
import type { Pin } from '../../../../src/main/recorder/shelf.ts'
import { HandClock } from '../../drivers/blue-light/hand-clock.ts'
import { discard, door, jpegFrame, killed, pinOf, read, ringIn, scratch, videoFrame, yard } from './frames.ts'

const dirs: string[] = []
afterEach(() => {
  for (const dir of dirs.splice(0)) discard(dir)
})
function folder(): string {
  const dir = scratch()
  dirs.push(dir)
  return dir
}

function bytesIn(dir: string): number {
  let bytes = 0
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.wfr')) bytes += statSync(join(dir, name)).size
  return bytes
}

type Step =
  | { is: 'frames'; camera: 0 | 1; count: number; size: number; gapMs: number }
  | { is: 'alert'; camera: 0 | 1; agoMs: number }
  | { is: 'over'; alert: number }
  | { is: 'kill'; tornBytes: number }
  | { is: 'sweep' }
  | { is: 'clock'; byMs: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('frames' as const),
      camera: fc.constantFrom(0 as const, 1 as const),
      count: fc.integer({ min: 1, max: 40 }),
      size: fc.integer({ min: 4, max: 3000 }),
      gapMs: fc.integer({ min: 20, max: 600 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('alert' as const),
      camera: fc.constantFrom(0 as const, 1 as const),
      agoMs: fc.integer({ min: 0, max: 6000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('over' as const), alert: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kill' as const), tornBytes: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('sweep' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('clock' as const), byMs: fc.integer({ min: 0, max: 20_000 }) }),
  },
)

const cameras: readonly CameraId[] = [door, yard]
const aroundMs = 5000

/** Runs the steps on a real folder, and knows of each pinned span which frames must be in it. */
async function play(steps: readonly Step[]): Promise<void> {
  let dir = folder()
  const clock = new HandClock(10_000_000)
  const budget = 250_000
  const parts = { clock, keepMs: 8000, budgetBytes: () => budget }
  let ring = await ringIn(dir, parts)
  let made = 0
  const onDisk: { n: number; at: number; camera: CameraId }[] = []
  const pins: Pin[] = []
  const promised = new Map<string, Set<number>>()

  /** Of what is in the ring now, the frames of a pin are promised for good. */
  async function promise(): Promise<void> {
    for (const pin of pins) {
      if (pin.gone !== null) continue
      const times = new Map(onDisk.map(({ n, at }) => [n, at]))
      const there = await read(ring, pin.camera, pin.fromAt, pin.toAt)
      const kept = promised.get(pin.alert) ?? new Set()
      for (const n of there) if ((times.get(n) ?? 0) >= pin.fromAt) kept.add(n)
      for (const n of kept)
        if (!there.includes(n)) throw new Error(`frame ${n} of alert ${pin.alert} is gone`)
      promised.set(pin.alert, kept)
    }
    expect(bytesIn(dir)).toBeLessThanOrEqual(budget)
    expect(ring.shelf.bytes).toBe(bytesIn(dir))
  }

  for (const one of steps) {
    switch (one.is) {
      case 'frames': {
        const camera = cameras[one.camera] ?? door
        for (let count = 0; count < one.count; count++) {
          clock.advance(one.gapMs)
          const n = ++made
          const at = clock.now()
          const frame =
            one.camera === 0 ? jpegFrame(n, at, one.size) : videoFrame(n, at, n % 7 === 0, one.size)
          onDisk.push({ n, at, camera })
          ring.record(camera, frame)
          if (count % 9 === 0) await ring.flush()
        }
        await ring.flush()
        break
      }
      case 'alert': {
        const pin = pinOf(
          `alert-${pins.length}`,
          cameras[one.camera] ?? door,
          clock.now() - one.agoMs,
          aroundMs,
        )
        pins.push(pin)
        await ring.pin(pin)
        break
      }
      case 'over': {
        const pin = pins[one.alert]
        if (pin === undefined || pin.gone !== null) break
        await ring.release(pin, 'Linh')
        break
      }
      case 'kill': {
        // What a kill leaves: no feet, and the newest file torn within what was never promised to be there.
        await ring.flush()
        const open = ring.shelf.of(door).find(({ isOpen }) => isOpen)
        if (open !== undefined && open.pins.size === 0)
          truncateSync(open.path, Math.max(0, open.bytes - one.tornBytes))
        dir = await killed(ring, dir, folder())
        ring = await ringIn(dir, parts)
        for (const pin of pins) if (pin.gone === null) expect(ring.shelf.pinOf(pin.alert)?.gone).toBeNull()
        break
      }
      case 'sweep':
        await ring.sweep(30, (camera) => camera === door)
        break
      case 'clock':
        clock.advance(one.byMs)
        break
    }
    await promise()
  }
  await ring.close()
  await promise()
}

it('whatever comes in any order, what alerts keep is whole, and the budget is held', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await play(steps)
      for (const dir of dirs.splice(0)) discard(dir)
    }),
    { numRuns: 60 },
  )
})
