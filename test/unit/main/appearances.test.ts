/** Appearances in a real store: one row per person and visit, its best moment with that moment's picture, and few writes. */
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { CameraId } from '../../../src/contract/cameras.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { Appearances, overlapOf } from '../../../src/main/appearances.ts'
import type { FacesFound } from '../../../src/main/fact.ts'
import { silentLog } from '../../../src/main/log.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { boxOn } from '../../../src/renderer/features/faces/crop.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { paint } from '../drivers/owt/pictures.ts'
import { scratchStore } from '../store/scratch.ts'
import { cameraId, noon } from './detections.ts'

const faces = LinkId.parse('faces')
const box = { x: 0.1, y: 0.2, width: 0.2, height: 0.3 }

type Face = FacesFound['faces'][number]

function face(
  person: string | null,
  confidence: number | null = 0.8,
  at = noon,
  where: Face['box'] = box,
): Face {
  return { person, confidence, at, box: where }
}

function fact(clock: HandClock, found: readonly Face[], more: Partial<FacesFound> = {}): FacesFound {
  const at = Math.round(clock.now())
  const base = {
    type: 'faces-found',
    link: faces,
    camera: cameraId(),
    frame: 1,
    receivedAt: at + 20,
  } as const
  return { ...base, at, faces: found.map((one) => ({ ...one, at })), picture: null, ...more }
}

interface Site {
  readonly clock: HandClock
  readonly store: Store
  readonly appearances: Appearances
  readonly writes: () => number
  readonly see: (found: readonly Face[], more?: Partial<FacesFound>) => void
  readonly rows: () => ReturnType<typeof rowsOf>
}

async function rowsOf(store: Store, appearances: Appearances, cameras?: CameraId[]) {
  await appearances.close()
  const { rows } = await store.eventPage(cameras === undefined ? {} : { cameras }, null, 500)
  return rows.toSorted((a, b) => a.seq - b.seq)
}

async function site(
  keep?: (store: Store) => Store['addEvent'],
  given?: Store,
  camera = cameraId(),
): Promise<Site> {
  const clock = new HandClock(noon)
  const store = given ?? (await scratchStore())
  const add = keep?.(store) ?? ((event) => store.addEvent(event))
  let writes = 0
  const appearances = new Appearances({
    clock,
    log: silentLog,
    nameOf: () => 'Front door',
    keep(event) {
      writes += 1
      return add(event)
    },
  })
  onTestFinished(() => appearances.close())
  return {
    clock,
    store,
    appearances,
    writes: () => writes,
    see: (found, more) => appearances.take(fact(clock, found, { camera, ...more })),
    rows: () => rowsOf(store, appearances, given && [camera]),
  }
}

it('makes one row of a visit, however many pictures it lasts, and writes it at most every 5 s', async () => {
  const { clock, see, writes, rows } = await site()
  for (let n = 0; n < 30 * 60; n += 1) {
    see([face('Lan', 0.5)])
    clock.advance(1000 / 30)
  }
  expect(writes()).toBeLessThanOrEqual(13)
  const lastAt = noon + Math.round(((30 * 60 - 1) * 1000) / 30)
  clock.advance(31_000)
  const [row, ...more] = await rows()
  expect(more).toEqual([])
  expect(row).toMatchObject({
    link: 'faces',
    camera: 'front/door',
    cameraName: 'Front door',
    kind: 'face-recognized',
    person: 'Lan',
    text: 'Lan at Front door',
    count: 1800,
    at: noon,
  })
  expect(Math.abs((row?.lastAt ?? 0) - lastAt)).toBeLessThanOrEqual(1)
})

it('begins a new one after 30 s away, per camera, engine and name', async () => {
  const { clock, see, rows, appearances, store } = await site()
  see([face('Lan'), face('Minh')])
  clock.advance(29_900)
  see([face('Lan')])
  clock.advance(30_000)
  // Who has left is let go of once the last write is on disk.
  await store.unkeep('wall', 'none')
  clock.advance(500)
  expect(appearances.size).toBe(0)
  see([face('Lan')])
  see([face('Lan')], { camera: cameraId('gate') })
  see([face('Lan')], { link: LinkId.parse('device') })
  const all = await rows()
  expect(
    all.map(({ person, camera, link, count, lastAt }) => [person, camera, link, count, lastAt - noon]),
  ).toEqual([
    ['Lan', 'front/door', 'faces', 2, 29_900],
    ['Minh', 'front/door', 'faces', 1, 0],
    ['Lan', 'front/door', 'faces', 1, 60_400],
    ['Lan', 'front/gate', 'faces', 1, 60_400],
    ['Lan', 'front/door', 'device', 1, 60_400],
  ])
})

it('keeps the picture of the best moment, with the box of that very moment', async () => {
  const { clock, see, rows, store } = await site()
  const dull = paint(32, [])
  const sharp = paint(48, [{ x: 8, y: 8, width: 16, height: 16, who: 1 }])
  see([face('Lan', 0.6)], { picture: dull })
  clock.advance(12_000)
  // The server was sent the middle of a wide picture.
  const excerpt = { x: 0.125, y: 0, width: 0.75, height: 1 }
  see([face('Lan', 0.9, noon, { x: 0.5, y: 0.25, width: 0.3, height: 0.5 })], {
    picture: { ...sharp, excerpt },
  })
  clock.advance(6000)
  see([face('Lan', 0.7)], { picture: dull })
  const [row] = await rows()
  if (row === undefined) throw new Error('no row')
  expect(row).toMatchObject({
    confidence: 0.9,
    pictureAt: noon + 12_000,
    at: noon,
    lastAt: noon + 18_000,
    count: 3,
  })
  expect(row.box?.at).toBe(noon + 12_000)
  expect(row.evidence).toMatchObject({ widthPx: 48, heightPx: 48 })
  expect(row.box?.x).toBeCloseTo(0.5)
  expect(row.box?.width).toBeCloseTo(0.4)
  expect(boxOn(row)).toEqual(row.box)
  const kept = await store.picture(row.evidence?.sha256 ?? '')
  expect(new Uint8Array(kept.bytes)).toEqual(sharp.bytes)
})

