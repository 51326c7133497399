/** What the main thread and the store's two worker threads say to each other. */
import type { FaultCode } from '../../contract/fault.ts'
import type { StoreHealth } from '../../contract/site.ts'
import type { Change, Store } from './store.ts'

export type WriteName =
  | 'raise'
  | 'clear'
  | 'act'
  | 'enqueue'
  | 'settle'
  | 'discard'
  | 'addTimeline'
  | 'cover'
  | 'resumeCoverage'
  | 'saveDevice'
  | 'forgetDevice'
  | 'saveLink'
  | 'removeLink'
  | 'saveSetting'
  | 'prune'
  | 'addEvent'
  | 'pruneEvents'
  | 'nameEvent'
  | 'dismissEvent'
  | 'mergeEvents'
  | 'eraseEvents'
  | 'changeFaces'
  | 'renameInRules'
  | 'keep'
  | 'unkeep'
  | 'addTrends'
  | 'pruneTrends'

/** Written again after the writer died: doing them twice is the same as once. The others might count or tell twice. */
export const repeatable: ReadonlySet<WriteName> = new Set([
  'raise',
  'clear',
  'enqueue',
  'cover',
  'saveDevice',
  'forgetDevice',
  'saveLink',
  'removeLink',
  'saveSetting',
  'prune',
  'addEvent',
  'pruneEvents',
  'nameEvent',
  'dismissEvent',
  'mergeEvents',
  'eraseEvents',
  'changeFaces',
  'renameInRules',
  'keep',
  'unkeep',
  'addTrends',
  'pruneTrends',
])

export type ReadName =
  | 'get'
  | 'page'
  | 'list'
  | 'open'
  | 'counts'
  | 'shelvesOver'
  | 'journal'
  | 'picture'
  | 'load'
  | 'due'
  | 'orders'
  | 'timeline'
  | 'marks'
  | 'coverage'
  | 'devices'
  | 'links'
  | 'settings'
  | 'eventPage'
  | 'eventKinds'
  | 'seenPeople'
  | 'sightings'
  | 'faceLibrary'
  | 'facePhoto'
  | 'kept'
  | 'trendPoints'

/** What the reader knows of the store's health. */
export type ReadFacts = Pick<StoreHealth, 'alerts' | 'outboxWaiting' | 'sizeBytes' | 'diskFreeBytes'> & {
  readonly diskBytes: number
}

export type Args<N extends WriteName | ReadName> = Parameters<Store[N]>
export type Result<N extends WriteName | ReadName> = Awaited<ReturnType<Store[N]>>

export interface Request {
  readonly id: number
  readonly name: WriteName | ReadName | 'facts' | 'addedEvents' | 'stayAlive' | 'condemn'
  /** Typed by the caller and by the handler table of the same name; nothing else is ever sent. */
  readonly args: never[]
}

export type Reply =
  | { readonly id: number; readonly value: never }
  | {
      readonly id: number
      readonly fault: { readonly code: FaultCode; readonly message: string; readonly tip: string }
    }
  | { readonly id: number; readonly bug: string }

/** How the writer is doing; sent when it opened and with every commit. */
export interface WriterStatus {
  readonly mode: StoreHealth['mode']
  readonly trouble: string
  readonly journalMode: string
  readonly synchronous: number
  readonly lastCommitMs: number
  readonly schemaVersion: number
  readonly quarantined: string | null
  readonly journalHead: number
  readonly timelineHead: number
  readonly eventHead: number
  /** The file is worth a check in the background: the last shutdown was not clean. */
  readonly checkLater: boolean
}

export interface FromWorker {
  readonly replies: readonly Reply[]
  readonly change?: Change | null
  readonly status?: WriterStatus
  readonly ready?: true
}

/**
 * `reopen`: the file was put aside, a new one is in its place. `fail`: the thread ends where it is, as by a fault of ours, in the midst of a
 * transaction if there is one; only tests say so.
 */
export type ToWorker =
  | { readonly requests: readonly Request[] }
  | { readonly stop: true }
  | { readonly reopen: true }
  | { readonly fail: true }

export interface WorkerSetup {
  /** `checker` lives for one check of the whole file. */
  readonly part: 'writer' | 'reader' | 'checker'
  readonly dir: string
}
