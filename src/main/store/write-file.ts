/** The written side of the file: its transaction, what each request does in it, and what happens when the disk will not. */
import Sqlite, { type Database } from 'better-sqlite3'
import { Fault } from '../../contract/fault.ts'
import type { StoreHealth } from '../../contract/site.ts'
import { AlertWrites } from './alert-writes.ts'
import { Ballast, checkpointPages, diskOf } from './ballast.ts'
import { type Commit, newCommit } from './commit.ts'
import { isCorrupt, isDamage, type Opened, openDatabaseFile } from './database-file.ts'
import { EventWrites } from './event-writes.ts'
import { Facets } from './facets.ts'
import type { Job, Run, Step } from './job.ts'
import { KeptWrites } from './kept-rows.ts'
import { FaceWrites } from './known-faces.ts'
import { pruneOldest } from './make-room.ts'
import type { WriterStatus } from './messages.ts'
import { RecordWrites } from './record-writes.ts'
import { RuleWrites } from './rule-writes.ts'
import type { Change } from './store.ts'
import { TrendWrites } from './trend-rows.ts'
import { type Handlers, type Writes, writeHandlers } from './write-handlers.ts'

interface Open extends Writes {
  readonly db: Database
  readonly facets: Facets
  readonly handlers: Handlers
}

const retryEveryMs = 5000
const secondFailureWithinMs = 60_000

export class WriteFile {
  readonly #dir: string
  readonly #ballast: Ballast
  #open: Open | null = null
  #opened: Omit<Opened, 'db'> = { mode: 'normal', trouble: '', quarantined: null, checkLater: false }
  #mode: StoreHealth['mode'] = 'normal'
  #trouble = ''
  #lastCommitMs = 0
  #journalHead = 0
  #timelineHead = 0
  #eventHead = 0
  #schemaVersion = 0
  #retryAt = 0
  #noRoomUntil = Number.NEGATIVE_INFINITY
  #ioFailedAt = Number.NEGATIVE_INFINITY

  constructor(dir: string) {
    this.#dir = dir
    this.#ballast = new Ballast(dir)
  }

  get trouble(): string {
    return this.#trouble
  }

