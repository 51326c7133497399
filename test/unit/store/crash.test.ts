/** Killed in the middle of its work, again and again: what was answered is there, nothing is there twice, the file is sound. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { scratchDir } from './scratch.ts'

const writeSome = join(import.meta.dirname, 'write-some.ts')
const cycles = 20
/** A prime step, so that the kill meets every phase of open, gather, commit and checkpoint. */
const answersBeforeKill = (cycle: number) => (cycle * 37) % 240

// Twenty processes are started, one after the other: 92 s with fifteen others at work on two cores.
it(`loses nothing it has answered for in ${cycles} kills`, { timeout: 300_000 }, async () => {
  const dir = scratchDir()
  const ledger = new Set<string>()
  let answered = 0
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const child = spawn(process.execPath, [writeSome, dir, 'endless', String(cycle * 1_000_000)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let left = answersBeforeKill(cycle)
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'open') {
        ledger.add(line)
        answered += 1
      }
      if (left === 0) child.kill('SIGKILL')
      left -= 1
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
  }
  expect(ledger.size).toBe(answered)
  const db = new Sqlite(join(dir, 'watchfloor.db'))
  const stored = new Set(db.prepare<[], string>('SELECT id FROM alerts').pluck().all())
  const events = db.prepare<[], string>("SELECT 'event ' || seq FROM events").pluck().all()
  const kept = new Set([...stored, ...events])
  expect(events.length).toBeGreaterThan(100)
  expect([...ledger].filter((id) => !kept.has(id))).toEqual([])
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  const one = (sql: string) => db.prepare<[], number>(sql).pluck().get()
  expect(
    one('SELECT count(*) FROM (SELECT 1 FROM alerts GROUP BY source, device, source_id HAVING count(*) > 1)'),
  ).toBe(0)
  // What is counted beside the rows went through the same transactions.
  expect(one('SELECT sum(count) FROM classes')).toBe(stored.size)
  expect(one('SELECT sum(count) FROM facets')).toBe(stored.size)
  expect(one('SELECT sum(count) FROM event_classes')).toBe(events.length)
  expect(one('SELECT sum(count) FROM event_people')).toBe(events.length)
  expect(one(`SELECT sum(count) FROM tallies WHERE span = 10000`)).toBe(stored.size)
  expect(one(`SELECT count(*) FROM search WHERE search MATCH 'blue'`)).toBe(stored.size)
  db.close()
})
