/** The whole app in this process: real sockets, real SQLite, the contract over a pipe in memory. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/contract/alerts.ts'
import type { Api } from '../../../src/contract/api.ts'
import { DeviceId } from '../../../src/contract/devices.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { apiVersion } from '../../../src/contract/version.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import { systemClock } from '../../../src/main/io/clock.ts'
import { hubAddress } from '../../../src/main/shell/hub-address.ts'
import { type Client, createClient } from '../../../src/rpc/client.ts'
import { greet } from '../../../src/rpc/greet.ts'
import { memoryPair } from '../../../src/rpc/memory-wire.ts'
import { Camera } from '../../fakes/camera.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const hub = LinkId.parse('blue-light')

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-app-'))
  undo.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function start(dataDir = folder(), flags: string[] = [], clock = systemClock): Promise<App> {
  const app = await startApp(
    readConfig(['--hub-port', '0', ...flags], {}),
    {
      dataDir,
      version: '0.0.0',
      shell: 'node',
      logSink: { write() {} },
    },
    clock,
  )
  undo.push(() => app.close())
  return app
}

function screen(app: App, role: Role = 'operator', user = 'Linh'): Client<Api> {
  const client = createClient<Api>(
    async () => {
      const { server, client: end } = memoryPair()
      void greet(server, { version: apiVersion, authenticate: () => ({ role, user }) }).then(
        (session) => session !== null && app.serve(server, session),
      )
      return end
    },
    { version: apiVersion },
  )
  undo.push(() => client.close())
  return client
}

async function ready(client: Client<Api>): Promise<Client<Api>> {
  if (client.status.is === 'ready') return client
  await new Promise<void>((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.is !== 'ready') return
      queueMicrotask(() => stop())
      resolve()
    })
  })
  return client
}

async function camera(app: App, deviceId = 'cam-1'): Promise<Camera> {
  const made = new Camera({ deviceId })
  undo.push(() => made.cut())
  await made.connect(await hubAddress(app))
  return made
}

/** Resolves with the first row of the table that fits. */
function row<N extends 'alerts' | 'orders' | 'devices' | 'links'>(
  client: Client<Api>,
  name: N,
  fits: (row: Record<string, unknown>) => boolean,
): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const stop = client.table(name, (rows) => {
      const found = [...rows.values()].find((one) => fits(one))
      if (found === undefined) return
      queueMicrotask(() => stop())
      resolve(found)
    })
  })
}

async function raised(client: Client<Api>, from: Camera): Promise<Alert> {
  const messageId = await from.alertReceived()
  return (await row(client, 'alerts', (one) => one.sourceId === messageId)) as Alert
}

describe('an alert', () => {
  it('is stored before the camera is told, shown, acknowledged, and the camera learns of it', async () => {
    const app = await start()
    const client = await ready(screen(app))
    const cam = await camera(app)
    const alert = await raised(client, cam)
    const acked = await client.call('alerts.acknowledge', { id: alert.id, note: 'on my way' })
    expect(acked).toMatchObject({
      state: 'acknowledged-active',
      acknowledgedBy: 'Linh',
      ackDelivery: 'waiting',
    })
    const told = await cam.ack(alert.sourceId, 'acknowledged')
    expect(told).toMatchObject({ by: 'Linh', note: 'on my way' })
    await row(client, 'alerts', (one) => one.id === alert.id && one.ackDelivery === 'delivered')
    const detail = await client.call('alerts.get', { id: alert.id })
    expect(detail.transitions.map(({ kind, by }) => [kind, by])).toEqual([
      ['raise', 'source'],
      ['acknowledge', 'Linh'],
    ])
  })

  it('acknowledged while its camera is away is told after the camera, and after the app, came back', async () => {
    const dataDir = folder()
    const app = await start(dataDir)
    const client = await ready(screen(app))
    const cam = await camera(app)
    const alert = await raised(client, cam)
    cam.cut()
    await row(client, 'links', (link) => link.peers === 0)
    await client.call('alerts.acknowledge', { id: alert.id })
    await row(
      client,
      'orders',
      (order) => order.alert === alert.id && order.state === 'waiting' && order.reason !== null,
    )
    client.close()
    await app.close()

    const again = await start(dataDir)
    const second = await ready(screen(again))
    await cam.connect(await hubAddress(again))
    expect(await cam.ack(alert.sourceId, 'acknowledged')).toMatchObject({ by: 'Linh' })
    await row(second, 'orders', (order) => order.alert === alert.id && order.state === 'delivered')
  })

  it('is silenced, shelved, noted and closed as four different acts, each recorded', async () => {
    const app = await start()
    const client = await ready(screen(app))
    const { id } = await raised(client, await camera(app))
    expect(await client.call('alerts.silence', { id })).toMatchObject({ state: 'unacknowledged-active' })
    await client.call('alerts.note', { id, note: 'looks like a truck' })
    const until = Date.now() + 60_000
    expect(await client.call('alerts.shelve', { id, until, reason: 'works' })).toMatchObject({
      state: 'shelved',
    })
    expect(await client.call('alerts.unshelve', { id })).toMatchObject({ state: 'unacknowledged-active' })
    await expect(client.call('alerts.close', { id, disposition: 'false' })).rejects.toMatchObject({
      code: 'wrong-state',
    })
    await client.call('alerts.acknowledge', { id })
    await client.call('alerts.close', { id, disposition: 'false' })
    const { transitions, alert } = await client.call('alerts.get', { id })
    expect(transitions.map(({ kind }) => kind)).toEqual([
      'raise',
      'silence',
      'note',
      'shelve',
      'unshelve',
      'acknowledge',
      'close',
    ])
    expect(alert).toMatchObject({ state: 'cleared', disposition: 'false' })
  })

  it('comes back from a shelf by itself', async () => {
    let aheadMs = 0
    const clock = {
      ...systemClock,
      now: () => Date.now() + aheadMs,
      monotonic: () => performance.now() + aheadMs,
    }
    const app = await start(folder(), [], clock)
    const client = await ready(screen(app))
    const { id } = await raised(client, await camera(app))
    await client.call('alerts.shelve', { id, until: Date.now() + 60_000, reason: 'a moment' })
    await row(client, 'alerts', (one) => one.id === id && one.state === 'shelved')
    aheadMs = 60_000
    await row(client, 'alerts', (one) => one.id === id && one.state === 'unacknowledged-active')
    const { transitions } = await client.call('alerts.get', { id })
    expect(transitions.at(-1)).toMatchObject({ kind: 'unshelve', by: 'watchfloor' })
  })

  it('of a device out of service is recorded as such', async () => {
    const app = await start()
    const client = await ready(screen(app))
    const cam = await camera(app)
    await row(client, 'devices', (device) => device.device === 'cam-1')
    await client.call('devices.service', { id: 'blue-light/cam-1', outOfService: true, reason: 'repair' })
    const messageId = await cam.alertReceived()
    const page = await client.call('alerts.page', { filter: {}, after: null, limit: 10 })
    expect(page.rows[0]).toMatchObject({ sourceId: messageId, state: 'out-of-service' })
  })

  it('needs a note where the site says so', async () => {
    const app = await start(undefined, ['--note-priority', 'high'])
    const client = await ready(screen(app))
    const { id } = await raised(client, await camera(app))
    await expect(client.call('alerts.acknowledge', { id })).rejects.toMatchObject({ code: 'bad-input' })
    await client.call('alerts.acknowledge', { id, note: 'seen' })
  })
})

