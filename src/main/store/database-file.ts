/** Opens the database file: safe settings, a newer or corrupt file put aside, a backup before it is changed in shape. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { type Migration, migrations } from './migrations.ts'

export const fileName = 'watchfloor.db'
const sidecars = ['-wal', '-shm'] as const
/** Checked at once when the last shutdown was not clean; a larger file is checked by the reader, while alerts come in. */
const quickCheckAtOnceBytes = 64 * 2 ** 20
const backupsKept = 3
const readIntoMemoryBytes = 256 * 2 ** 20

export interface Opened {
  readonly db: Database
  readonly mode: 'normal' | 'fresh-after-corruption' | 'fresh-after-newer'
  readonly trouble: string
  readonly quarantined: string | null
  /** The file was too large to be checked before use, and the last shutdown was not clean. */
  readonly checkLater: boolean
}

export interface OpenOptions {
  readonly dir: string
  readonly now: number
  readonly steps?: readonly Migration[]
  /** The reader's background check found damage: put the file aside without asking again. */
  readonly condemned?: string | null
}

/** Throws only when the folder cannot be written at all. */
export function openDatabaseFile(options: OpenOptions): Opened {
  const { dir, now, steps = migrations } = options
  mkdirSync(dir, { recursive: true })
  const file = join(dir, fileName)
  const found = look(file, steps.length, options.condemned ?? null)
  if (found.verdict === 'unreadable') throw found.cause
  const aside = found.verdict === 'use' ? null : quarantine(file, found.verdict, now)
  let db: Database | null = null
  try {
    db = openSafely(file)
    migrate(db, dir, now, steps)
    prove(db)
  } catch (error) {
    db?.close()
    if (aside !== null || found.verdict !== 'use' || !isCorrupt(error)) throw error
    return freshAfter(dir, file, 'corrupt', `${error}`, now, steps)
  }
  if (found.verdict === 'use' || aside === null) {
    return {
      db,
      mode: 'normal',
      trouble: '',
      quarantined: null,
      checkLater: found.verdict === 'use' && found.checkLater,
    }
  }
  return { db, ...told(found.verdict, aside, found.reason), quarantined: aside, checkLater: false }
}

/** A connection with the settings every promise of the store rests on. */
export function openSafely(file: string): Database {
  const db = new Sqlite(file, { timeout: 250 })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('mmap_size = 0')
  db.pragma('temp_store = MEMORY')
  db.pragma('cache_size = -65536')
  db.pragma('wal_autocheckpoint = 1000')
  db.pragma(`journal_size_limit = ${64 * 2 ** 20}`)
  return db
}

export function openForReading(dir: string): Database {
  const file = join(dir, fileName)
  try {
    return readingConnection(file)
  } catch (error) {
    // A read-only disk has no place for the shared memory that goes with the log; without a log none is needed.
    if (existsSync(`${file}-wal`) || !existsSync(file) || statSync(file).size > readIntoMemoryBytes)
      throw error
    const whole = readFileSync(file)
    // Bytes 18 and 19 of the header say "write-ahead log"; a copy in memory has none (SQLite file format §1.3.3).
    whole.fill(1, 18, 20)
    return readingConnection(whole)
  }
}

function readingConnection(name: string | Buffer): Database {
  const db = new Sqlite(name, { readonly: true, timeout: 250 })
  try {
    db.pragma('query_only = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    db.pragma('mmap_size = 0')
    db.pragma('temp_store = MEMORY')
    db.pragma('cache_size = -65536')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

export function isCorrupt(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** Wider: a sound file in which our own statements find no table or column. Never asked about a migration. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Sqlite.SqliteError)) return false
  return isCorrupt(error) || /^SQLITE_(ERROR|FORMAT|SCHEMA|CONSTRAINT|MISMATCH)/.test(error.code)
}

type Look =
  | { readonly verdict: 'use'; readonly checkLater: boolean }
  | { readonly verdict: 'corrupt' | 'newer'; readonly reason: string }
  | { readonly verdict: 'unreadable'; readonly cause: unknown }

function look(file: string, newest: number, condemned: string | null): Look {
  if (!existsSync(file) || statSync(file).size === 0) return { verdict: 'use', checkLater: false }
  if (condemned !== null) return { verdict: 'corrupt', reason: condemned }
  let db: Database | null = null
  try {
    if (!hasHeader(file)) return { verdict: 'corrupt', reason: 'its header is not that of a database' }
    const clean = !existsSync(`${file}-wal`) || statSync(`${file}-wal`).size === 0
    db = new Sqlite(file, { timeout: 250, fileMustExist: true })
    const version = Number(db.pragma('user_version', { simple: true }))
    if (version > newest)
      return { verdict: 'newer', reason: `its shape is ${version}, this version knows ${newest}` }
    const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get())
    if (version === 0 && tables > 0) return { verdict: 'corrupt', reason: 'it is not a Watchfloor database' }
    if (clean) return { verdict: 'use', checkLater: false }
    if (statSync(file).size > quickCheckAtOnceBytes) return { verdict: 'use', checkLater: true }
    const result = String(db.pragma('quick_check(1)', { simple: true }))
    return result === 'ok' ? { verdict: 'use', checkLater: false } : { verdict: 'corrupt', reason: result }
  } catch (error) {
    if (isDamage(error)) return { verdict: 'corrupt', reason: `${error}` }
    return { verdict: 'unreadable', cause: error }
  } finally {
    db?.close()
  }
}

