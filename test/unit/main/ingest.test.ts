/** Facts of cameras, people, figures and events: what they change in live, and what the store keeps of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LinkId } from '../../../src/contract/links.ts'
import type { Statistics } from '../../../src/contract/statistics.ts'
import { VehicleName } from '../../../src/contract/vehicle-name.ts'
import { createIngest, type Ingest } from '../../../src/main/ingest.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { cameraId, cameraRow, front, linkRow, newEvent, noon } from './detections.ts'

const back = LinkId.parse('back')

let dir: string
let store: Store
let live: Live
let ingest: Ingest
let kept: string[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-ingest-'))
  const clock = new HandClock(noon)
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  live.links.set(linkRow(front), linkRow(back))
  kept = []
  const keep: Store['keep'] = (kind, ...rows) => {
    kept.push(...rows.map(({ id }) => `${kind} ${id}`))
    return store.keep(kind, ...rows)
  }
  const watched = new Proxy(store, {
    get(target, name) {
      if (name === 'keep') return keep
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  ingest = createIngest({ store: watched, live, clock, log: silentLog, wake() {} })
})

afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

function report(...names: string[]): void {
  ingest.tell({ type: 'cameras-reported', link: front, cameras: names.map((name) => cameraRow(name)) })
}

function person(name: string, link = front, photoCount = 1) {
  return { id: `${link}/${name}`, link, name, photoCount, heardAt: noon }
}

function figures(id: string): Statistics {
  return {
    id,
    totalPeople: 1,
    recognitionsToday: 2,
    unknownFacesToday: 3,
    lastRecognitionAt: null,
    totalCameras: 4,
    activeCameras: 4,
    recordingCameras: 0,
    at: noon,
    receivedAt: noon,
    budgetMs: 15_000,
    via: 'socket',
  }
}

/** What is kept once every write before this has reached the disk: writes are done in order. */
async function stored(kind: 'camera' | 'person') {
  await store.unkeep('wall', 'none')
  return store.kept(kind)
}

function ids(rows: Iterable<{ readonly id: string }>): string[] {
  return [...rows].map(({ id }) => id).sort()
}

describe('cameras', () => {
  it('are shown and kept; one that is missing from the next report is gone, another link’s stay', async () => {
    ingest.tell({ type: 'cameras-reported', link: back, cameras: [cameraRow('door', { link: back })] })
    report('door', 'gate')
    expect(ids(live.cameras.snapshot())).toEqual(['back/door', 'front/door', 'front/gate'])
    ingest.tell({
      type: 'faces-seen',
      faces: {
        id: cameraId('gate'),
        at: noon,
        receivedAt: noon,
        budgetMs: 2000,
        frame: null,
        link: front,
        faces: [],
      },
    })
    expect(live.facesNow.size).toBe(1)
    report('door')
    expect(ids(live.cameras.snapshot())).toEqual(['back/door', 'front/door'])
    expect(live.facesNow.size).toBe(0)
    expect(ids(await stored('camera'))).toEqual(['back/door', 'front/door'])
    report()
    expect(ids(await stored('camera'))).toEqual(['back/door'])
  })

  it('are written only when something a restart must know has changed', () => {
    report('door', 'gate')
    expect(kept).toEqual(['camera front/door', 'camera front/gate'])
    const moved = cameraRow('door', { heardAt: noon + 1, fps: 3, lastFrameAt: noon + 1, trouble: 'slow' })
    ingest.tell({ type: 'cameras-reported', link: front, cameras: [moved, cameraRow('gate')] })
    expect(live.cameras.get('front/door')).toMatchObject({ fps: 3, heardAt: noon + 1, trouble: 'slow' })
    expect(kept).toHaveLength(2)
    const off = cameraRow('door', { isActive: false })
    ingest.tell({ type: 'cameras-reported', link: front, cameras: [off, cameraRow('gate')] })
    expect(kept.slice(2)).toEqual(['camera front/door'])
  })

  it('show faces only where there is a camera to show them on', () => {
    ingest.tell({
      type: 'faces-seen',
      faces: {
        id: cameraId('none'),
        at: noon,
        receivedAt: noon,
        budgetMs: 2000,
        frame: null,
        link: front,
        faces: [],
      },
    })
    expect(live.facesNow.size).toBe(0)
  })
})

