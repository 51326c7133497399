/** Everything besides alerts that must not be lost: outbox, timeline, coverage, devices, links, settings, figures. */
import { expect, it } from 'vitest'
import type { Device } from '../../../src/contract/devices.ts'
import { Load } from '../../../src/contract/site.ts'
import type { CoverageSpan } from '../../../src/contract/timeline.ts'
import { alert, camera, hub, order, scratchDir, scratchStore, start } from './scratch.ts'

it('gives out waiting orders in order, no target hiding another', async () => {
  const store = await scratchStore()
  const many = Array.from({ length: 30 }, (_, n) => order(n, { target: n < 25 ? 'cam-1' : 'cam-2' }))
  await store.enqueue(many)
  await store.enqueue(many)
  const due = await store.due(hub, null, 3)
  expect(due.map(({ id }) => id)).toEqual([
    'order-0',
    'order-1',
    'order-2',
    'order-25',
    'order-26',
    'order-27',
  ])
  expect(due[0]).toMatchObject({ order: '{"n":0}', attempts: 0, state: 'waiting' })
  await store.settle('order-0', { state: 'delivered', reason: null, at: start })
  await store.settle('order-1', { state: 'waiting', reason: 'no answer', at: start })
  await store.settle('order-2', { state: 'parked', reason: 'unknown', at: start })
  expect((await store.due(hub, 'cam-1', 2)).map(({ id, attempts }) => [id, attempts])).toEqual([
    ['order-1', 1],
    ['order-3', 0],
  ])
  await store.settle('order-2', { state: 'waiting', reason: null, at: start })
  expect((await store.due(hub, 'cam-1', 2)).map(({ id }) => id)).toEqual(['order-1', 'order-2'])
  expect((await store.health()).outboxWaiting).toBe(29)
  const gone: string[] = []
  store.onChange(({ ordersGone }) => gone.push(...ordersGone))
  await store.discard('order-2')
  expect(gone).toEqual(['order-2'])
  await expect(store.discard('order-2')).rejects.toMatchObject({ code: 'not-found' })
  await expect(store.settle('x', { state: 'parked', reason: null, at: 1 })).rejects.toMatchObject({
    code: 'not-found',
  })
  const shown = await store.orders(100)
  expect(shown).toHaveLength(29)
  expect(shown.at(-1)).toMatchObject({ id: 'order-0', state: 'delivered' })
})

it('keeps the timeline in the order it was told', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const entry = {
    at: start,
    type: 'app-started',
    link: null,
    device: null,
    by: null,
    text: 'started',
  } as const
  await store.addTimeline(entry)
  await store.addTimeline({ ...entry, type: 'link-state', link: hub, text: 'live' })
  expect(await store.timeline(0, 10)).toEqual([
    { ...entry, seq: 1 },
    { ...entry, seq: 2, type: 'link-state', link: hub, text: 'live' },
  ])
  expect(await store.timeline(1, 10)).toHaveLength(1)
  await store.close()
  expect((await scratchStore(dir)).timelineHead()).toBe(2)
})

it('covers time without gaps or overlaps, over a restart too', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  await store.resumeCoverage(start)
  await store.cover('hub', 'data', start)
  await store.cover('hub', 'data', start + 5)
  await store.cover('hub', 'silent', start + 10)
  await store.cover('hub', 'data', start + 20)
  await store.cover('hub', 'disconnected', start + 20)
  await store.cover('hub', 'data', start + 15)
  await store.resumeCoverage(start + 50)
  await store.close()
  const again = await scratchStore(dir)
  await again.cover('hub/cam-1', 'data', start + 60)
  await again.resumeCoverage(start + 100)
  await again.cover('hub', 'data', start + 110)
  const span = (state: CoverageSpan['state'], fromAt: number, toAt: number | null) => ({
    source: 'hub',
    state,
    fromAt: start + fromAt,
    toAt: toAt === null ? null : start + toAt,
  })
  const spans = (await again.coverage(start, start + 1000)).filter(({ source }) => source === 'hub')
  expect(spans).toEqual([
    span('data', 0, 10),
    span('silent', 10, 20),
    span('app-off', 20, 50),
    span('data', 110, null),
  ])
  expect(await again.coverage(start + 12, start + 13)).toEqual([span('silent', 10, 20)])
})

