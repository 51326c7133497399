/** What happens to the disk: kill −9, a full disk, a database from a newer version, a corrupt one. The promises made before must hold after. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { databaseFile } from '../crash/files.ts'
import { Ledger } from '../fakes/ledger.ts'
import { Site, troubleIn } from './site.ts'

/** Disks fill faster than a camera's budget allows. */
const unlimited = ['--alerts-per-minute', '1000000']

const undo: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-disk-'))
  undo.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function start(dataDir: string, ledger = new Ledger(), flags: readonly string[] = []): Promise<Site> {
  const site = await Site.start({ dataDir, flags }, ledger)
  undo.push(() => site.app.kill())
  return site
}

async function storeMode(site: Site): Promise<{ mode: string; trouble: string; quarantined: string | null }> {
  const report = (await (await site.app.get('/api/health')).json()) as {
    store: { mode: string; trouble: string; quarantined: string | null }
  }
  return report.store
}

/** A data folder that holds ten acknowledged alerts and no running app. */
async function filled(ledger: Ledger): Promise<string> {
  const dataDir = folder()
  const site = await start(dataDir, ledger)
  const camera = await site.camera('before')
  for (let n = 0; n < 10; n += 1) await camera.alertReceived()
  await camera.close()
  expect(await site.app.stop()).toBe(0)
  return dataDir
}

test('kill −9 in the flow: what was acknowledged is there after the restart, and once', async () => {
  const dataDir = folder()
  const ledger = new Ledger()
  const first = await start(dataDir, ledger)
  const camera = await first.camera('killed')
  for (let n = 0; n < 100; n += 1) camera.alert()
  await camera.ack(camera.alert(), 'received')
  await first.app.kill()
  await camera.closed()
  const second = await start(dataDir, ledger)
  await camera.connect(second.hub)
  await camera.settled()
  await second.judge()
})

describe('a disk that is full', () => {
  const root = process.getuid?.() === 0 && process.platform === 'linux'

  /** A real small disk where we may mount one; elsewhere there is nothing honest to test with. */
  test.runIf(root).each([['1m'], ['2m'], ['8m']])(
    'of %s: the app stays, says so, and no promise is broken',
    async (size) => {
      const disk = folder()
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk])
      undo.push(() => void execFileSync('umount', ['-l', disk]))
      const ledger = new Ledger()
      const site = await start(join(disk, 'watchfloor'), ledger, unlimited)
      const camera = await site.camera('full')
      const filler = join(disk, 'filler')
      // Somebody else fills the disk in the middle of the work; then more comes in than any reserve can hold.
      await camera.alertReceived()
      fillDisk(filler)
      for (let n = 0; n < 400; n += 1) camera.alert({ message: 'x'.repeat(8000) })
      await expect.poll(async () => (await storeMode(site)).mode, { timeout: 20_000 }).toBe('full-disk')
      expect((await storeMode(site)).trouble).not.toBe('')
      const { pid } = site
      for (let looks = 0; looks < 3; looks += 1)
        expect((await site.app.get('/api/health')).status).toBeLessThan(600)
      expect(site.app.isAlive(), site.app.output).toBe(true)
      // Room again: everything still unacknowledged is delivered, without a restart.
      rmSync(filler)
      camera.cut()
      await camera.closed()
      if (size === '8m') {
        await camera.connect(site.hub)
        camera.resend()
        await camera.settled()
        // What nobody was promised (a coverage span, a device's name) may be missed while nothing can be written.
        await site.judge(/"event":"fact-not-stored"/)
      }
      expect(site.app.pid).toBe(pid)
      // And on a bigger disk the file holds what was promised.
      await site.app.kill()
      const elsewhere = folder()
      cpSync(join(disk, 'watchfloor'), elsewhere, { recursive: true })
      const after = await start(elsewhere, ledger, unlimited)
      await camera.connect(after.hub)
      await camera.settled()
      await after.judge(/"event":"fact-not-stored"/)
    },
  )
})

function fillDisk(file: string): void {
  const fd = openSync(file, 'w')
  for (const piece of [65_536, 4096, 512, 1]) {
    try {
      for (;;) writeSync(fd, randomBytes(piece))
    } catch {
      // Full at this size of piece.
    }
  }
  closeSync(fd)
}

test('a database of a newer version is put aside untouched, and alerts are kept in a fresh one', async () => {
  const ledger = new Ledger()
  const dataDir = await filled(ledger)
  const name = databaseFile(dataDir)
  const db = new Database(join(dataDir, name))
  db.pragma('user_version = 9999')
  db.close()
  const before = countAlerts(join(dataDir, name))
  const fresh = await start(dataDir)
  const store = await storeMode(fresh)
  expect(store.mode).toBe('fresh-after-newer')
  expect(store.trouble).not.toBe('')
  const camera = await fresh.camera('after-newer')
  await camera.alertReceived()
  await fresh.judge()
  expect(store.quarantined).not.toBeNull()
  expect(countAlerts(asPath(dataDir, store.quarantined))).toBe(before)
})

test.each([
  ['its header overwritten', (file: string) => damage(file, 0, 100)],
  ['its middle overwritten', (file: string) => damage(file, 4096, statSync(file).size - 4096)],
  [
    'cut in half',
    (file: string) =>
      writeFileSync(file, readFileSync(file).subarray(0, Math.floor(statSync(file).size / 2))),
  ],
  ['nothing but noise', (file: string) => writeFileSync(file, randomBytes(50_000))],
])('a database with %s is put aside, not deleted, and alerts are kept', async (_name, spoil) => {
  const dataDir = await filled(new Ledger())
  const name = databaseFile(dataDir)
  const file = join(dataDir, name)
  rmSync(`${file}-wal`, { force: true })
  spoil(file)
  const spoilt = readFileSync(file)
  const fresh = await start(dataDir)
  const store = await storeMode(fresh)
  expect(store.mode).toBe('fresh-after-corruption')
  const camera = await fresh.camera('after-corrupt')
  await camera.alertReceived()
  await fresh.judge()
  expect(readFileSync(asPath(dataDir, store.quarantined)).equals(spoilt)).toBe(true)
})

test('an empty database file and a lost -wal are no reason to stop', async () => {
  const dataDir = await filled(new Ledger())
  const file = join(dataDir, databaseFile(dataDir))
  rmSync(`${file}-wal`, { force: true })
  writeFileSync(file, '')
  const site = await start(dataDir)
  const camera = await site.camera('after-empty')
  await camera.alertReceived()
  await site.judge()
})

test('unreadable access tokens are made anew; the history is untouched', async () => {
  const ledger = new Ledger()
  const dataDir = await filled(ledger)
  writeFileSync(join(dataDir, 'access.json'), '{"viewer":')
  const site = await start(dataDir, ledger)
  await site.judge()
  expect(troubleIn(site.app.log())).toEqual([])
})

function damage(file: string, from: number, length: number): void {
  const fd = openSync(file, 'r+')
  writeSync(fd, randomBytes(length), 0, length, from)
  closeSync(fd)
}

function countAlerts(file: string): number {
  const db = new Database(file, { readonly: true })
  const row = db.prepare('SELECT count(*) AS n FROM alerts').get() as { n: number }
  db.close()
  return row.n
}

/** Where the file was put, as the app says it: a path or a name in its folder. */
function asPath(dataDir: string, said: string | null): string {
  expect(said).not.toBeNull()
  const name = said ?? ''
  return readdirSync(dataDir).includes(name) ? join(dataDir, name) : name
}
