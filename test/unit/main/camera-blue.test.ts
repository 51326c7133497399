/** Cameras watched for blue light, over the whole app: the alert, its end, and whoever monitors at the hub or behind a link. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/contract/alerts.ts'
import type { BlueReading } from '../../../src/contract/analysis.ts'
import type { Api } from '../../../src/contract/api.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { planFor } from '../../../src/contract/plans.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { createCameraBlue, unseenAfterMs } from '../../../src/main/camera-blue.ts'
import { readConfig } from '../../../src/main/config.ts'
import { silentLog } from '../../../src/main/log.ts'
import { hubAddress } from '../../../src/main/shell/hub-address.ts'
import type { Client } from '../../../src/rpc/client.ts'
import { blue, dark, picture, side, yard } from '../../fakes/blue-camera.ts'
import { startMonitor } from '../../sim/blue-light/monitor.ts'
import { HandClock } from '../drivers/blue-light/hand-clock.ts'
import { row, screen } from './screen.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-blue-'))
  undo.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function start(dataDir = folder(), flags: string[] = []): Promise<App> {
  const app = await startApp(readConfig(['--hub-port', '0', ...flags], {}), {
    dataDir,
    version: '0.0.0',
    shell: 'node',
    logSink: { write() {} },
  })
  undo.push(() => app.close())
  return app
}

/** A screen that was chosen to look, at a camera that is to be watched. */
async function looking(app: App): Promise<Client<Api>> {
  app.live.cameras.set(yard)
  const client = await screen((wire, session) => app.serve(wire, session), 'operator')
  undo.push(() => client.close())
  await new Promise<void>((resolve, reject) => {
    client.feed(
      'analysis.tasks',
      { decodesVideo: true },
      ({ isChosen, cameras }) => {
        if (isChosen && cameras.some((one) => one.camera === yard.id && one.blueLight)) resolve()
      },
      reject,
    )
    client.call('plans.save', { plan: { ...planFor(yard.id), blueLight: true } }).catch(reject)
  })
  return client
}

const report = (client: Client<Api>, reading: BlueReading, withPicture = false) =>
  client.call('analysis.blue', {
    camera: yard.id,
    at: Date.now(),
    reading,
    picture: withPicture ? picture : null,
  })

const isOfYard = (alert: Alert) => alert.source === yard.link && alert.device === yard.camera

/** What a simulated monitor is told, and a wait for the first of a kind. */
async function monitor(hub: string) {
  const heard: { readonly type: string; readonly from: string }[] = []
  const waits: { readonly fits: (type: string, from: string) => boolean; readonly done: () => void }[] = []
  const made = startMonitor({
    hub,
    deviceId: 'desk-9',
    name: 'Desk 9',
    group: null,
    heartbeatMs: 1000,
    log(entry) {
      const [type, from] = [String(entry.type), String(entry.from)]
      heard.push({ type, from })
      for (const wait of waits) if (wait.fits(type, from)) wait.done()
    },
  })
  undo.push(() => made.close())
  return {
    hears: (type: string, from: string) =>
      new Promise<void>((resolve) => {
        if (heard.some((one) => one.type === type && one.from === from)) return resolve()
        waits.push({ fits: (...now) => now[0] === type && now[1] === from, done: resolve })
      }),
    heard,
  }
}