it('keeps devices, links and settings, newest wins', async () => {
  const dir = scratchDir()
  const store = await scratchStore(dir)
  const device: Device = {
    id: 'hub/cam-1',
    link: hub,
    device: camera(1),
    name: 'Cổng Bắc',
    role: 'cctv',
    group: null,
    location: null,
    version: null,
    capabilities: ['blue'],
    state: 'live',
    isMonitoring: true,
    blueIntensity: 0.2,
    batteryLevel: null,
    signalStrength: null,
    heardAt: start,
    budgetMs: 60_000,
    clockOffsetMs: 3,
    lastAlertAt: null,
    settings: null,
    settingsVersion: null,
    outOfService: false,
  }
  await store.saveDevice(device)
  await store.saveDevice({ ...device, name: 'Cổng Nam' })
  await store.saveDevice({ ...device, id: 'hub/cam-2' })
  await store.forgetDevice('hub/cam-2')
  const profile = {
    id: hub,
    driver: 'blue-light-hub',
    name: 'Hub',
    enabled: true,
    host: '127.0.0.1',
    port: 0,
    heartbeatMs: 30_000,
  } as const
  await store.saveLink(profile)
  await store.saveSetting('siteName', 'Depot')
  await store.saveSetting('siteName', 'Harbour')
  await store.close()
  const again = await scratchStore(dir)
  expect(await again.devices()).toEqual([{ ...device, name: 'Cổng Nam' }])
  expect(await again.links()).toEqual([profile])
  expect(await again.settings()).toEqual({ siteName: 'Harbour' })
  await again.removeLink(hub)
  expect(await again.links()).toEqual([])
})

it('counts the operator load as it happened', async () => {
  const store = await scratchStore()
  const now = start + 86_400_000
  const ago = (minutes: number, seconds = 0) => now - minutes * 60_000 + seconds * 1000
  for (let n = 0; n < 12; n += 1) await store.raise(alert(n, { raisedAt: ago(5, n * 2), device: camera(1) }))
  for (let n = 12; n < 18; n += 1)
    await store.raise(alert(n, { raisedAt: ago(n * 60), device: camera(n), priority: 'low' }))
  await store.raise(alert('old', { raisedAt: ago(60 * 30) }))
  const load = Load.parse(await store.load(now))
  expect(load.lastTenMinutes).toBe(12)
  expect(load.alarmsPer10Min).toBeCloseTo(18 / 144, 6)
  expect(load.floodPercent).toBeCloseTo(100 / 144, 6)
  expect(load).toMatchObject({ chattering: 1, stale: 1 })
  expect(load.mix).toEqual({ critical: 0, high: 12 / 18, medium: 0, low: 6 / 18 })
  expect(load.top[0]).toEqual({ device: 'cam-1', count: 12 })
  expect(load.top).toHaveLength(7)
})

it('marks the ruler lane by lane with the most urgent priority', async () => {
  const store = await scratchStore()
  for (let n = 0; n < 100; n += 1) {
    await store.raise(alert(n, { priority: n === 42 ? 'critical' : 'low' }))
  }
  const marks = await store.marks(start, start + 100_000, 10)
  expect(marks).toHaveLength(10)
  expect(marks.every(({ count, lane }) => count === 10 && lane === hub)).toBe(true)
  expect(marks.map(({ priority }) => priority).indexOf('critical')).toBe(4)
  expect(marks[4]).toMatchObject({ fromAt: start + 40_000, toAt: start + 50_000 })
  expect(await store.marks(start, start, 10)).toEqual([])
})
