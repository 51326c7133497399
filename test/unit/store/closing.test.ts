/** Closed in the midst of work, with a slow disk, with a thread that takes too long: no thread is cut off, nothing acknowledged is lost. */
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { type Clock, systemClock } from '../../../src/main/io/clock.ts'
import { type LogFields, silentLog } from '../../../src/main/log.ts'
import { openStore } from '../../../src/main/store/open-store.ts'
import { runningThreads } from '../../../src/main/store/start-thread.ts'
import { alert, scratchDir } from './scratch.ts'

/** Opens, writes, and says what came of each write; `during` is between the first acknowledgement and the end. */
async function life(dir: string, round: number, during: (close: () => Promise<void>) => Promise<void>) {
  const store = await openStore({ dir, log: silentLog, appVersion: '0' })
  await store.raise(alert(`${round}-first`))
  const kept: string[] = [alert(`${round}-first`).id]
  const refused: unknown[] = []
  const writes = Array.from({ length: 60 }, async (_, n) => {
    const { id } = alert(`${round}-${n}`)
    await store.raise(alert(`${round}-${n}`)).then(
      () => kept.push(id),
      (error: unknown) => refused.push(error),
    )
  })
  await during(() => store.close())
  await Promise.all(writes)
  return { kept, refused }
}

function stored(dir: string): { ids: Set<string>; integrity: unknown } {
  const db = new Sqlite(join(dir, 'watchfloor.db'))
  const ids = new Set(db.prepare<[], string>('SELECT id FROM alerts').pluck().all())
  const integrity = db.pragma('integrity_check', { simple: true })
  db.close()
  return { ids, integrity }
}

it('ends its threads by itself while writes are under way, and keeps every acknowledged one', async () => {
  const dir = scratchDir()
  const acknowledged: string[] = []
  for (let round = 0; round < 4; round += 1) {
    const { kept, refused } = await life(dir, round, (close) => close())
    acknowledged.push(...kept)
    for (const error of refused) expect(error).toMatchObject({ code: 'storage' })
  }
  expect(runningThreads()).toEqual([])
  const { ids, integrity } = stored(dir)
  expect(integrity).toBe('ok')
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(3)
})

it('closes while another program holds the file, says of each write what became of it, and cuts no thread off', async () => {
  const dir = scratchDir()
  const acknowledged: string[] = []
  let refusals = 0
  for (let round = 0; round < 3; round += 1) {
    const { kept, refused } = await life(dir, round, async (close) => {
      const other = new Sqlite(join(dir, 'watchfloor.db'))
      other.exec('BEGIN EXCLUSIVE')
      const closed = close()
      // Every other time the lock outlasts the store.
      if (round % 2 === 0) await closed
      other.exec('ROLLBACK')
      other.close()
      await closed
    })
    acknowledged.push(...kept)
    refusals += refused.length
    for (const error of refused) expect(error).toMatchObject({ code: 'storage' })
    expect(runningThreads()).toEqual([])
  }
  const { ids, integrity } = stored(dir)
  expect(integrity).toBe('ok')
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  expect(refusals).toBeGreaterThan(0)
})

it('is left to itself when it takes too long: the close is over, the thread goes on to its own end', async () => {
  const dir = scratchDir()
  const logged: [string, LogFields | undefined][] = []
  const log = {
    ...silentLog,
    error: (event: string, fields?: LogFields) => void logged.push([event, fields]),
  }
  let isClosing = false
  const clock: Clock = {
    ...systemClock,
    // The limits of a close are seconds; here they are over at once.
    after: (delayMs, run) => systemClock.after(isClosing && delayMs >= 1000 ? 0 : delayMs, run),
  }
  const store = await openStore({ dir, log, clock, appVersion: '0' })
  await store.raise(alert('first'))
  const writes = Array.from({ length: 3000 }, (_, n) => store.raise(alert(n)).then(() => 'kept', String))
  await Promise.race(writes)
  isClosing = true
  await store.close()
  const waiting = logged.find(([event]) => event === 'store-thread-left')?.[1]?.waiting
  const told = await Promise.all(writes)
  expect(waiting).toBe(told.filter((word) => word !== 'kept').length)
  await vi.waitFor(() => expect(runningThreads()).toEqual([]), { timeout: 30_000, interval: 20 })
  const { ids, integrity } = stored(dir)
  expect(integrity).toBe('ok')
  expect(told.flatMap((word, n) => (word === 'kept' && !ids.has(alert(n).id) ? [n] : []))).toEqual([])
})