it('lets go of a picture that a better one replaced', async () => {
  const { clock, see, rows, store } = await site()
  see([face('Lan', 0.6)], { picture: paint(32, []) })
  const first = await new Promise<string>((resolve) => {
    const undo = store.onChange(({ events }) => {
      undo()
      resolve(events[0]?.event.evidence?.sha256 ?? '')
    })
  })
  expect((await store.picture(first)).bytes.length).toBeGreaterThan(0)
  clock.advance(6000)
  see([face('Lan', 0.9)], { picture: paint(40, []) })
  await rows()
  await expect(store.picture(first)).rejects.toMatchObject({ code: 'not-found' })
})

it('tells strangers apart by where they are, and follows each as it moves', async () => {
  const { clock, see, rows } = await site()
  for (let n = 0; n < 20; n += 1) {
    const left = { x: 0.05 + n * 0.02, y: 0.2, width: 0.15, height: 0.2 }
    const right = { x: 0.8 - n * 0.02, y: 0.6, width: 0.15, height: 0.2 }
    see(
      n % 2 === 0
        ? [face(null, 0.5, noon, left), face(null, 0.5, noon, right)]
        : [face(null, 0.5, noon, right), face(null, 0.5, noon, left)],
    )
    clock.advance(200)
  }
  see([face(null, 0.5, noon, { x: 0.9, y: 0.05, width: 0.05, height: 0.1 })])
  const all = await rows()
  expect(all.map(({ kind, person, count, text }) => [kind, person, count, text])).toEqual([
    ['face-unknown', null, 20, 'Unknown face at Front door'],
    ['face-unknown', null, 20, 'Unknown face at Front door'],
    ['face-unknown', null, 1, 'Unknown face at Front door'],
  ])
})

it('tells again what the store could not keep, also of somebody who has left', async () => {
  let fails = 3
  const { clock, see, rows, writes, appearances } = await site((store) => (event) => {
    fails -= 1
    return fails >= 0 ? Promise.reject(new Error('the disk is full')) : store.addEvent(event)
  })
  const picture = paint(32, [])
  see([face('Lan', 0.6)], { picture })
  await Promise.resolve()
  for (let n = 0; n < 12; n += 1) {
    clock.advance(5000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(writes()).toBe(4)
  const [row] = await rows()
  expect(row).toMatchObject({ person: 'Lan', count: 1, evidence: { widthPx: 32 } })
  expect(appearances.size).toBe(0)
})

it('holds no more than so many in memory, and loses none of them', async () => {
  const { see, rows, appearances, clock } = await site()
  for (let n = 0; n < 200; n += 1) {
    see([face(`person ${n}`)])
    clock.advance(10)
  }
  expect(appearances.size).toBeLessThanOrEqual(60)
  expect(await rows()).toHaveLength(200)
})

it('one row per appearance, and its count is the number of detections told', async () => {
  const names = ['Lan', 'Minh', 'Hoa'] as const
  const step = fc.record({
    people: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
    strangers: fc.uniqueArray(fc.constantFrom(0, 1, 2), { maxLength: 3 }),
    waitMs: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 4000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 40_000 }) },
    ),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const store = await scratchStore()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      run += 1
      const { clock, see, rows } = await site(undefined, store, cameraId(`door-${run}`))
      /** By name or place: when it was seen. */
      const seen = new Map<string, number[]>()
      let best = 0
      for (const { people, strangers, waitMs, confidence } of steps) {
        see([
          ...people.map((name) => face(name, confidence)),
          ...strangers.map((n) =>
            face(null, confidence, noon, { x: n * 0.3, y: 0.1, width: 0.2, height: 0.2 }),
          ),
        ])
        for (const who of [...people, ...strangers.map((n) => `stranger ${n}`)]) {
          seen.set(who, [...(seen.get(who) ?? []), clock.now()])
          best = Math.max(best, confidence)
        }
        clock.advance(waitMs)
      }
      const visits = [...seen].flatMap(([who, times]) => {
        const cuts = times.flatMap((at, n) => (n > 0 && at - (times[n - 1] ?? at) >= 30_000 ? [n] : []))
        const starts = [0, ...cuts]
        return starts.map((from, n) => {
          const part = times.slice(from, starts[n + 1])
          return [who.startsWith('stranger') ? null : who, part[0], part.at(-1), part.length]
        })
      })
      const all = await rows()
      const order = (list: unknown[][]) => list.map((row) => JSON.stringify(row)).toSorted()
      expect(order(all.map(({ person, at, lastAt, count }) => [person, at, lastAt, count]))).toEqual(
        order(visits),
      )
      if (all.length > 0) expect(Math.max(...all.map((row) => row.confidence ?? 0))).toBe(best)
    }),
    { numRuns: 60 },
  )
})

it('overlap is the common share of both', () => {
  expect(overlapOf(box, box)).toBeCloseTo(1)
  expect(overlapOf(box, { ...box, x: box.x + box.width })).toBe(0)
  expect(overlapOf(box, { ...box, x: box.x + box.width / 2 })).toBeCloseTo(1 / 3)
})
