/** A disk that stops answering: the app can still be ended, in seconds, and what it acknowledged is there afterwards. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { canHang, hangCalls, killed } from '../fakes/hung-calls.ts'
import { Ledger } from '../fakes/ledger.ts'
import { Site } from './site.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const orSay = canHang ? '' : ' [NOT RUN: making system calls hang needs strace, and to be let attach]'

test.skipIf(!canHang)(`a disk that hangs while alerts come in does not hold up the end${orSay}`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-hung-'))
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const ledger = new Ledger()
  const first = await Site.start({ dataDir }, ledger)
  undo.push(() => first.app.kill())
  const camera = await first.camera('hung')
  for (let n = 0; n < 5; n += 1) await camera.alertReceived()
  const disk = await hangCalls(first.pid, ['fsync', 'fdatasync'])
  undo.push(() => disk.release())
  for (let n = 0; n < 5; n += 1) camera.alert()
  // The screen and its like go on meanwhile; the history is served by another thread than the one that hangs.
  expect((await first.app.get('/api/alerts?limit=5')).status).toBe(200)
  first.app.process.kill('SIGTERM')
  await killed(first.pid)
  await disk.release()
  expect(await first.app.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(first.app.log()).toMatch(/"inside":"store writer","event":"ended-by-force"/)
  await camera.closed()
  const second = await Site.start({ dataDir }, ledger)
  undo.push(() => second.app.kill())
  await camera.connect(second.hub)
  await camera.settled()
  await second.judge()
  expect(await second.app.stop()).toBe(0)
})

test.skipIf(process.platform !== 'linux')('Node’s pool has room for drivers that hang', async () => {
  const site = await Site.start()
  undo.push(() => site.app.kill())
  const names = readdirSync(`/proc/${site.pid}/task`).map((task) =>
    readFileSync(`/proc/${site.pid}/task/${task}/comm`, 'utf8').trim(),
  )
  expect(names.filter((name) => name === 'libuv-worker')).toHaveLength(12)
})