function hasHeader(file: string): boolean {
  const fd = openSync(file, 'r')
  try {
    const header = Buffer.alloc(16)
    readSync(fd, header, 0, 16, 0)
    return header.toString('latin1') === 'SQLite format 3\u0000'
  } finally {
    closeSync(fd)
  }
}

function freshAfter(
  dir: string,
  file: string,
  why: 'corrupt' | 'newer',
  reason: string,
  now: number,
  steps: readonly Migration[],
): Opened {
  const aside = quarantine(file, why, now)
  const db = openSafely(file)
  migrate(db, dir, now, steps)
  prove(db)
  return { db, ...told(why, aside, reason), quarantined: aside, checkLater: false }
}

/** Renames, never deletes: somebody may still read history out of it. The write-ahead log belongs to it and goes along. */
function quarantine(file: string, why: 'corrupt' | 'newer', now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  let aside = `${file}.${why}-${stamp}`
  for (let n = 2; existsSync(aside); n += 1) aside = `${file}.${why}-${stamp}-${n}`
  renameSync(file, aside)
  for (const end of sidecars) if (existsSync(file + end)) renameSync(file + end, aside + end)
  return aside
}

function told(why: 'corrupt' | 'newer', aside: string, reason: string) {
  if (why === 'newer') {
    return {
      mode: 'fresh-after-newer',
      trouble: `The database was written by a newer Watchfloor (${reason}). It was put aside unchanged as ${aside}; alerts are kept in a new file. Start the newer version to see the old history.`,
    } as const
  }
  return {
    mode: 'fresh-after-corruption',
    trouble: `The database was damaged (${reason}). It was put aside as ${aside}; alerts are kept in a new file. Restore a backup, or read what is left with sqlite3's .recover.`,
  } as const
}

function migrate(db: Database, dir: string, now: number, steps: readonly Migration[]): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version >= steps.length) return
  if (version > 0) backUp(db, dir, version, now)
  for (const [at, step] of steps.entries()) {
    if (at < version) continue
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`user_version = ${at + 1}`)
    }).immediate()
  }
}

/** A backup nobody opened is a hope: it is opened and checked before the original is touched. */
function backUp(db: Database, dir: string, version: number, now: number): void {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  const backup = join(dir, `backup-shape-${version}-${stamp}.db`)
  rmSync(backup, { force: true })
  db.prepare('VACUUM INTO ?').run(backup)
  const fd = openSync(backup, 'r+')
  fsyncSync(fd)
  closeSync(fd)
  const copy = new Sqlite(backup, { readonly: true, fileMustExist: true })
  try {
    const result = String(copy.pragma('integrity_check(1)', { simple: true }))
    if (result !== 'ok') throw new Error(`the backup ${backup} is not sound: ${result}`)
  } finally {
    copy.close()
  }
  dropOldBackups(dir)
}

/** better-sqlite3 reads back FULL before the first write and NORMAL after it, when nobody asked: so ask after a write. */
function prove(db: Database): void {
  db.prepare(`INSERT INTO meta (key, value) VALUES ('opened', ?)
    ON CONFLICT DO UPDATE SET value = excluded.value`).run(new Date().toISOString())
  const synchronous = db.pragma('synchronous', { simple: true })
  const journal = db.pragma('journal_mode', { simple: true })
  if (synchronous !== 2 || journal !== 'wal') {
    throw new Error(
      `the database runs with ${journal}, synchronous ${synchronous}; WAL and 2 (FULL) were asked for`,
    )
  }
}

function dropOldBackups(dir: string): void {
  const backups = readdirSync(dir).filter((name) => /^backup-shape-\d+-.*\.db$/.test(name))
  // Names end in the time they were made.
  const oldestFirst = backups.sort((a, b) => (timeIn(a) < timeIn(b) ? -1 : 1))
  for (const name of oldestFirst.slice(0, -backupsKept)) rmSync(join(dir, name), { force: true })
}

function timeIn(name: string): string {
  return name.replace(/^backup-shape-\d+-/, '')
}
