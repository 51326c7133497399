/** The site's figures over a real store: counted in the turn of their commit, new at midnight, right again after drift. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Statistics } from '../../../src/contract/statistics.ts'
import type { SiteNews } from '../../../src/main/link.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import { SiteStatistics } from '../../../src/main/site-statistics.ts'
import { createSiteView } from '../../../src/main/site-view.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { cameraRow, front, newEvent } from './detections.ts'

const hourMs = 3600_000
/** 23:50 in Saigon. */
const evening = Date.parse('2026-03-01T16:50:00Z')

let dir: string
let clock: HandClock
let store: Store
let live: Live
let zone: string
let statistics: SiteStatistics
/** What our own recorder writes. */
const recorded = new Set<string>()
const records = (camera: string) => recorded.has(camera)

beforeEach(async () => {
  recorded.clear()
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-statistics-'))
  clock = new HandClock(evening)
  zone = 'Asia/Ho_Chi_Minh'
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  live = createLive({ clock, refillAlerts: async () => [], sourceOf: () => undefined })
  statistics = new SiteStatistics({ store, live, clock, log: silentLog, zone: () => zone, records })
})

afterEach(async () => {
  statistics.close()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

function site(): Statistics {
  return live.statistics.get('site') ?? expect.fail('no row of the site')
}

async function sighted(n: number, at: number, person: string | null = null): Promise<void> {
  const kind = person === null ? 'face-unknown' : 'face-recognized'
  await store.addEvent(newEvent(n, { at, lastAt: at, kind, person }))
}

it('are read at the start, from the first instant of the site’s day', async () => {
  const midnight = Date.parse('2026-02-28T17:00:00Z')
  await sighted(1, midnight - 1, 'Linh')
  await sighted(2, midnight, 'Linh')
  await sighted(3, midnight + hourMs)
  await store.addEvent(newEvent(4, { at: evening, lastAt: evening, kind: 'motion' }))
  const after = new SiteStatistics({ store, live, clock, log: silentLog, zone: () => zone, records })
  await after.read()
  after.close()
  expect(site()).toMatchObject({
    recognitionsToday: 1,
    unknownFacesToday: 1,
    lastRecognitionAt: midnight,
    via: 'here',
    budgetMs: 15_000,
    at: evening,
  })
})

it('count a sighting in the turn in which its commit is told', async () => {
  await statistics.read()
  const seen: (number | null)[] = []
  store.onChange(() => seen.push(site().recognitionsToday))
  await sighted(1, evening, 'Linh')
  await sighted(2, evening + 1, 'An')
  // growth is no further sighting, but it moves the last one
  await store.addEvent(
    newEvent(2, { at: evening + 1, lastAt: evening + 9000, kind: 'face-recognized', person: 'An' }),
  )
  expect(seen).toEqual([1, 2, 2])
  expect(site()).toMatchObject({ unknownFacesToday: 0, lastRecognitionAt: evening + 9000 })
})

it('begin again at midnight of the site, and keep when somebody was last recognised', async () => {
  await statistics.read()
  await sighted(1, evening, 'Linh')
  await sighted(2, evening)
  clock.advance(10 * 60_000 - 1)
  await statistics.tick()
  expect(site()).toMatchObject({ recognitionsToday: 1, unknownFacesToday: 1 })
  clock.advance(1)
  await statistics.tick()
  expect(site()).toMatchObject({ recognitionsToday: 0, unknownFacesToday: 0, lastRecognitionAt: evening })
  await sighted(3, clock.now())
  await sighted(4, evening + 1)
  expect(site()).toMatchObject({ recognitionsToday: 0, unknownFacesToday: 1 })
})

it('notice midnight at a sighting, before the clock’s round comes by', async () => {
  await statistics.read()
  await sighted(1, evening)
  clock.advance(10 * 60_000)
  await sighted(2, clock.now())
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
  await statistics.read()
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
})

it('follow the zone of the site', async () => {
  await sighted(1, Date.parse('2026-02-28T20:00:00Z'))
  await statistics.read()
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
  zone = 'UTC'
  await statistics.tick()
  expect(site()).toMatchObject({ unknownFacesToday: 0 })
  zone = 'America/New_York'
  await statistics.tick()
  expect(site()).toMatchObject({ unknownFacesToday: 0 })
  zone = 'Asia/Ho_Chi_Minh'
  await statistics.tick()
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
})

it('do not lose a commit that overtook a reading of the store', async () => {
  const { promise: overtaken, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: wasRead, resolve: read } = Promise.withResolvers<void>()
  const slow: ConstructorParameters<typeof SiteStatistics>[0]['store'] = {
    onChange: (listener) => store.onChange(listener),
    async sightings(since: number) {
      const figures = await store.sightings(since)
      read()
      await overtaken
      return figures
    },
  }
  statistics.close()
  statistics = new SiteStatistics({ store: slow, live, clock, log: silentLog, zone: () => zone, records })
  const reading = statistics.read()
  await wasRead
  await sighted(1, evening, 'Linh')
  await sighted(2, evening)
  goOn()
  await reading
  expect(site()).toMatchObject({ recognitionsToday: 1, unknownFacesToday: 1, lastRecognitionAt: evening })
})

it('read the store again each minute, so that a deletion shows', async () => {
  await statistics.read()
  await sighted(1, evening - hourMs)
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
  await store.pruneEvents(evening)
  clock.advance(59_000)
  await statistics.tick()
  expect(site()).toMatchObject({ unknownFacesToday: 1 })
  clock.advance(1000)
  await statistics.tick()
  expect(site()).toMatchObject({ unknownFacesToday: 0 })
})

it('count cameras that are heard of, and refresh before they would be stale', async () => {
  await statistics.read()
  live.people.set({ id: 'front/Linh', link: front, name: 'Linh', photoCount: 1, heardAt: null })
  live.cameras.set(
    cameraRow('a', { heardAt: evening, isRecording: true }),
    cameraRow('b', { heardAt: evening, isActive: false }),
    cameraRow('c', { heardAt: evening, isActive: null, isRunning: null }),
    cameraRow('e', { heardAt: evening, isActive: null, isRunning: true }),
    cameraRow('d', { heardAt: null, isRecording: true }),
  )
  expect(site()).toMatchObject({ totalPeople: 1, totalCameras: 5, activeCameras: 2, recordingCameras: 1 })
  recorded.add('front/b')
  clock.advance(5000)
  await statistics.tick()
  expect(site()).toMatchObject({ at: evening + 5000, activeCameras: 2, recordingCameras: 2 })
  clock.advance(25_001)
  await statistics.tick()
  expect(site()).toMatchObject({ totalCameras: 5, activeCameras: 0, recordingCameras: 0 })
  live.cameras.delete('front/a')
  expect(site()).toMatchObject({ totalCameras: 4 })
})

it('reach whoever serves the site together with the event, after the commit, and only when they change', async () => {
  await statistics.read()
  const view = createSiteView({ store, live, running: () => undefined })
  const news: SiteNews[] = []
  const stop = view.subscribe((one) => news.push(one))
  await sighted(1, evening, 'Linh')
  const [first, second] = news
  expect(first).toMatchObject({ is: 'statistics', statistics: { recognitionsToday: 1 } })
  expect(second).toMatchObject({ is: 'event', isNew: true, event: { person: 'Linh', seq: 1 } })
  clock.advance(5000)
  await statistics.tick()
  live.cameras.set(cameraRow('a', { heardAt: clock.now() }))
  live.cameras.set(cameraRow('a', { heardAt: clock.now(), fps: 3, lastFrameAt: clock.now() }))
  live.cameras.set(cameraRow('a', { heardAt: clock.now(), isRecording: true }))
  expect(news.slice(2).map(({ is }) => is)).toEqual(['statistics', 'cameras', 'statistics', 'cameras'])
  stop()
  await sighted(2, evening)
  expect(news).toHaveLength(6)
  expect([...view.cameras()]).toHaveLength(1)
  expect(() => view.frames(cameraRow('none').id, () => {})).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  )
  await expect(view.snapshot(cameraRow('a').id)).rejects.toMatchObject({ code: 'link-down' })
})
