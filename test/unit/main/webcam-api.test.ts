/** A screen's webcam over the contract, from one screen to another: the real driver, frames and store; walls and their record too. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Api, api } from '../../../src/contract/api.ts'
import { CameraId, type Wall } from '../../../src/contract/cameras.ts'
import type { Fault } from '../../../src/contract/fault.ts'
import type { Role } from '../../../src/contract/kinds.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { cameraHandlers } from '../../../src/main/api/cameras.ts'
import type { ApiParts } from '../../../src/main/api/parts.ts'
import { webcamHandlers } from '../../../src/main/api/webcam.ts'
import { webcam } from '../../../src/main/drivers/cameras/index.ts'
import { createIngest } from '../../../src/main/ingest.ts'
import { systemClock } from '../../../src/main/io/clock.ts'
import type { RunningLink } from '../../../src/main/link.ts'
import { firstRow } from '../../../src/main/link-checks.ts'
import { createLive, type Live } from '../../../src/main/live/live.ts'
import { silentLog } from '../../../src/main/log.ts'
import { createSiteView } from '../../../src/main/site-view.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import type { Store } from '../../../src/main/store/store.ts'
import type { Client } from '../../../src/rpc/client.ts'
import { serve } from '../../../src/rpc/server.ts'
import { emptySite, slotWith } from '../../fakes/link-parts.ts'
import { jpeg } from '../drivers/cameras/stand.ts'
import { settings } from '../drivers/openeye/client/stand.ts'
import { row, screen } from './screen.ts'

vi.setConfig({ testTimeout: 30_000 })

const desk = LinkId.parse('desk')
const main = CameraId.parse('desk/main')
const profile = { id: desk, driver: 'webcam', name: 'Desk', enabled: true, location: '' } as const
const picture = jpeg(90, 64, 48)
const header = { capturedAt: 1_700_000_000_000, widthPx: 64, heightPx: 48 }

let dir: string
let store: Store
let live: Live
let running: RunningLink
let clients: Client<Api>[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'watchfloor-webcam-'))
  store = await openStore({ dir, log: silentLog, appVersion: '0.0.0' })
  live = createLive({ clock: systemClock, refillAlerts: async () => [], sourceOf: () => running?.cameras })
  live.links.set(firstRow(profile, 'listens', 'none', Date.now()))
  clients = []
  const ingest = createIngest({ store, live, clock: systemClock, log: silentLog, wake() {} })
  running = await webcam.open({
    profile,
    settings,
    clock: systemClock,
    log: silentLog,
    knownDevices: [],
    secret: slotWith(),
    site: emptySite,
    inspected: () => false,
    raise: ingest.raise,
    tell: ingest.tell,
  })
})

afterEach(async () => {
  for (const client of clients) client.close()
  await running.close()
  live.frames.close()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

async function look(role: Role = 'operator', user = 'Linh'): Promise<Client<Api>> {
  const site = createSiteView({ store, live, running: () => running })
  const links = { running: () => running }
  const parts = { store, live, clock: systemClock, links, site } as unknown as ApiParts
  const handlers = { ...cameraHandlers(parts), ...webcamHandlers(parts) } as Parameters<typeof serve<Api>>[1]
  const client = await screen(
    (wire, session) => serve(api, handlers, wire, session, { onBug: String }),
    role,
    user,
  )
  clients.push(client)
  return client
}

async function texts(type: string): Promise<string[]> {
  return (await store.timeline(0, 100)).filter((entry) => entry.type === type).map(({ text }) => text)
}

/** The machine may be busy with other tests. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })

/** Sends whenever there is room, and keeps the fault that ended it. */
function send(client: Client<Api>, link = desk) {
  const state: { sent: number; fault: Fault | null } = { sent: 0, fault: null }
  const upload = client.upload(
    'webcam.frames',
    { link },
    {
      onRoom: () => {
        while (upload.send(header, picture)) state.sent += 1
      },
      onFault: (fault) => {
        state.fault = fault
      },
    },
  )
  return { state, close: () => upload.close() }
}

describe('a screen’s webcam', () => {
  it('reaches another screen byte for byte, and nothing is asked for while nobody looks', async () => {
    const sender = send(await look())
    await eventually(() => texts('camera-changed')).toEqual(['Desk: a screen of Linh sends its webcam'])
    expect(sender.state.sent).toBe(0)
    const viewer = await look('viewer')
    await row(viewer, 'cameras', ({ isRunning }) => isRunning === true)
    const seen = await new Promise<Uint8Array>((resolve) => {
      viewer.feed('cameras.frames', { id: main }, (frame, bytes) => {
        if (frame.trouble === '') resolve(bytes)
      })
    })
    expect(picture.equals(Buffer.from(seen))).toBe(true)
    sender.close()
    await eventually(() => texts('camera-changed')).toHaveLength(2)
  })

  it('is taken over by the newest screen; the one before hears by whom', async () => {
    const first = send(await look('operator', 'An'))
    await eventually(() => texts('camera-changed')).toHaveLength(1)
    send(await look('operator', 'Binh'))
    await eventually(() => first.state.fault?.message).toContain('Another screen (Binh) sends Desk now')
  })

  it('is refused to viewers, for what is no webcam, and when the link is switched off', async () => {
    const viewer = send(await look('viewer'))
    await eventually(() => viewer.state.fault?.code).toBe('not-allowed')
    const none = send(await look(), LinkId.parse('none'))
    await eventually(() => none.state.fault?.code).toBe('not-found')
    const open = send(await look())
    await eventually(() => texts('camera-changed')).toHaveLength(1)
    await running.close()
    await eventually(() => open.state.fault?.code).toBe('link-down')
  })
})

describe('walls', () => {
  const wall: Wall = { id: 'w1', name: 'Night', columns: 2, tiles: [tile('a', 0), tile('b', 1)] }

  function tile(camera: string, column: number) {
    return { camera: CameraId.parse(`eye/${camera}`), column, row: 0, span: 1 }
  }

  it('are recorded as they are made, changed, renamed and deleted, with who did it', async () => {
    const client = await look('operator', 'An')
    await client.call('walls.save', { wall })
    await client.call('walls.save', { wall: { ...wall, name: 'Late', tiles: [tile('a', 0), tile('c', 1)] } })
    await client.call('walls.save', { wall: { ...wall, name: 'Late', tiles: [tile('c', 0), tile('a', 1)] } })
    await client.call('walls.remove', { id: 'w1' })
    await client.call('walls.remove', { id: 'w1' })
    expect(await texts('wall-changed')).toEqual([
      'Wall Night: made, 2 cameras',
      'Wall Late: renamed from Night, added eye/c, took off eye/b',
      'Wall Late: arranged anew',
      'Wall Late: deleted',
    ])
    const changes = (await store.timeline(0, 100)).filter(({ type }) => type === 'wall-changed')
    expect(new Set(changes.map(({ by }) => by))).toEqual(new Set(['An']))
  })
})