describe('blue light on a camera', () => {
  it('becomes one alert with its picture and area, and is cleared when the light is gone', async () => {
    const app = await start()
    const client = await looking(app)
    await report(client, blue, true)
    const alert = await row(client, 'alerts', isOfYard)
    await report(client, { ...blue, durationMs: 1400 })
    await report(client, dark)
    expect(alert).toMatchObject({
      kind: 'blue-light',
      state: 'unacknowledged-active',
      priority: 'critical',
      deviceName: 'Yard',
      location: 'Gate 2',
      blue: { intensity: 0.95, confidence: 0.8, durationS: 0.4, area: { x: 10, y: 20, width: 4, height: 8 } },
      evidence: { mime: 'image/png', widthPx: side, heightPx: side },
    })
    expect(alert.raisedAt).toBeLessThanOrEqual(alert.receivedAt - 400)
    const cleared = await row(client, 'alerts', (one) => isOfYard(one) && one.clearedAt !== null)
    expect(cleared).toMatchObject({ id: alert.id, state: 'unacknowledged-cleared', duplicates: 0 })
    await report(client, blue)
    const next = await row(client, 'alerts', (one) => isOfYard(one) && one.id !== alert.id)
    expect(next.state).toBe('unacknowledged-active')
  })

  it('is acknowledged without an order to a camera that could not take one', async () => {
    const app = await start()
    const client = await looking(app)
    await report(client, blue)
    const alert = await row(client, 'alerts', isOfYard)
    const acked = await client.call('alerts.acknowledge', { id: alert.id, note: 'seen' })
    expect(acked).toMatchObject({ state: 'acknowledged-active', ackDelivery: 'none' })
    expect(app.live.orders.size).toBe(0)
  })

  it('reaches the monitors of the hub as an alert of a cctv does, and its end as its status', async () => {
    const app = await start()
    const client = await looking(app)
    const desk = await monitor(await hubAddress(app))
    await row(client, 'devices', (device) => device.device === 'desk-9' && device.role === 'monitor')
    await report(client, blue, true)
    await desk.hears('blueAlert', 'yard')
    await report(client, dark)
    await desk.hears('deviceStatus', 'yard')
    expect(desk.heard.filter(({ type }) => type === 'blueAlert')).toHaveLength(1)
  })

  it('waits for a link that is down, over a restart, and is an alert of that camera at the other end', async () => {
    const far = await start()
    const address = await hubAddress(far)
    const dataDir = folder()
    const near = await start(dataDir)
    const admin = await screen((wire, session) => near.serve(wire, session), 'admin')
    undo.push(() => admin.close())
    const id = LinkId.parse('far')
    const profile = {
      id,
      driver: 'blue-light-client',
      name: 'Far',
      enabled: true,
      // Nobody listens on the discard port.
      url: 'ws://127.0.0.1:9',
      group: '',
      deviceId: 'near-floor',
      ladder: 'lan',
    } as const
    await admin.call('links.save', { profile })
    const client = await looking(near)
    await report(client, blue, true)
    const waiting = await row(client, 'orders', (order) => order.link === id && order.state === 'waiting')
    expect(waiting).toMatchObject({ type: 'announce-own', target: 'watchfloor' })
    await near.close()

    const again = await start(dataDir)
    const boss = await screen((wire, session) => again.serve(wire, session), 'admin')
    undo.push(() => boss.close())
    await boss.call('links.save', { profile: { ...profile, url: address } })
    await row(boss, 'orders', (order) => order.id === waiting.id && order.state === 'delivered')
    const watcher = await screen((wire, session) => far.serve(wire, session), 'operator')
    undo.push(() => watcher.close())
    const there = await row(watcher, 'alerts', (alert) => alert.device === 'yard')
    expect(there).toMatchObject({
      source: 'blue-light',
      deviceName: 'Yard',
      location: 'Gate 2',
      blue: { intensity: 0.95, area: { x: 10, y: 20, width: 4, height: 8 } },
      evidence: { widthPx: side },
    })
    // Back here the light is looked for anew, and gone.
    const second = await looking(again)
    await report(second, dark)
    await row(watcher, 'alerts', (alert) => alert.id === there.id && alert.clearedAt !== null)
    await row(second, 'alerts', (alert) => isOfYard(alert) && alert.clearedAt !== null)
  })

  it('goes on over a restart: the same light is the same alert', async () => {
    const dataDir = folder()
    const app = await start(dataDir)
    const client = await looking(app)
    await report(client, blue)
    const { id } = await row(client, 'alerts', isOfYard)
    await app.close()
    const again = await start(dataDir)
    const second = await looking(again)
    await report(second, blue)
    await report(second, dark)
    const cleared = await row(second, 'alerts', (one) => isOfYard(one) && one.clearedAt !== null)
    expect(cleared.id).toBe(id)
    expect([...again.live.alerts.table.snapshot()].filter(isOfYard)).toHaveLength(1)
  })

  it('that nobody looks at any more ends after a minute, and says that its end was not seen', async () => {
    const app = await start()
    const client = await looking(app)
    await report(client, blue)
    const alert = await row(client, 'alerts', isOfYard)
    const clock = new HandClock(Date.now())
    const cleared: string[] = []
    const blueHere = createCameraBlue({
      live: app.live,
      clock,
      log: silentLog,
      ingest: {
        raise: () => Promise.reject(new Error('nothing to raise')),
        tell(fact) {
          if (fact.type === 'alert-cleared') cleared.push(`${fact.source}/${fact.device}: ${fact.note}`)
        },
      },
      dispatch: { enqueue: async () => {} },
      links: { running: () => undefined },
      settings: () => app.settings(),
    })
    undo.push(() => blueHere.close())
    expect(alert.clearedAt).toBeNull()
    clock.advance(unseenAfterMs - 5000)
    expect(cleared).toEqual([])
    clock.advance(10_000)
    expect(cleared).toEqual(['nvr/yard: no longer looked at: how it ended was not seen'])
    clock.advance(unseenAfterMs * 2)
    expect(cleared).toHaveLength(1)
  })

  it('is raised by the next report when the store could not keep it, with the picture of the first', async () => {
    const app = await start()
    app.live.cameras.set(yard)
    let fails = true
    const raised: boolean[] = []
    let told = () => {}
    const second = new Promise<void>((resolve) => {
      told = resolve
    })
    const blueHere = createCameraBlue({
      live: app.live,
      clock: new HandClock(),
      log: silentLog,
      ingest: {
        async raise(fact) {
          if (fails) throw new Error('disk full')
          raised.push(fact.picture !== null)
          told()
          return { seq: 1, duplicate: false }
        },
        tell() {},
      },
      dispatch: { enqueue: async () => {} },
      links: { running: () => undefined },
      settings: () => app.settings(),
    })
    undo.push(() => blueHere.close())
    blueHere.report({ camera: yard.id, at: Date.now(), reading: blue, picture })
    await Promise.resolve()
    fails = false
    await new Promise((resolve) => setImmediate(resolve))
    blueHere.report({ camera: yard.id, at: Date.now(), reading: blue, picture: null })
    await second
    expect(raised).toEqual([true])
  })
})
