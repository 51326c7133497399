/** The file itself: that FULL means a flush per commit, that old shapes are carried over, that bad files are put aside. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDatabaseFile } from '../../../src/main/store/database-file.ts'
import { migrations } from '../../../src/main/store/migrations.ts'
import { runtimeTrouble } from '../../../src/main/store/runtime.ts'
import { alert, hub, id, scratchDir, scratchStore, start } from './scratch.ts'
import { event, picture } from './scratch-events.ts'

const writeSome = join(import.meta.dirname, 'write-some.ts')

describe('durability', () => {
  it('reports what it runs with, read back after a write', async () => {
    const store = await scratchStore()
    await store.raise(alert(1))
    const health = await store.health()
    expect(health).toMatchObject({
      mode: 'normal',
      journalMode: 'wal',
      synchronous: 2,
      trouble: '',
      alerts: 1,
    })
    expect(health).toMatchObject({ schemaVersion: migrations.length, quarantined: null })
    expect(health.sizeBytes).toBeGreaterThan(0)
    expect(health.diskFreeBytes).toBeGreaterThan(0)
  })

  it('flushes at least once for every commit, and would be caught if it did not', () => {
    const has = spawnSync('strace', ['-V']).status === 0
    if (!has)
      throw new Error('strace is not installed: apt-get install strace. Without it no flush can be counted.')
    expect(flushes('commits')).toBeGreaterThanOrEqual(50)
    expect(flushes('normal-commits')).toBeLessThan(40)
  })

  function flushes(mode: string): number {
    const dir = scratchDir()
    const counts = join(dir, 'counts')
    const args = ['-f', '-c', '-o', counts, '-e', 'trace=fsync,fdatasync']
    execFileSync('strace', [...args, process.execPath, writeSome, join(dir, 'data'), mode])
    const rows = readFileSync(counts, 'utf8').matchAll(
      /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+).*(?:fsync|fdatasync)$/gm,
    )
    return [...rows].reduce((sum, [, calls]) => sum + Number(calls), 0)
  }

  it('names the Node it needs', () => {
    expect(runtimeTrouble('20.19.0')).toContain('Node 22.12')
    expect(runtimeTrouble('22.11.9')).not.toBeNull()
    expect(runtimeTrouble('22.12.0')).toBeNull()
    expect(runtimeTrouble('24.0.0')).toBeNull()
  })

  it('leaves one whole file behind when it is closed', async () => {
    const dir = scratchDir()
    const store = await scratchStore(dir)
    await store.raise(alert(1))
    await store.close()
    expect(readdirSync(dir).sort()).toEqual(['ballast', 'watchfloor.db'])
  })
})

describe('migrations', () => {
  it('carries a version 1 database over with all it holds, after a backup', async () => {
    const dir = scratchDir()
    const { db } = openDatabaseFile({ dir, now: start, steps: migrations.slice(0, 1) })
    db.exec(`
      INSERT INTO classes (id, source, kind, priority, state, count, newest)
        VALUES (1, 'hub', 'blue-light', 'high', 'unacknowledged-active', 3, ${(start + 2000) * 2048});
      INSERT INTO facets (id, class, device, count, newest) VALUES (1, 1, 'cam-1', 3, ${(start + 2000) * 2048});
      INSERT INTO links VALUES ('hub', '{"id":"hub"}');`)
    for (const n of [0, 1, 2]) {
      const at = start + n * 1000
      db.prepare(`INSERT INTO alerts (id, place, class, facet, source, source_id, kind, priority, state, device, text,
        raised_at, received_at, late, clock_suspect) VALUES (?, ?, 1, 1, 'hub', ?, 'blue-light', 'high',
        'unacknowledged-active', 'cam-1', 'kept', ?, ?, 0, 0)`).run(`alert-${n}`, at * 2048, `m${n}`, at, at)
      db.exec(`INSERT INTO transitions (alert, kind, to_state, at, by)
        VALUES (${n + 1}, 'raise', 'unacknowledged-active', ${at}, 'source')`)
    }
    db.close()

    const store = await scratchStore(dir)
    expect((await store.health()).schemaVersion).toBe(migrations.length)
    const page = await store.page({}, null, 10)
    expect(page.rows.map(({ id }) => id)).toEqual([id(2), id(1), id(0)])
    expect(await store.marks(start, start + 3_600_000, 1)).toMatchObject([
      { lane: hub, count: 3, priority: 'high' },
    ])
    expect(await store.load(start + 60_000)).toMatchObject({
      lastTenMinutes: 3,
      top: [{ device: 'cam-1', count: 3 }],
    })
    expect(await store.links()).toEqual([{ id: 'hub' }])
    const backup = readdirSync(dir).find((name) => name.startsWith('backup-shape-1-')) ?? 'none'
    const copy = new Sqlite(join(dir, backup), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(1)
    expect(copy.prepare('SELECT count(*) FROM alerts').pluck().get()).toBe(3)
    copy.close()
  })

  it('carries a version 2 database over: its pictures are shared with events from then on', async () => {
    const dir = scratchDir()
    const { db } = openDatabaseFile({ dir, now: start, steps: migrations.slice(0, 2) })
    const shown = picture('shown')
    const { sha256 } = shown.evidence
    const evidence = JSON.stringify(shown.evidence)
    db.exec(`
      INSERT INTO classes (id, source, kind, priority, state, count, newest)
        VALUES (1, 'hub', 'blue-light', 'high', 'cleared', 1, ${start * 2048});
      INSERT INTO facets (id, class, device, count, newest) VALUES (1, 1, 'cam-1', 1, ${start * 2048});
      INSERT INTO tallies VALUES (10000, ${Math.floor(start / 10_000) * 10_000}, 'hub', 'high', 1);
      INSERT INTO transitions (alert, kind, to_state, at, by) VALUES (1, 'raise', 'cleared', ${start}, 'source');
      INSERT INTO settings VALUES ('kept', '1');`)
    db.prepare('INSERT INTO pictures VALUES (?, ?, ?)').run(sha256, evidence, shown.bytes)
    db.prepare(`INSERT INTO alerts (id, place, class, facet, source, source_id, kind, priority, state, device, text,
      raised_at, received_at, late, clock_suspect, picture, evidence) VALUES ('alert-1', ?, 1, 1, 'hub', 'm1',
      'blue-light', 'high', 'cleared', 'cam-1', 'kept', ?, ?, 0, 0, ?, ?)`).run(
      start * 2048,
      start,
      start,
      sha256,
      evidence,
    )
    db.close()

    const store = await scratchStore(dir)
    expect((await store.health()).schemaVersion).toBe(migrations.length)
    expect((await store.get(id(1))).alert).toMatchObject({ text: 'kept', evidence: shown.evidence })
    expect(await store.settings()).toEqual({ kept: 1 })
    expect(await store.eventPage({}, null, 5)).toEqual({ rows: [], next: null })
    await store.addEvent(event(1, { picture: shown }))
    expect(await store.prune(start + 1)).toBe(1)
    expect((await store.picture(sha256)).bytes).toEqual(shown.bytes)
    const backup = readdirSync(dir).find((name) => name.startsWith('backup-shape-2-')) ?? 'none'
    const copy = new Sqlite(join(dir, backup), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(2)
    expect(copy.prepare('SELECT count(*) FROM pictures').pluck().get()).toBe(1)
    copy.close()
  })

  it('carries a version 4 database over: its sightings are there, none dismissed, and each can be', async () => {
    const dir = scratchDir()
    const { db } = openDatabaseFile({ dir, now: start, steps: migrations.slice(0, 4) })
    db.exec(`INSERT INTO event_classes (id, link, camera, kind, count, newest, last_at)
      VALUES (1, 'hub', 'hub/cam-1', 'face-unknown', 2, ${start + 1000}, ${start + 1000});`)
    for (const n of [0, 1])
      db.prepare(`INSERT INTO events (link, source_id, class, camera, kind, text, at, last_at, count, received_at)
        VALUES ('hub', ?, 1, 'hub/cam-1', 'face-unknown', '', ?, ?, 1, ?)`).run(
        `event-${n}`,
        start + n * 1000,
        start + n * 1000,
        start + n * 1000,
      )
    db.close()

    const store = await scratchStore(dir)
    expect((await store.health()).schemaVersion).toBe(migrations.length)
    const queue = async () =>
      (await store.eventPage({ dismissed: false }, null, 10)).rows.map(({ seq }) => seq)
    expect(await queue()).toEqual([2, 1])
    await store.dismissEvent(2, 'Linh', start + 5000)
    expect(await queue()).toEqual([1])
    const { rows } = await store.eventPage({}, null, 10)
    expect(rows.map(({ dismissed }) => dismissed)).toEqual([{ by: 'Linh', at: start + 5000 }, undefined])
    const backup = readdirSync(dir).find((name) => name.startsWith('backup-shape-4-')) ?? 'none'
    const copy = new Sqlite(join(dir, backup), { readonly: true })
    expect(copy.prepare('SELECT count(*) FROM events').pluck().get()).toBe(2)
    copy.close()
  })

  it('leaves the database as it was when a step fails', () => {
    const dir = scratchDir()
    const made = openDatabaseFile({ dir, now: start }).db
    made.exec(`INSERT INTO settings VALUES ('kept', '1')`)
    made.close()
    const broken = { name: 'broken', sql: 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)' }
    expect(() => openDatabaseFile({ dir, now: start, steps: [...migrations, broken] })).toThrow(/nowhere/)
    const { db } = openDatabaseFile({ dir, now: start })
    expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).pluck().get()).toBe(0)
    expect(db.prepare('SELECT key FROM settings').pluck().all()).toEqual(['kept'])
    db.close()
  })
})

describe('files that cannot be used', () => {
  it('puts a newer file aside, unchanged, and keeps receiving', async () => {
    const dir = scratchDir()
    const { db } = openDatabaseFile({ dir, now: start })
    db.exec(`INSERT INTO settings VALUES ('kept', '1'); PRAGMA user_version = ${migrations.length + 1}`)
    db.close()
    const store = await scratchStore(dir)
    const health = await store.health()
    expect(health).toMatchObject({
      mode: 'fresh-after-newer',
      trouble: expect.stringContaining('newer Watchfloor'),
    })
    expect((await store.raise(alert(1))).duplicate).toBe(false)
    const old = new Sqlite(health.quarantined ?? '', { readonly: true })
    expect(old.prepare('SELECT key FROM settings').pluck().all()).toEqual(['kept'])
    expect(old.pragma('user_version', { simple: true })).toBe(migrations.length + 1)
    old.close()
  })

  it.each<[string, (file: string) => void]>([
    ['garbage', (file) => writeFileSync(file, Buffer.alloc(20_000, 'x'))],
    ['a zeroed header', (file) => patch(file, 0, Buffer.alloc(100))],
    ['a short file', (file) => truncateSync(file, 3000)],
    ['another program’s database', (file) => foreign(file)],
    ['a damaged schema', (file) => patch(file, 110, Buffer.alloc(3900, 0xff))],
  ])('puts %s aside and keeps receiving', async (_, damage) => {
    const dir = scratchDir()
    const file = join(dir, 'watchfloor.db')
    openDatabaseFile({ dir, now: start }).db.close()
    damage(file)
    const damaged = readFileSync(file)
    const store = await scratchStore(dir)
    expect((await store.raise(alert(1))).duplicate).toBe(false)
    const health = await store.health()
    expect(health).toMatchObject({
      mode: 'fresh-after-corruption',
      trouble: expect.stringContaining('put aside'),
    })
    expect(readFileSync(health.quarantined ?? '').equals(damaged)).toBe(true)
  })

  it('moves the write-ahead log along with the file it belongs to', () => {
    const dir = scratchDir()
    const file = join(dir, 'watchfloor.db')
    openDatabaseFile({ dir, now: start }).db.close()
    writeFileSync(file, Buffer.alloc(5000, 'x'))
    writeFileSync(`${file}-wal`, 'its log')
    const { db, quarantined } = openDatabaseFile({ dir, now: start })
    expect(readFileSync(`${quarantined}-wal`, 'utf8')).toBe('its log')
    db.close()
  })

  it('is intact or detected, whatever bytes are turned over, and never throws', () => {
    const dir = scratchDir()
    const file = join(dir, 'watchfloor.db')
    const { db } = openDatabaseFile({ dir, now: start })
    const write = db.prepare('INSERT INTO settings (key, value) VALUES (?, ?)')
    for (let n = 0; n < 200; n += 1) write.run(`key-${n}`, JSON.stringify('value'.repeat(n % 20)))
    db.close()
    const whole = readFileSync(file)
    const flips = fc.array(fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) }), {
      minLength: 1,
      maxLength: 40,
    })
    let detected = 0
    fc.assert(
      fc.property(flips, (each) => {
        const bytes = Buffer.from(whole)
        for (const { at, bit } of each) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        writeFileSync(file, bytes)
        // As after a crash: the log is there, so the file is checked before it is used.
        writeFileSync(`${file}-wal`, Buffer.alloc(32))
        const opened = openDatabaseFile({ dir, now: start })
        if (opened.mode !== 'normal') detected += 1
        else expect(() => opened.db.prepare('SELECT * FROM settings').all()).not.toThrow()
        opened.db.close()
        if (opened.quarantined !== null && existsSync(opened.quarantined))
          renameSync(opened.quarantined, file)
      }),
      { numRuns: 40 },
    )
    expect(detected).toBeGreaterThan(0)
  })
})

function patch(file: string, at: number, bytes: Buffer): void {
  const whole = readFileSync(file)
  bytes.copy(whole, at)
  writeFileSync(file, whole)
}

function foreign(file: string): void {
  writeFileSync(file, '')
  const db = new Sqlite(file)
  db.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)')
  db.close()
}