describe('frames', () => {
  it('and troubles reach who looks', () => {
    report('door')
    const slot = live.frames.open(cameraId(), () => {})
    expect(slot.take()?.header.trouble).not.toBe('')
    const bytes = new Uint8Array([1])
    const frame = { camera: cameraId(), bytes, widthPx: 2, heightPx: 1, receivedAt: noon }
    ingest.tell({ type: 'frame-arrived', ...frame })
    expect(slot.take()).toMatchObject({ bytes, header: { widthPx: 2, trouble: '' } })
    ingest.tell({ type: 'stream-troubled', camera: cameraId(), trouble: 'no answer' })
    expect(slot.take()?.header.trouble).toBe('no answer')
  })
})

it('a refused command is on the timeline with who asked, also where nobody logged in', async () => {
  const vehicle = VehicleName.parse('OHT-1')
  const refused = { type: 'command-refused', link: front } as const
  ingest.tell({ ...refused, vehicle, by: 'ann@gateway', text: 'OHT-1: move: refused' })
  ingest.tell({ ...refused, vehicle: null, by: null, text: 'ghost: dock: refused' })
  await stored('camera')
  const entry = { type: 'vehicle-command', link: front, at: noon }
  expect(await store.timeline(0, 10)).toMatchObject([
    { ...entry, device: vehicle, by: 'ann@gateway', text: 'OHT-1: move: refused' },
    { ...entry, device: null, by: null, text: 'ghost: dock: refused' },
  ])
})

describe('people', () => {
  it('are shown and kept; who is missing from the next report is gone', async () => {
    ingest.tell({ type: 'people-reported', link: back, people: [person('Linh', back)] })
    ingest.tell({ type: 'people-reported', link: front, people: [person('Linh'), person('An')] })
    ingest.tell({
      type: 'people-reported',
      link: front,
      people: [{ ...person('Linh'), heardAt: noon + 5000 }],
    })
    expect(ids(live.people.snapshot())).toEqual(['back/Linh', 'front/Linh'])
    expect(live.people.get('front/Linh')).toMatchObject({ heardAt: noon + 5000 })
    expect(ids(await stored('person'))).toEqual(['back/Linh', 'front/Linh'])
    expect(kept).toHaveLength(3)
    ingest.tell({ type: 'people-reported', link: front, people: [person('Linh', front, 2)] })
    expect(kept).toHaveLength(4)
  })
})

describe('events', () => {
  it('reach the disk, and grow there', async () => {
    const told = new Promise<number>((resolve) => {
      store.onChange(({ events }) => {
        for (const { event } of events) if (event.count === 2) resolve(event.seq)
      })
    })
    ingest.tell({ type: 'event-detected', event: newEvent(1) })
    ingest.tell({ type: 'event-detected', event: newEvent(1, { count: 2, lastAt: noon + 9000 }) })
    await told
    const { rows } = await store.eventPage({}, null, 10)
    expect(rows).toMatchObject([
      { kind: 'face-unknown', count: 2, lastAt: noon + 9000, camera: 'front/door' },
    ])
  })
})

describe('a link that is removed', () => {
  it('takes its figures, faces and people along; its cameras stay until they are forgotten', async () => {
    report('door')
    ingest.tell({ type: 'people-reported', link: front, people: [person('Linh')] })
    ingest.tell({ type: 'people-reported', link: back, people: [person('Linh', back)] })
    ingest.tell({ type: 'statistics-reported', statistics: figures('front') })
    ingest.tell({
      type: 'faces-seen',
      faces: {
        id: cameraId(),
        at: noon,
        receivedAt: noon,
        budgetMs: 2000,
        frame: null,
        link: front,
        faces: [],
      },
    })
    expect(live.statistics.get('front')).toMatchObject({ unknownFacesToday: 3 })
    live.links.delete(front)
    expect(live.statistics.size).toBe(0)
    expect(live.facesNow.size).toBe(0)
    expect(ids(live.people.snapshot())).toEqual(['back/Linh'])
    expect(ids(live.cameras.snapshot())).toEqual(['front/door'])
    expect(ids(await stored('person'))).toEqual(['back/Linh'])
  })

  it('is not brought back by reports that were on their way', () => {
    live.links.delete(front)
    report('door')
    ingest.tell({ type: 'people-reported', link: front, people: [person('Linh')] })
    ingest.tell({ type: 'statistics-reported', statistics: figures('front') })
    expect([live.cameras.size, live.people.size, live.statistics.size]).toEqual([0, 0, 0])
    expect(kept).toEqual([])
  })
})
