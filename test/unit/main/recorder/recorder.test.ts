/** The recorder in the whole app: real SQLite, real files, the contract over a pipe; a camera whose frames the test pushes. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Alert, AlertId } from '../../../../src/contract/alerts.ts'
import type { Api } from '../../../../src/contract/api.ts'
import type { Role } from '../../../../src/contract/kinds.ts'
import { planFor } from '../../../../src/contract/plans.ts'
import { type App, startApp } from '../../../../src/main/app.ts'
import { readConfig } from '../../../../src/main/config.ts'
import type { Client } from '../../../../src/rpc/client.ts'
import { cameraRow, newEvent, rule } from '../detections.ts'
import { row, screen } from '../screen.ts'
import { checked, discard, door, jpegFrame, scratch, videoFrame, yard } from './frames.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const dir = scratch()
  undo.push(() => discard(dir))
  return dir
}

async function start(dataDir = folder()): Promise<{ app: App; client: Client<Api> }> {
  const app = await startApp(readConfig(['--hub-port', '0'], {}), {
    dataDir,
    version: '0.0.0',
    shell: 'node',
    logSink: { write() {} },
  })
  undo.push(() => app.close())
  return { app, client: await look(app) }
}

async function look(app: App, role: Role = 'admin'): Promise<Client<Api>> {
  const client = await screen((wire, session) => app.serve(wire, session), role)
  undo.push(() => client.close())
  return client
}

/** Cameras there are, the first of them recorded; rules that make an alert of every event. */
async function site(app: App, client: Client<Api>): Promise<void> {
  const can = ['stream' as const]
  for (const one of [cameraRow('door', { can }), cameraRow('yard', { can })]) {
    await app.store.keep('camera', one)
    app.live.cameras.set(one)
  }
  await client.call('plans.save', { plan: { ...planFor(door), record: true } })
  await client.call('rules.save', { rule: rule({}, { holdOffS: 0 }) })
}

function push(app: App, camera: typeof door, n: number, at: number, isVideo = false): void {
  const frame = isVideo ? videoFrame(n, at, n % 10 === 0) : jpegFrame(n, at)
  const { bytes, video, receivedAt, widthPx, heightPx } = frame
  const told = { type: 'frame-arrived' as const, camera, bytes, widthPx, heightPx, receivedAt }
  app.live.frames.push(video === null ? told : { ...told, video })
}

async function alertOf(app: App, client: Client<Api>, n: number, camera: typeof door | null): Promise<Alert> {
  await app.store.addEvent(newEvent(n, { at: Date.now(), camera }))
  return row(client, 'alerts', ({ sourceId }) => sourceId === `rule:night:${n}`)
}

/** Every frame of the feed, by its number. */
function played(client: Client<Api>, camera: typeof door, fromAt: number, toAt: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const numbers: number[] = []
    const stop = client.feed(
      'recordings.play',
      { camera, fromAt, toAt },
      (header, bytes) => {
        if (!header.isLast) {
          numbers.push(checked({ bytes }))
          return
        }
        queueMicrotask(() => stop())
        resolve(numbers)
      },
      reject,
      { ahead: 4 },
    )
  })
}

/** What waits in memory reaches the disk within a quarter of a second: asked until it is as it must be. */
async function eventually<T>(ask: () => Promise<T>, fits: (found: T) => boolean): Promise<T> {
  return expect
    .poll(async () => fits(await ask()), { timeout: 10_000, interval: 50 })
    .toBe(true)
    .then(ask)
}

function ofAlert(client: Client<Api>, id: AlertId) {
  return client.call('recordings.ofAlert', { id })
}

const count = (frames: number, from = 0) => Array.from({ length: frames }, (_, n) => from + n)

