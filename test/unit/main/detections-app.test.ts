/** Events, rules, walls and figures in the whole app: real SQLite, the contract over a pipe in memory, a restart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Api } from '../../../src/contract/api.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import { type App, startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import type { Client } from '../../../src/rpc/client.ts'
import { cameraId, cameraRow, newEvent, rule } from './detections.ts'
import { row, screen } from './screen.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-detections-'))
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
  const client = await screen((wire, session) => app.serve(wire, session), role)
  undo.push(() => client.close())
  return client
}

const wall = {
  id: 'gates',
  name: 'Gates',
  columns: 2,
  tiles: [{ camera: cameraId(), column: 0, row: 0, span: 1 }],
}

/** An event of this moment: the app runs by the real clock. */
function eventNow(n: number, more: Parameters<typeof newEvent>[1] = {}) {
  return newEvent(n, { at: Date.now(), ...more })
}

describe('a rule', () => {
  it('that a screen saves turns the next event into an alert, and is tested on the events there are', async () => {
    const app = await start()
    const client = await look(app)
    await app.store.addEvent(eventNow(1))
    const strangers = rule({ kinds: ['face-unknown'] })
    const said = await client.call('rules.test', { rule: strangers, days: 1 })
    expect(said).toMatchObject({ looked: 1, matches: 1, alerts: 1, complete: true })
    expect(app.live.alerts.table.size).toBe(0)

    await client.call('rules.save', { rule: strangers })
    expect(await row(client, 'rules', ({ id }) => id === strangers.id)).toEqual(strangers)
    await app.store.addEvent(eventNow(2, { kind: 'motion' }))
    await app.store.addEvent(eventNow(3))
    const alert = await row(client, 'alerts', ({ kind }) => kind === 'detection')
    expect(alert).toMatchObject({ sourceId: 'rule:night:3', priority: 'high', late: false })
    await client.call('alerts.acknowledge', { id: alert.id })
    expect(app.live.orders.size).toBe(0)

    await client.call('rules.remove', { id: strangers.id })
    await expect(client.call('rules.remove', { id: strangers.id })).rejects.toMatchObject({
      code: 'not-found',
    })
    const { entries } = await client.call('timeline.recent', { limit: 50 })
    expect(entries.filter(({ type }) => type === 'rule-changed')).toMatchObject([
      { by: 'Linh', text: 'Night watch: added' },
      { by: 'Linh', text: 'Night watch: removed' },
    ])
  })

  it('is an admin’s to change, and an operator’s to test', async () => {
    const app = await start()
    const operator = await look(app, 'operator')
    await expect(operator.call('rules.save', { rule: rule() })).rejects.toMatchObject({ code: 'not-allowed' })
    expect(await operator.call('rules.test', { rule: rule(), days: 90 })).toMatchObject({
      looked: 0,
      perDay: 0,
    })
  })
})

describe('events', () => {
  it('are shown as they come, paged, and told apart by kind and person', async () => {
    const app = await start()
    const client = await look(app, 'viewer')
    const shown = row(client, 'events', ({ count }) => count === 2)
    const first = eventNow(1, { kind: 'face-recognized', person: 'Linh' })
    await app.store.addEvent(first)
    await app.store.addEvent(eventNow(2, { kind: 'motion' }))
    await app.store.addEvent({ ...first, count: 2 })
    expect(await shown).toMatchObject({ person: 'Linh' })
    const page = await client.call('events.page', { filter: { people: ['Linh'] }, after: null, limit: 10 })
    expect(page).toMatchObject({ rows: [{ id: '1', count: 2 }], next: null })
    const { kinds } = await client.call('events.kinds', {})
    expect(kinds.sort()).toEqual(['face-recognized', 'motion'])
    const { people } = await client.call('faces.seen', {})
    expect(people).toMatchObject([{ person: 'Linh', sightings: 1 }])
    expect(await row(client, 'statistics', ({ id }) => id === 'site')).toMatchObject({
      recognitionsToday: 1,
      unknownFacesToday: 0,
    })
  })
})

describe('a restart', () => {
  it('finds walls, rules, cameras, people and events again, and confirms none of them', async () => {
    const dataDir = folder()
    const app = await start(dataDir)
    const client = await look(app)
    await client.call('walls.save', { wall })
    await client.call('rules.save', { rule: rule() })
    await app.store.keep('camera', cameraRow())
    await app.store.keep('person', {
      id: 'front/Linh',
      link: cameraRow().link,
      name: 'Linh',
      photoCount: 2,
      heardAt: 1,
    })
    await app.store.addEvent(eventNow(1))
    await row(client, 'alerts', ({ kind }) => kind === 'detection')
    client.close()
    await app.close()

    const again = await look(await start(dataDir))
    expect(await row(again, 'walls')).toEqual(wall)
    expect(await row(again, 'rules')).toEqual(rule())
    expect(await row(again, 'cameras')).toEqual({ ...cameraRow(), heardAt: null })
    expect(await row(again, 'people')).toMatchObject({
      name: 'Linh',
      photoCount: 2,
      heardAt: null,
    })
    expect(await row(again, 'events')).toMatchObject({ kind: 'face-unknown' })
    expect(await row(again, 'statistics')).toMatchObject({
      totalPeople: 1,
      totalCameras: 1,
      activeCameras: 0,
      unknownFacesToday: 1,
    })
    await again.call('walls.remove', { id: wall.id })
    await again.call('cameras.forget', { id: cameraId() })
  })
})

it('a camera whose link is gone can be forgotten, for good', async () => {
  const dataDir = folder()
  const app = await start(dataDir)
  await app.store.keep('camera', cameraRow())
  app.live.cameras.set(cameraRow())
  const client = await look(app)
  await client.call('cameras.forget', { id: cameraId() })
  await expect(client.call('cameras.forget', { id: cameraId() })).rejects.toMatchObject({ code: 'not-found' })
  expect(await app.store.kept('camera')).toEqual([])
})
