/** A full disk, a folder that cannot be written, a dead thread: said aloud, survived, and never answered as "kept". */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { StoreHealth } from '../../../src/contract/site.ts'
import { type Clock, systemClock } from '../../../src/main/io/clock.ts'
import { silentLog } from '../../../src/main/log.ts'
import { mergedChange } from '../../../src/main/store/missed-change.ts'
import { openThreadedStore } from '../../../src/main/store/open-store.ts'
import { until } from '../../fakes/until.ts'
import { alert, id, order, scratchDir, scratchStore, start } from './scratch.ts'
import { event } from './scratch-events.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountWorks()
const orSay = canMount ? '' : ' [NOT RUN: mounting a small disk needs root on Linux]'

function mountWorks(): boolean {
  const dir = '/tmp/watchfloor-mount-probe'
  try {
    mkdirSync(dir, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir], { stdio: 'ignore' })
    execFileSync('umount', [dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The writer looks every five seconds whether the disk is well again; here after a tenth of one. */
const eager: Clock = { ...systemClock, every: (periodMs, run) => systemClock.every(periodMs / 50, run) }

function smallDisk(size: string): string {
  const dir = scratchDir()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir])
  onTestFinished(() => void execFileSync('umount', ['-l', dir]))
  return dir
}

it.skipIf(!canMount)(`goes on with a full disk, and recovers when there is room again${orSay}`, async () => {
  const dir = smallDisk('1m')
  const store = await scratchStore(dir, { clock: eager })
  const troubles: StoreHealth[] = []
  store.onTrouble((health) => troubles.push(health))
  await store.raise(alert('first'))
  expect(existsSync(join(dir, 'ballast'))).toBe(true)
  const kept = new Set<string>()
  let refused = 0
  for (let n = 0; n < 3000 && refused < 5; n += 1) {
    try {
      const { alert: stored } = await store.raise(alert(n, { raw: 'x'.repeat(500) }))
      kept.add(stored.id)
    } catch (error) {
      expect(error).toMatchObject({ name: 'Fault', code: 'storage' })
      refused += 1
    }
  }
  expect(refused).toBe(5)
  expect(kept.size).toBeGreaterThan(100)
  expect(troubles.at(-1)).toMatchObject({ mode: 'full-disk', trouble: expect.stringContaining('full') })
  // Unseen alerts are never thrown away to make room, and all of them can still be read.
  const page = await store.page({}, null, 500)
  expect(page.total).toBe(kept.size + 1)
  for (const one of kept) expect((await store.get(alert(one.slice(6)).id)).alert.id).toBe(one)
  execFileSync('mount', ['-o', 'remount,size=8m', dir])
  await until(async () => expect((await store.health()).mode).toBe('normal'))
  expect(existsSync(join(dir, 'ballast'))).toBe(true)
  expect((await store.raise(alert('after'))).duplicate).toBe(false)
})

it.skipIf(!canMount)(`makes room from what is over and done with${orSay}`, async () => {
  const dir = smallDisk('1m')
  const store = await scratchStore(dir)
  await store.raise(alert('unseen', { raisedAt: start - 1 }))
  for (let n = 0; n < 1500; n += 1) {
    await store.raise(alert(n, { raw: 'x'.repeat(500) }))
    await store.act({ kind: 'acknowledge', alert: id(n), by: 'Lan', at: start, note: null }, [])
    await store.act(
      { kind: 'close', alert: id(n), by: 'Lan', at: start, disposition: 'test', note: null },
      [],
    )
  }
  const { total } = await store.page({}, null, 1)
  expect(total).toBeLessThan(1500)
  expect((await store.get(id('unseen'))).alert.state).toBe('unacknowledged-active')
  expect((await store.get(id(1499))).alert.disposition).toBe('test')
})

it.skipIf(!canMount)(
  `opens on a read-only disk, shows what is there and refuses to promise${orSay}`,
  async () => {
    const dir = smallDisk('16m')
    const before = await scratchStore(dir)
    await before.raise(alert(1))
    await before.close()
    execFileSync('mount', ['-o', 'remount,ro', dir])
    const store = await scratchStore(dir, { clock: eager })
    expect(await store.health()).toMatchObject({
      mode: 'read-only',
      trouble: expect.stringContaining('cannot be written'),
    })
    await expect(store.raise(alert(2))).rejects.toMatchObject({ code: 'storage' })
    expect((await store.page({}, null, 5)).rows.map(({ id }) => id)).toEqual([id(1)])
    execFileSync('mount', ['-o', 'remount,rw', dir])
    await until(() => store.raise(alert(3)))
    expect((await store.page({}, null, 5)).rows.map(({ id }) => id)).toEqual([id(3), id(1)])
  },
)

it('opens in a place that is no folder, and says so', async () => {
  const dir = join(scratchDir(), 'taken')
  writeFileSync(dir, 'a file')
  const store = await scratchStore(dir, { clock: eager })
  expect(await store.health()).toMatchObject({ mode: 'read-only', trouble: expect.stringContaining(dir) })
  await expect(store.raise(alert(1))).rejects.toMatchObject({ code: 'storage' })
  await expect(store.page({}, null, 1)).rejects.toMatchObject({ code: 'storage' })
  rmSync(dir)
  await until(() => store.raise(alert(2)))
  expect((await store.counts()).total).toBe(1)
})

it('starts a dead writer again, keeps what was under way, and tells what it had not told', async () => {
  const store = await openThreadedStore({ dir: scratchDir(), log: silentLog, appVersion: '0' })
  onTestFinished(() => store.close())
  const modes: string[] = []
  const told: number[] = []
  store.onTrouble(({ mode }) => modes.push(mode))
  store.onChange(({ entries }) => told.push(...entries.map(({ seq }) => seq)))
  await store.raise(alert('before'))
  const raises = Array.from({ length: 2000 }, (_, n) => store.raise(alert(n)))
  const act = store.act({ kind: 'silence', alert: id('before'), by: 'Lan', at: start }, []).then(
    () => 'done',
    (error: unknown) => error,
  )
  await raises[100]
  store.threads.writer.tell({ fail: true })
  const results = await Promise.all(raises)
  expect(results.every(({ duplicate }) => !duplicate)).toBe(true)
  const acted = await act
  if (acted !== 'done') expect(acted).toMatchObject({ code: 'storage' })
  expect((await store.counts()).total).toBe(2001)
  expect(modes).toEqual(['down', 'normal'])
  const journal = await store.journal(0, 10_000)
  await until(() => expect(new Set(told)).toEqual(new Set(journal.map(({ seq }) => seq))))
  expect(told.length).toBe(new Set(told).size)
})

it('keeps and tells every event once when the writer dies among them', async () => {
  const store = await openThreadedStore({ dir: scratchDir(), log: silentLog, appVersion: '0' })
  onTestFinished(() => store.close())
  const told: number[] = []
  store.onChange(({ events }) => told.push(...events.map(({ event: { seq } }) => seq)))
  await store.addEvent(event('before'))
  const adds = Array.from({ length: 2000 }, (_, n) => store.addEvent(event(n)))
  await adds[100]
  store.threads.writer.tell({ fail: true })
  const seqs = (await Promise.all(adds)).map(({ event: { seq } }) => seq)
  expect(new Set(seqs).size).toBe(2000)
  expect(await store.seenPeople()).toMatchObject([{ person: 'Lan', sightings: 2001 }])
  await until(() => expect(new Set(told).size).toBe(2001))
  expect(told.length).toBe(2001)
})

it('reads the news of a gap from the file, piece by piece', async () => {
  const store = await openThreadedStore({ dir: scratchDir(), log: silentLog, appVersion: '0' })
  onTestFinished(() => store.close())
  await store.raise(alert(1))
  for (let n = 1; n <= 6; n += 1) await store.addEvent(event(n, { lastAt: start + (n === 3 ? 0 : 60_000) }))
  await store.pruneEvents(start + 1)
  const gap = { journalFrom: 0, eventsFrom: 1, eventHead: 5, timelineHead: 0 }
  const change = await mergedChange(store, gap, 2)
  expect(change.entries).toHaveLength(1)
  expect(change.events.map(({ event: { seq }, isNew }) => [seq, isNew])).toEqual([
    [2, true],
    [4, true],
    [5, true],
  ])
})

it.skipIf(!canMount)(`makes room from events before any alert goes${orSay}`, async () => {
  const dir = smallDisk('1300k')
  const store = await scratchStore(dir)
  await store.raise(alert('over'))
  await store.act({ kind: 'acknowledge', alert: id('over'), by: 'Lan', at: start, note: null }, [])
  await store.act(
    { kind: 'close', alert: id('over'), by: 'Lan', at: start, disposition: 'test', note: null },
    [],
  )
  for (let n = 0; n < 1500; n += 1) await store.addEvent(event(n, { raw: 'x'.repeat(500) }))
  const { rows } = await store.eventPage({}, null, 1500)
  expect(rows.length).toBeLessThan(1500)
  expect(rows[0]?.at).toBe(event(1499).at)
  expect((await store.get(id('over'))).alert.disposition).toBe('test')
})

it('starts a dead reader again and answers what it was asked', async () => {
  const store = await openThreadedStore({ dir: scratchDir(), log: silentLog, appVersion: '0' })
  onTestFinished(() => store.close())
  await store.raise(alert(1))
  await store.page({}, null, 10)
  store.threads.reader.tell({ fail: true })
  const asked = Array.from({ length: 200 }, () => store.page({}, null, 10))
  expect((await Promise.all(asked)).every(({ rows }) => rows.length === 1)).toBe(true)
})

it('refuses everything after it was closed, and closing twice is nothing new', async () => {
  const store = await scratchStore()
  const last = store.enqueue([order(1)])
  await store.close()
  await last
  await expect(store.raise(alert(1))).rejects.toMatchObject({ code: 'storage' })
  await store.close()
})