describe('a screen', () => {
  it('of a viewer looks and does not act', async () => {
    const app = await start()
    const viewer = await ready(screen(app, 'viewer', 'wall'))
    const { id } = await raised(viewer, await camera(app))
    for (const attempt of [
      viewer.call('alerts.acknowledge', { id }),
      viewer.call('alerts.silence', { id }),
      viewer.call('settings.set', { key: 'siteName', value: 'x' }),
      viewer.call('links.remove', { id: hub }),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'not-allowed' })
    expect((await viewer.call('alerts.get', { id })).alert.state).toBe('unacknowledged-active')
  })

  it('changes a setting at once, and is told when the command line fixed it', async () => {
    const app = await start()
    const admin = await ready(screen(app, 'admin'))
    await admin.call('settings.set', { key: 'siteName', value: 'Ward 7' })
    expect((await admin.call('site', {})).siteName).toBe('Ward 7')
    await expect(admin.call('settings.set', { key: 'retentionDays', value: -1 })).rejects.toMatchObject({
      code: 'bad-input',
    })
    await expect(admin.call('settings.set', { key: 'hubPort', value: 1 })).rejects.toMatchObject({
      code: 'wrong-state',
    })
  })

  it('sends settings to a device and asks it for a sign of life', async () => {
    const app = await start()
    const client = await ready(screen(app))
    const cam = await camera(app)
    await row(client, 'devices', (device) => device.device === 'cam-1')
    const { roundTripMs } = await client.call('devices.probe', { id: 'blue-light/cam-1' })
    expect(roundTripMs).toBeGreaterThanOrEqual(0)
    const settings = { blueSensitivity: 0.4, pushAlertsEnabled: false }
    await client.call('devices.settings', { link: hub, devices: [DeviceId.parse('cam-1')], settings })
    await row(
      client,
      'orders',
      (order) => order.type === 'change-device-settings' && order.state === 'delivered',
    )
    expect(cam.received.find(({ type }) => type === 'settings')?.payload).toMatchObject({
      blueSensitivity: 0.4,
    })
    cam.cut()
    await row(client, 'links', (link) => link.peers === 0)
    await expect(client.call('devices.probe', { id: 'blue-light/cam-1' })).rejects.toMatchObject({
      code: 'link-down',
    })
  })
})

describe('links', () => {
  it('of two control centers: the second gets the first one’s alerts as a monitor', async () => {
    const first = await start()
    const second = await start()
    const admin = await ready(screen(second, 'admin'))
    const profile = {
      id: LinkId.parse('north'),
      driver: 'blue-light-client' as const,
      name: 'North building',
      enabled: true,
      url: await hubAddress(first),
      group: '',
      deviceId: 'watchfloor-south',
      ladder: 'lan' as const,
    }
    const test = await admin.call('links.test', { profile })
    expect(test).toMatchObject({ ok: true })

    await admin.call('links.save', { profile })
    await row(await ready(screen(first)), 'devices', (device) => device.device === 'watchfloor-south')

    const messageId = await (await camera(first, 'cam-north')).alertReceived()
    const relayed = await row(admin, 'alerts', (one) => one.source === 'north')
    expect(relayed).toMatchObject({ sourceId: messageId, device: 'cam-north' })
    await admin.call('links.remove', { id: profile.id })
    await expect(admin.call('links.remove', { id: hub })).rejects.toMatchObject({ code: 'wrong-state' })
  })
})
