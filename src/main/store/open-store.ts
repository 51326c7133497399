/** Opens the store: starts its two threads and gives the rest of main one object to talk to. Holds no database itself. */
import { Fault } from '../../contract/fault.ts'
import type { StoreHealth } from '../../contract/site.ts'
import { type Clock, systemClock } from '../io/clock.ts'
import type { Log } from '../log.ts'
import { healthOf } from './health.ts'
import {
  type Args,
  type FromWorker,
  type ReadFacts,
  type ReadName,
  type Result,
  repeatable,
  type WriteName,
  type WriterStatus,
} from './messages.ts'
import { mergedChange } from './missed-change.ts'
import { runtimeTrouble } from './runtime.ts'
import { startThread } from './start-thread.ts'
import type { Change, Kept, Store, StoredEvent } from './store.ts'
import { Thread } from './thread.ts'

export interface StoreOptions {
  readonly dir: string
  readonly log: Log
  readonly clock?: Clock
  readonly appVersion: string
}

const aliveEveryMs = 5000
const checkAfterMs = 10_000
const readAtATime = 1000
const readerFirstMs = 500

export function openStore(options: StoreOptions): Promise<Store> {
  return openThreadedStore(options)
}

/** The same store with its threads in view, for tests that end them. */
export async function openThreadedStore(options: StoreOptions): Promise<ThreadedStore> {
  const trouble = runtimeTrouble()
  if (trouble !== null) throw new Error(trouble)
  const store = new ThreadedStore(options)
  await store.ready
  return store
}

export class ThreadedStore implements Store {
  readonly ready: Promise<void>
  readonly #writer: Thread
  readonly #reader: Thread
  readonly #log: Log
  readonly #clock: Clock
  readonly #dir: string
  readonly #changeListeners = new Set<(change: Change) => void>()
  readonly #troubleListeners = new Set<(health: StoreHealth) => void>()
  readonly #undo: (() => void)[] = []
  #status: WriterStatus | null = null
  #isDown = false
  #closed: Promise<void> | null = null
  #facts: ReadFacts = { alerts: 0, outboxWaiting: 0, sizeBytes: 0, diskFreeBytes: 0, diskBytes: 0 }
  #journalHead = 0
  #timelineHead = 0
  #eventHead = 0