  /** Never throws: a folder that cannot be written is a mode, told on every screen, not the end of the app. */
  open(condemned: string | null = null): void {
    try {
      const opened = openDatabaseFile({ dir: this.#dir, now: Date.now(), condemned })
      try {
        this.#use(opened.db)
      } catch (error) {
        opened.db.close()
        // Our own statements do not fit what is in the file.
        if (condemned !== null || !isDamage(error)) throw error
        this.open(String(error))
        return
      }
      if (opened.quarantined !== null || this.#opened.quarantined === null) this.#opened = opened
      this.#mode = this.#opened.mode
      this.#trouble = this.#opened.trouble
      this.#ballast.fill()
    } catch (error) {
      this.#goReadOnly(error)
    }
  }

  /** Runs `gather` in one transaction and returns what it changed, once that is on disk. Throws when it is not. */
  transaction(gather: (run: Run) => void): Change | null {
    const open = this.#open
    if (open === null) throw new Fault('storage', this.#trouble, 'Nothing is kept until this is repaired.')
    const begun = performance.now()
    const commit = newCommit()
    open.db.exec('BEGIN IMMEDIATE')
    try {
      gather((job) => this.#runJob(open, job, commit))
      open.facets.flush()
      open.alerts.flushWords(commit)
      open.db.exec('COMMIT')
    } catch (error) {
      this.#rollBack(open)
      throw error
    }
    this.#lastCommitMs = performance.now() - begun
    this.#journalHead = commit.entries.at(-1)?.seq ?? this.#journalHead
    this.#timelineHead = commit.timelineHead ?? this.#timelineHead
    for (const seq of commit.events.keys()) this.#eventHead = Math.max(this.#eventHead, seq)
    return changeOf(commit, open.facets)
  }

  /** After a transaction failed: whether its requests may be tried again, having done what can be done about it. */
  mayTryAgain(error: unknown, hadCompany: boolean): boolean {
    if (this.#open === null) return false
    const code = error instanceof Sqlite.SqliteError ? error.code : ''
    if (code.startsWith('SQLITE_FULL')) return this.#makeRoom()
    // A failed flush is never tried again and believed (the kernel may have dropped the pages): reopen, let peers resend.
    if (/^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code)) {
      this.#reopenAfter(error)
      return false
    }
    // Another program holds the file; it was waited for already, and every further try would take as long.
    if (code.startsWith('SQLITE_BUSY')) return false
    if (isCorrupt(error)) {
      this.#shut()
      this.open(`${error}`)
      return this.#open !== null
    }
    return hadCompany
  }

  /** Called every second; true when the mode changed. */
  recover(): boolean {
    const before = `${this.#mode} ${this.#trouble}`
    if (this.#mode === 'full-disk' && Date.now() >= this.#retryAt) {
      this.#retryAt = Date.now() + retryEveryMs
      if (this.#ballast.fill()) {
        this.#mode = this.#opened.mode
        this.#trouble = this.#opened.trouble
      }
    }
    if (this.#mode === 'read-only' && Date.now() >= this.#retryAt) {
      this.#shut()
      this.open()
    }
    return before !== `${this.#mode} ${this.#trouble}`
  }

  status(): WriterStatus {
    const db = this.#open?.db
    return {
      mode: this.#mode,
      trouble: this.#trouble,
      journalMode: db === undefined ? '' : 'wal',
      synchronous: db === undefined ? 0 : 2,
      lastCommitMs: this.#lastCommitMs,
      schemaVersion: this.#schemaVersion,
      quarantined: this.#opened.quarantined,
      journalHead: this.#journalHead,
      timelineHead: this.#timelineHead,
      eventHead: this.#eventHead,
      checkLater: this.#opened.checkLater,
    }
  }

  close(): void {
    const open = this.#open
    if (open === null) return
    try {
      open.db.pragma('optimize')
      open.db.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.#shut()
    }
  }

  #use(db: Database): void {
    db.pragma(`wal_autocheckpoint = ${checkpointPages(diskOf(this.#dir))}`)
    const facets = new Facets(db)
    const alerts = new AlertWrites(db, facets)
    const records = new RecordWrites(db, alerts)
    const writes = {
      alerts,
      events: new EventWrites(db),
      faces: new FaceWrites(db),
      rules: new RuleWrites(db, records),
      kept: new KeptWrites(db),
      records,
      trends: new TrendWrites(db),
    }
    this.#open = { db, facets, ...writes, handlers: writeHandlers(writes) }
    const head = db.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck()
    this.#journalHead = head.get('transitions') ?? 0
    this.#timelineHead = head.get('timeline') ?? 0
    this.#eventHead = head.get('events') ?? 0
    this.#schemaVersion = Number(db.pragma('user_version', { simple: true }))
  }

  #runJob(open: Open, job: Job, commit: Commit): Step {
    const { name, args } = job.request
    if (name === 'condemn') throw new Sqlite.SqliteError(String(args[0]), 'SQLITE_CORRUPT')
    const handler = open.handlers[name]
    if (handler === undefined) throw new Error(`the writer has no ${name}`)
    return handler(job, commit, ...args)
  }

  #rollBack(open: Open): void {
    try {
      if (open.db.inTransaction) open.db.exec('ROLLBACK')
      open.facets.reload()
      open.alerts.forget()
    } catch {
      // The file itself is in trouble; the error that led here says so.
    }
  }

  /** Ballast, then the log, then the oldest that may go: alerts that nobody has seen are worth more than old ones. */
  #makeRoom(): boolean {
    this.#mode = 'full-disk'
    this.#trouble =
      'The disk is full. Old events and ended alerts are being removed to keep new alerts. Free some space now.'
    this.#retryAt = Date.now() + retryEveryMs
    // When the last time gave nothing, trying at every alert would only make the full disk slow as well.
    const now = performance.now()
    if (now < this.#noRoomUntil) return false
    const hadBallast = this.#ballast.isThere()
    let gone = 0
    this.#ballast.release()
    const open = this.#open
    if (open === null) return false
    this.#attempt(open, () => open.db.pragma('wal_checkpoint(TRUNCATE)'))
    this.#attempt(open, () => {
      gone = pruneOldest(open)
    })
    this.#attempt(open, () => open.db.pragma('wal_checkpoint(TRUNCATE)'))
    // Held back again at once, as far as that is possible: the next time will come.
    this.#ballast.fill()
    if (!hadBallast && gone === 0) this.#noRoomUntil = performance.now() + 1000
    return hadBallast || gone > 0
  }

  /** On a full disk any step may fail, and the next may still help. */
  #attempt(open: Open, step: () => void): void {
    try {
      step()
    } catch {
      this.#rollBack(open)
    }
  }

  #reopenAfter(error: unknown): void {
    const again = performance.now() - this.#ioFailedAt < secondFailureWithinMs
    this.#ioFailedAt = performance.now()
    this.#shut()
    if (again) this.#goReadOnly(error)
    else this.open()
  }

  #goReadOnly(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    const full = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_FULL')
    this.#mode = 'read-only'
    this.#trouble = full
      ? `The disk is full: the database could not be opened (${reason}). No alert is kept. Free some space now.`
      : `The database cannot be written (${reason}). No alert is kept. Check the disk and the rights of ${this.#dir}.`
    this.#retryAt = Date.now() + retryEveryMs
  }

  #shut(): void {
    try {
      this.#open?.db.close()
    } catch {
      // Closing cannot fail in a way that matters: the connection is not used again.
    }
    this.#open = null
  }
}

/** Null for what is not the disk's doing: that is a bug. */
export function storageFault(error: unknown, trouble: string): Fault | null {
  if (error instanceof Fault) return error
  if (!(error instanceof Sqlite.SqliteError)) return null
  if (/^SQLITE_(CONSTRAINT|ERROR|MISMATCH|RANGE|MISUSE)/.test(error.code)) return null
  const tip = trouble === '' ? 'Try again; if it goes on, look at the disk.' : trouble
  return new Fault('storage', `It could not be stored (${error.code}).`, tip)
}

function changeOf(commit: Commit, facets: Facets): Change | null {
  const { entries, touched, orders, ordersGone, timelineHead, events, rules } = commit
  const told = entries.length + touched.size + orders.size + ordersGone.length + events.size + rules.size
  if (told === 0 && timelineHead === null) return null
  return {
    entries,
    touched: [...touched.values()],
    orders: [...orders.values()],
    ordersGone,
    timelineHead,
    counts: facets.counts(),
    events: [...events.values()].sort((a, b) => a.event.seq - b.event.seq),
    rules: [...rules.values()],
  }
}
