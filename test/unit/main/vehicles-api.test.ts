/** Vehicles as a screen asks for them: the real app with its handlers, store and drivers; what links say is put into its live tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../src/contract/api.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import type { BusFrame } from '../../../src/contract/modules.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import type { Client } from '../../../src/rpc/client.ts'
import {
  bus,
  busProfile,
  clientProfile,
  moduleRow,
  oht,
  reading,
  report,
  vehicleLinkRow,
  wifi,
} from '../vehicles/stand.ts'
import { row, screen } from './screen.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-vehicles-'))
  undo.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function start(dataDir = folder()): Promise<App> {
  const app = await startApp(readConfig(['--hub-port', '0'], {}), {
    dataDir,
    version: '0.0.0',
    shell: 'node',
    logSink: { write() {} },
  })
  undo.push(() => app.close())
  return app
}

async function look(app: App, role: Role = 'admin'): Promise<Client<Api>> {
  const client = await screen(app.serve, role)
  undo.push(() => client.close())
  return client
}

/** A vehicle on a bus whose link is not running: what is sent to it does not arrive. */
async function withVehicle(dataDir?: string): Promise<App> {
  const app = await start(dataDir)
  app.live.links.set(vehicleLinkRow(busProfile()))
  app.live.vehicles.set(report(bus, { state: reading('MOVE', Date.now()) }))
  app.live.modules.set(moduleRow(2), moduleRow(4))
  return app
}

describe('STOP REQUEST', () => {
  it('is a row that goes on until the vehicle reports ESTOP, with its alert and its entries', async () => {
    const app = await withVehicle()
    const client = await look(app, 'operator')
    const { ids } = await client.call('vehicles.stop', { vehicle: null })
    const asked = await row(client, 'stops', ({ id }) => id === ids[0])
    expect(asked).toMatchObject({ vehicle: oht, by: 'Linh', isTrying: true, acceptedAt: null })
    await row(client, 'stops', ({ state, attempts }) => state === 'not-confirmed' && attempts >= 2)
    const alert = await row(client, 'alerts', ({ sourceId }) => sourceId === `stop:${ids[0]}`)
    expect(alert).toMatchObject({ kind: 'vehicle', priority: 'critical', device: oht })
    expect(alert.text).toContain('STOP REQUEST not confirmed')
    app.live.vehicles.set(report(bus, { state: reading('ESTOP', Date.now()) }))
    await row(client, 'stops', ({ state, isTrying }) => state === 'confirmed' && !isTrying)
    await row(client, 'alerts', (one) => one.id === alert.id && one.state === 'unacknowledged-cleared')
  })

  it('is released by whoever may, and refused where there is no vehicle', async () => {
    const app = await withVehicle()
    const client = await look(app, 'operator')
    const {
      ids: [id = ''],
    } = await client.call('vehicles.stop', { vehicle: oht })
    await client.call('vehicles.stop.release', { id })
    await row(client, 'stops', ({ state }) => state === 'released')
    await expect((await look(app, 'viewer')).call('vehicles.stop', { vehicle: oht })).rejects.toMatchObject({
      code: 'not-allowed',
    })
    const empty = await look(await start(), 'operator')
    await expect(empty.call('vehicles.stop', { vehicle: null })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('commands', () => {
  it('say what is missing, and that a link is not there', async () => {
    const app = await withVehicle()
    const client = await look(app, 'operator')
    const move = () => client.call('vehicles.command', { link: bus, command: { do: 'move' } })
    app.live.vehicles.set(report(bus, { state: reading('FAULT', Date.now()) }))
    await expect(move()).rejects.toMatchObject({
      code: 'wrong-state',
      message: 'Not sent: the vehicle is in FAULT.',
    })
    app.live.vehicles.set(report(bus, { state: reading('IDLE', Date.now(), 60_000) }))
    await expect(move()).rejects.toMatchObject({ code: 'link-down' })
    await expect(client.call('lidars.scanning', { link: bus, on: true })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('rules', () => {
  it('are all there at first, and as they were changed after a restart', async () => {
    const dataDir = folder()
    const app = await start(dataDir)
    const client = await look(app)
    const rule = await row(client, 'vehicleRules', ({ id }) => id === 'battery-low')
    await client.call('vehicleRules.save', { rule: { ...rule, threshold: 33 } })
    await expect(
      client.call('vehicleRules.save', { rule: { ...rule, threshold: null } }),
    ).rejects.toMatchObject({ code: 'bad-input' })
    client.close()
    await app.close()
    const again = await look(await start(dataDir))
    expect(await row(again, 'vehicleRules', ({ id }) => id === 'battery-low')).toMatchObject({
      threshold: 33,
    })
  })
})

describe('modules', () => {
  it('have register maps, which an admin chooses, and are forgotten', async () => {
    const app = await start()
    const client = await look(app)
    await client.call('links.save', { profile: { ...busProfile(), port: '/dev/no-such-port', maps: [] } })
    app.live.modules.set(moduleRow(2), moduleRow(4))
    const { maps, troubles } = await client.call('modules.maps', {})
    expect(troubles).toEqual([])
    const motor = maps.find(({ kind }) => kind === 'motor')?.id ?? ''
    await client.call('modules.map', { id: `${bus}/4`, map: motor })
    const chosen = () => {
      const profile = app.live.links.get(bus)?.profile
      return profile?.driver === 'modbus-bus' ? profile.maps : null
    }
    expect(chosen()).toEqual([{ unit: 4, map: motor }])
    await client.call('modules.map', { id: `${bus}/4`, map: null })
    expect(chosen()).toEqual([])
    await expect(client.call('modules.map', { id: `${bus}/4`, map: 'no-such-map' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(client.call('modules.map', { id: `${bus}/9`, map: null })).rejects.toMatchObject({
      code: 'not-found',
    })
    app.live.links.set(vehicleLinkRow(clientProfile()))
    app.live.modules.set(moduleRow(3, { id: `${wifi}/3`, link: wifi }))
    await expect(client.call('modules.map', { id: `${wifi}/3`, map: motor })).rejects.toMatchObject({
      code: 'wrong-state',
    })
    await client.call('modules.forget', { id: `${bus}/2` })
    expect(app.live.modules.get(`${bus}/2`)).toBeUndefined()
    expect(await client.call('modules.trend', { id: `${bus}/4`, register: 'speed', fromAt: 0 })).toEqual({
      at: [],
      value: [],
      least: [],
      most: [],
    })
  })
})

describe('a bus', () => {
  it('is recorded, played back and its recording removed', async () => {
    const app = await withVehicle()
    const client = await look(app)
    await client.call('bus.record', { link: bus, on: true })
    const { id } = await row(client, 'bus.recordings', ({ endedAt }) => endedAt === null)
    await expect(client.call('bus.recordings.remove', { id })).rejects.toMatchObject({ code: 'wrong-state' })
    await client.call('bus.record', { link: bus, on: false })
    await row(client, 'bus.recordings', ({ endedAt }) => endedAt !== null)
    const frames = await new Promise<BusFrame[]>((resolve, reject) => {
      const all: BusFrame[] = []
      const leave = client.feed(
        'bus.play',
        { id },
        (header) => {
          all.push(...header.frames)
          if (!header.ended) return
          queueMicrotask(() => leave())
          resolve(all)
        },
        reject,
      )
    })
    expect(frames).toEqual([])
    await client.call('bus.recordings.remove', { id })
    expect(await app.store.kept('bus-recording')).toEqual([])
  })
})
