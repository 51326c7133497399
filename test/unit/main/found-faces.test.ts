/** Results on their way to a screen that paints them: none is lost because another came right behind it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { FacesNow } from '../../../src/contract/faces.ts'
import { LinkId } from '../../../src/contract/links.ts'
import { followFaces, mostFound } from '../../../src/main/api/found-faces.ts'
import { startApp } from '../../../src/main/app.ts'
import { readConfig } from '../../../src/main/config.ts'
import { LiveTable } from '../../../src/main/live/live-table.ts'
import { cameraId } from './detections.ts'
import { screen } from './screen.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function result(frame: number, camera = cameraId()): FacesNow {
  const link = LinkId.parse('owt')
  return { id: camera, at: frame, receivedAt: frame, budgetMs: 1000, frame, link, faces: [] }
}

test('results of one moment all reach the screen, in their order and of its camera only', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-found-'))
  undo.push(() => rmSync(dir, { recursive: true, force: true }))
  const host = { dataDir: dir, version: '0.0.0', shell: 'node', logSink: { write() {} } } as const
  const app = await startApp(readConfig(['--hub-port', '0'], {}), host)
  undo.push(() => app.close())
  const client = await screen((wire, session) => app.serve(wire, session), 'viewer')
  undo.push(() => client.close())
  app.live.facesNow.set(result(1))
  const frames: (number | null)[] = []
  await new Promise<void>((resolve) => {
    client.feed(
      'faces.found',
      { id: cameraId() },
      ({ results }) => {
        frames.push(...results.map(({ frame }) => frame))
        // The first says that the feed is open: what was known before it.
        if (frames.length === 1) {
          for (const frame of [2, 3]) app.live.facesNow.set(result(frame))
          app.live.facesNow.set(result(9, cameraId('gate')), result(4))
        }
        if (frames.at(-1) === 4) resolve()
      },
      undefined,
      { ahead: 4 },
    )
  })
  expect(frames).toEqual([1, 2, 3, 4])
})

test('a screen that stalls gets the newest few, and a closed feed is told nothing', () => {
  const table = new LiveTable<FacesNow>()
  let woken = 0
  const feed = followFaces(table, cameraId(), () => woken++)
  expect(feed.take()).toBeNull()
  for (let frame = 1; frame <= 100; frame++) table.set(result(frame))
  const last = Array.from({ length: mostFound }, (_, n) => 100 - mostFound + 1 + n)
  expect(feed.take()?.header.results.map(({ frame }) => frame)).toEqual(last)
  expect(feed.take()).toBeNull()
  table.delete(cameraId())
  expect(feed.take()).toBeNull()
  feed.close()
  table.set(result(101))
  expect(woken).toBe(100)
  expect(feed.take()).toBeNull()
})