  constructor({ dir, log, clock = systemClock, appVersion }: StoreOptions) {
    this.#dir = dir
    this.#log = log
    this.#clock = clock
    this.#writer = new Thread({ part: 'writer', dir }, clock, {
      onMessage: (message) => this.#fromWriter(message),
      onDown: (reason) => this.#writerDown(reason),
      onLeft: (waiting) => log.error('store-thread-left', { thread: 'writer', waiting }),
    })
    this.#reader = new Thread({ part: 'reader', dir }, clock, {
      onMessage() {},
      onDown: (reason) => log.warn('store-reader-restarted', { reason }),
      onLeft: (waiting) => log.warn('store-thread-left', { thread: 'reader', waiting }),
    })
    const begun = clock.monotonic()
    this.ready = new Promise((resolve) => {
      this.#opened = () => {
        this.#reader.start()
        this.#afterOpening()
        log.info('store-opened', { dir, appVersion, tookMs: Math.round(clock.monotonic() - begun) })
        resolve()
      }
    })
    this.#writer.start()
  }
  #opened: (() => void) | null = null

  raise = (...args: Args<'raise'>) => this.#write('raise', args)
  clear = (...args: Args<'clear'>) => this.#write('clear', args)
  act = (...args: Args<'act'>) => this.#write('act', args)
  enqueue = (...args: Args<'enqueue'>) => this.#write('enqueue', args)
  settle = (...args: Args<'settle'>) => this.#write('settle', args)
  discard = (...args: Args<'discard'>) => this.#write('discard', args)
  addTimeline = (...args: Args<'addTimeline'>) => this.#write('addTimeline', args)
  cover = (...args: Args<'cover'>) => this.#write('cover', args)
  resumeCoverage = (...args: Args<'resumeCoverage'>) => this.#write('resumeCoverage', args)
  saveDevice = (...args: Args<'saveDevice'>) => this.#write('saveDevice', args)
  forgetDevice = (...args: Args<'forgetDevice'>) => this.#write('forgetDevice', args)
  saveLink = (...args: Args<'saveLink'>) => this.#write('saveLink', args)
  removeLink = (...args: Args<'removeLink'>) => this.#write('removeLink', args)
  saveSetting = (...args: Args<'saveSetting'>) => this.#write('saveSetting', args)
  prune = (...args: Args<'prune'>) => this.#write('prune', args)
  addEvent = (...args: Args<'addEvent'>) => this.#write('addEvent', args)
  pruneEvents = (...args: Args<'pruneEvents'>) => this.#write('pruneEvents', args)
  nameEvent = (...args: Args<'nameEvent'>) => this.#write('nameEvent', args)
  dismissEvent = (...args: Args<'dismissEvent'>) => this.#write('dismissEvent', args)
  mergeEvents = (...args: Args<'mergeEvents'>) => this.#write('mergeEvents', args)
  eraseEvents = (...args: Args<'eraseEvents'>) => this.#write('eraseEvents', args)
  changeFaces = (...args: Args<'changeFaces'>) => this.#write('changeFaces', args)
  renameInRules = (...args: Args<'renameInRules'>) => this.#write('renameInRules', args)
  keep = (...args: Args<'keep'>) => this.#write('keep', args)
  unkeep = (...args: Args<'unkeep'>) => this.#write('unkeep', args)
  addTrends = (...args: Args<'addTrends'>) => this.#write('addTrends', args)
  pruneTrends = (...args: Args<'pruneTrends'>) => this.#write('pruneTrends', args)

  get = (...args: Args<'get'>) => this.#read('get', args)
  page = (...args: Args<'page'>) => this.#read('page', args)
  list = (...args: Args<'list'>) => this.#read('list', args)
  open = (...args: Args<'open'>) => this.#read('open', args)
  counts = (...args: Args<'counts'>) => this.#read('counts', args)
  shelvesOver = (...args: Args<'shelvesOver'>) => this.#read('shelvesOver', args)
  journal = (...args: Args<'journal'>) => this.#read('journal', args)
  picture = (...args: Args<'picture'>) => this.#read('picture', args)
  load = (...args: Args<'load'>) => this.#read('load', args)
  due = (...args: Args<'due'>) => this.#read('due', args)
  orders = (...args: Args<'orders'>) => this.#read('orders', args)
  timeline = (...args: Args<'timeline'>) => this.#read('timeline', args)
  marks = (...args: Args<'marks'>) => this.#read('marks', args)
  coverage = (...args: Args<'coverage'>) => this.#read('coverage', args)
  devices = (...args: Args<'devices'>) => this.#read('devices', args)
  links = (...args: Args<'links'>) => this.#read('links', args)
  settings = (...args: Args<'settings'>) => this.#read('settings', args)
  eventPage = (...args: Args<'eventPage'>) => this.#read('eventPage', args)
  eventKinds = (...args: Args<'eventKinds'>) => this.#read('eventKinds', args)
  seenPeople = (...args: Args<'seenPeople'>) => this.#read('seenPeople', args)
  sightings = (...args: Args<'sightings'>) => this.#read('sightings', args)
  faceLibrary = (...args: Args<'faceLibrary'>) => this.#read('faceLibrary', args)
  facePhoto = (...args: Args<'facePhoto'>) => this.#read('facePhoto', args)
  trendPoints = (...args: Args<'trendPoints'>) => this.#read('trendPoints', args)
  kept = <K extends keyof Kept>(kind: K) => this.#reader.ask<readonly Kept[K][]>('kept', [kind], true)
  addedEvents = (...range: [number, number, number]) =>
    this.#reader.ask<readonly StoredEvent[]>('addedEvents', range, true)

  journalHead(): number {
    return this.#journalHead
  }
  timelineHead(): number {
    return this.#timelineHead
  }

  async health(): Promise<StoreHealth> {
    try {
      this.#facts = await this.#reader.ask<ReadFacts>('facts', [], true)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
    return this.#health()
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#changeListeners.add(listener)
    return () => this.#changeListeners.delete(listener)
  }
  onTrouble(listener: (health: StoreHealth) => void): () => void {
    this.#troubleListeners.add(listener)
    return () => this.#troubleListeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo()
    // The reader first: the writer is then the last connection and leaves one whole file behind. A long question does not hold it up.
    const reader = this.#reader.close()
    let undo = () => {}
    const longEnough = new Promise<void>((resolve) => {
      undo = this.#clock.after(readerFirstMs, resolve)
    })
    await Promise.race([reader, longEnough])
    undo()
    await Promise.all([reader, this.#writer.close()])
    this.#log.info('store-closed')
  }

  get threads(): { readonly writer: Thread; readonly reader: Thread } {
    return { writer: this.#writer, reader: this.#reader }
  }

  #write<N extends WriteName>(name: N, args: Args<N>): Promise<Result<N>> {
    return this.#writer.ask<Result<N>>(name, args, repeatable.has(name))
  }

  #read<N extends ReadName>(name: N, args: Args<N>): Promise<Result<N>> {
    return this.#reader.ask<Result<N>>(name, args, true)
  }

  #fromWriter(message: FromWorker): void {
    const before = this.#status
    if (message.status !== undefined) this.#status = message.status
    if (message.change !== undefined && message.change !== null) this.#told(message.change)
    const status = this.#status
    if (status === null) return
    if (before === null) {
      this.#startFrom(status)
      this.#opened?.()
    } else if (message.ready === true && this.#isDown) this.#writerBack(status)
    const isWritableAgain = before?.mode === 'read-only' && status.mode !== 'read-only'
    if (isWritableAgain) this.#reader.tell({ reopen: true })
    // Only now opened for the first time: what it holds is history, not news.
    if (before?.schemaVersion === 0) this.#startFrom(status)
    if (before !== null && before.quarantined !== status.quarantined) {
      this.#reader.tell({ reopen: true })
      this.#startFrom(status)
    }
    if (
      before === null
        ? status.trouble !== ''
        : before.mode !== status.mode || before.trouble !== status.trouble
    ) {
      this.#tellTrouble()
    }
  }

  #startFrom({ journalHead, timelineHead, eventHead }: WriterStatus): void {
    this.#journalHead = journalHead
    this.#timelineHead = timelineHead
    this.#eventHead = eventHead
  }

  #told(change: Change): void {
    this.#journalHead = change.entries.at(-1)?.seq ?? this.#journalHead
    this.#timelineHead = change.timelineHead ?? this.#timelineHead
    this.#eventHead = Math.max(this.#eventHead, change.events.at(-1)?.event.seq ?? 0)
    for (const listener of this.#changeListeners) listener(change)
  }

  #writerDown(reason: string): void {
    this.#isDown = true
    this.#log.error('store-writer-died', { reason })
    this.#tellTrouble()
  }

  /** Commits whose news died with the writer are told now, from the journal. */
  #writerBack(status: WriterStatus): void {
    this.#isDown = false
    this.#log.warn('store-writer-restarted')
    this.#tellTrouble()
    const from = this.#journalHead
    const { journalHead, timelineHead, eventHead } = status
    if (journalHead <= from && timelineHead <= this.#timelineHead && eventHead <= this.#eventHead) return
    const gap = { journalFrom: from, eventsFrom: this.#eventHead, eventHead, timelineHead }
    void mergedChange(this, gap, readAtATime)
      .then((change) => this.#told({ ...change, entries: change.entries.filter(({ seq }) => seq > from) }))
      .catch((error: unknown) => this.#log.error('store-missed-entries', { reason: String(error) }))
  }

  #afterOpening(): void {
    this.#undo.push(
      this.#clock.every(aliveEveryMs, () => {
        if (this.#isDown) return
        this.#writer.ask('stayAlive', [this.#clock.now()], true).catch(() => {})
      }),
    )
    if (this.#status?.checkLater === true) {
      this.#undo.push(this.#clock.after(checkAfterMs, () => this.#check()))
    }
  }

  /** A large file after a crash is checked while alerts already come in; damage puts it aside. */
  #check(): void {
    const worker = startThread({ part: 'checker', dir: this.#dir })
    // It only reads, in one call that cannot be cut short: a store that closes goes without it.
    worker.unref()
    worker.on('message', (verdict: string) => {
      this.#log.info('store-checked', { verdict })
      if (verdict !== 'ok') this.#writer.ask('condemn', [verdict], false).catch(() => {})
    })
    worker.on('error', (error) => this.#log.warn('store-check-failed', { reason: String(error) }))
  }

  #tellTrouble(): void {
    const health = this.#health()
    if (health.trouble !== '')
      this.#log.error('store-trouble', { mode: health.mode, trouble: health.trouble })
    else this.#log.info('store-well', { mode: health.mode })
    for (const listener of this.#troubleListeners) listener(health)
  }

  #health(): StoreHealth {
    return healthOf(this.#status, this.#isDown, this.#facts, this.#writer.waiting)
  }
}