describe('a recorded camera', () => {
  it('has what came before an alert, every frame of it, and after a restart too', async () => {
    const dataDir = folder()
    let { app, client } = await start(dataDir)
    await site(app, client)
    const begin = Date.now() - 2000
    for (let n = 0; n < 50; n++) push(app, door, n, begin + n * 40)
    for (let n = 50; n < 100; n++) push(app, door, n, begin + n * 40, true)
    const alert = await alertOf(app, client, 1, door)
    const found = await eventually(
      () => ofAlert(client, alert.id),
      ({ spans }) => spans.reduce((sum, { frames }) => sum + frames, 0) === 100,
    )
    expect(found).toMatchObject({ camera: door, cameraName: 'Camera door', none: null, at: alert.raisedAt })
    expect(found.spans.map(({ codec, alerts }) => [codec, alerts])).toEqual([
      ['jpeg', [alert.id]],
      ['avc1.42E01F', [alert.id]],
    ])
    expect(await played(client, door, found.fromAt, found.toAt)).toEqual(count(100))
    expect(await row(client, 'recordings', ({ keptBytes }) => keptBytes > 0)).toMatchObject({ id: door })

    await app.close()
    ;({ app, client } = await start(dataDir))
    const again = await ofAlert(client, alert.id)
    expect(again).toMatchObject({ none: null, camera: door })
    expect(await played(client, door, again.fromAt, again.toAt)).toEqual(count(100))
    expect(await row(client, 'recordings.store')).toMatchObject({ alerts: 1, trouble: '', budgetBytes: 20e9 })
  })

  it('is found through the event when the alert came by the link of a face server', async () => {
    const { app, client } = await start()
    await site(app, client)
    for (let n = 0; n < 10; n++) push(app, door, n, Date.now())
    const link = cameraRow('x', { link: 'faces' as never }).link
    await app.store.addEvent(newEvent(7, { at: Date.now(), camera: door, link }))
    const alert = await row(client, 'alerts', ({ sourceId }) => sourceId === 'rule:night:1')
    expect(alert.source).toBe('faces')
    const found = await eventually(
      () => ofAlert(client, alert.id),
      ({ none }) => none === null,
    )
    expect(found.camera).toBe(door)
  })

  it('loses a recording only to an admin, who is named in the timeline', async () => {
    const { app, client } = await start()
    await site(app, client)
    for (let n = 0; n < 10; n++) push(app, door, n, Date.now())
    const alert = await alertOf(app, client, 1, door)
    await eventually(
      () => ofAlert(client, alert.id),
      ({ spans }) => spans.length > 0,
    )
    const operator = await look(app, 'operator')
    const id = alert.id
    await expect(operator.call('recordings.remove', { id })).rejects.toMatchObject({ code: 'not-allowed' })
    await client.call('recordings.remove', { id })
    expect(await ofAlert(client, id)).toMatchObject({ none: 'removed', removedBy: 'Linh', spans: [] })
    expect(await played(client, door, 0 + alert.raisedAt - 30_000, alert.raisedAt + 30_000)).toEqual([])
    await expect(client.call('recordings.remove', { id })).rejects.toMatchObject({ code: 'not-found' })
    const { entries } = await client.call('timeline.recent', { limit: 20 })
    expect(entries.find(({ text }) => text.includes('removed by'))).toMatchObject({
      type: 'camera-changed',
      by: 'Linh',
    })
  })
})

describe('without a recording', () => {
  it('it is said why', async () => {
    const { app, client } = await start()
    await site(app, client)
    const none = await alertOf(app, client, 1, null)
    expect(await ofAlert(client, none.id)).toMatchObject({ none: 'no-camera', camera: null })
    const unplanned = await alertOf(app, client, 2, yard)
    expect(await ofAlert(client, unplanned.id)).toMatchObject({ none: 'not-recorded', camera: yard })
    const dark = await alertOf(app, client, 3, door)
    expect(await ofAlert(client, dark.id)).toMatchObject({ none: 'nothing-came', camera: door })
    expect(await row(client, 'recordings', ({ id }) => id === door)).toMatchObject({ state: 'waiting' })
  })

  it('a span that makes no sense is refused in words', async () => {
    const { client } = await start()
    const wish = { camera: door, fromAt: 0, toAt: 3_600_000 }
    await expect(client.call('recordings.spans', wish)).rejects.toMatchObject({ code: 'bad-input' })
    await expect(played(client, door, 5, 4)).rejects.toMatchObject({ code: 'bad-input' })
    expect(await client.call('recordings.spans', { ...wish, toAt: 1000 })).toEqual({ spans: [] })
  })
})

it('a disk that takes nothing raises an alarm in words, and the history is as it was', async () => {
  const dataDir = folder()
  const { app, client } = await start(dataDir)
  await site(app, client)
  await client.call('settings.set', { key: 'recordGb', value: 0.1 })
  const big = Buffer.alloc(3_900_000)
  const at = Date.now()
  await alertOf(app, client, 1, door)
  let isRaised = false
  const alarm = row(client, 'alerts', ({ kind }) => kind === 'storage').finally(() => {
    isRaised = true
  })
  // As many as it takes: what a slow disk leaves out does not fill it.
  for (let n = 0; !isRaised; n++) {
    const frame = { camera: door, bytes: big, widthPx: 640, heightPx: 480, receivedAt: at + n * 100 }
    app.live.frames.push({ type: 'frame-arrived', ...frame })
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect((await alarm).text).toMatch(/Cameras are not recorded: all 0.1 GB are kept by alerts/)
  expect(await row(client, 'recordings.store', ({ trouble }) => trouble !== '')).toMatchObject({ id: 'all' })
  expect((await client.call('alerts.page', { filter: {}, after: null, limit: 10 })).rows).toHaveLength(2)
  // Begun anew, with nothing recorded: the alarm of the run before must not stand for ever.
  await client.close()
  await app.close()
  const again = await start(dataDir)
  await row(again.client, 'alerts', ({ kind, clearedAt }) => kind === 'storage' && clearedAt !== null)
})
