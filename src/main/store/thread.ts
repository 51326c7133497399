/** One store thread as seen from the main thread: sends requests in batches, starts it again when it dies. */
import type { Worker } from 'node:worker_threads'
import { Fault } from '../../contract/fault.ts'
import type { Clock } from '../io/clock.ts'
import type { FromWorker, Request, ToWorker, WorkerSetup } from './messages.ts'
import { startThread } from './start-thread.ts'

interface Pending {
  readonly request: Request
  readonly repeatable: boolean
  resolve(value: never): void
  reject(error: Error): void
}

export interface ThreadWatcher {
  /** Before the replies of the same message are given out. */
  onMessage(message: FromWorker): void
  onDown(reason: string): void
  /** It was told to stop and has not ended in time: it is inside a call that does not return, and is left there. */
  onLeft(waiting: number): void
}

const firstPauseMs = 50
const longestPauseMs = 5000
/** A hung disk must not hold up an end for ever. What was answered is on the disk by then; the rest was never acknowledged. */
const stopWithinMs = 10_000

export class Thread {
  readonly #setup: WorkerSetup
  readonly #clock: Clock
  readonly #watcher: ThreadWatcher
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | null = null
  #isReady = false
  #outgoing: Request[] = []
  #lastId = 0
  #pauseMs = firstPauseMs
  #closing = false
  #closed: Promise<void> | null = null
  #undoRestart: (() => void) | null = null

  constructor(setup: WorkerSetup, clock: Clock, watcher: ThreadWatcher) {
    this.#setup = setup
    this.#clock = clock
    this.#watcher = watcher
  }

  get waiting(): number {
    return this.#pending.size
  }

  start(): void {
    const worker = startThread(this.#setup)
    this.#worker = worker
    this.#isReady = false
    let reason = ''
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error)
    })
    worker.on('exit', (code) => this.#ended(worker, reason === '' ? `it ended with ${code}` : reason))
  }

  /** `repeatable` requests are sent again to a restarted worker; the others fail, because they may have been done. */
  ask<T>(name: Request['name'], args: readonly unknown[], repeatable: boolean): Promise<T> {
    if (this.#closing) return Promise.reject(new Fault('storage', 'The store is closed.'))
    return new Promise<T>((resolve, reject) => {
      this.#lastId += 1
      const request = { id: this.#lastId, name, args: args as never[] }
      this.#pending.set(request.id, { request, repeatable, resolve, reject })
      this.#send(request)
    })
  }

  tell(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  /** The thread finishes what it was sent, closes its database and ends. Resolves then, or when it took too long. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing = true
    this.#undoRestart?.()
    const worker = this.#worker
    if (worker !== null) {
      const ended = new Promise<boolean>((resolve) => worker.once('exit', () => resolve(true)))
      this.#flush()
      this.tell({ stop: true })
      let undo = () => {}
      const late = new Promise<boolean>((resolve) => {
        undo = this.#clock.after(stopWithinMs, () => resolve(false))
      })
      const isOver = await Promise.race([ended, late])
      undo()
      if (!isOver) {
        worker.unref()
        this.#watcher.onLeft(this.#pending.size)
      }
    }
    this.#failAll(new Fault('storage', 'The store is closed.'), () => true)
  }

  #send(request: Request): void {
    this.#outgoing.push(request)
    // All requests of this turn of the event loop travel as one message.
    if (this.#outgoing.length === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    // While no worker is ready the requests stay pending; they are sent when it is.
    if (this.#outgoing.length > 0 && this.#isReady) this.tell({ requests: this.#outgoing })
    this.#outgoing = []
  }

  #receive(message: FromWorker): void {
    this.#watcher.onMessage(message)
    for (const reply of message.replies) {
      const pending = this.#pending.get(reply.id)
      if (pending === undefined) continue
      this.#pending.delete(reply.id)
      if ('value' in reply) pending.resolve(reply.value)
      else if ('fault' in reply) {
        pending.reject(new Fault(reply.fault.code, reply.fault.message, reply.fault.tip))
      } else pending.reject(new Error(`store ${pending.request.name}: ${reply.bug}`))
    }
    if (message.ready !== true || this.#isReady) return
    this.#isReady = true
    this.#pauseMs = firstPauseMs
    this.#outgoing = []
    const requests = [...this.#pending.values()].map(({ request }) => request)
    if (requests.length > 0) this.tell({ requests })
  }

  #ended(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return
    this.#worker = null
    const wasReady = this.#isReady
    this.#isReady = false
    if (this.#closing) return
    const fault = new Fault(
      'storage',
      'The store stopped while this was being written; it may or may not have been kept.',
      'Look at it again before repeating it.',
    )
    if (wasReady) this.#failAll(fault, ({ repeatable }) => !repeatable)
    this.#watcher.onDown(reason)
    this.#undoRestart = this.#clock.after(this.#pauseMs, () => this.start())
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  #failAll(error: Error, which: (pending: Pending) => boolean): void {
    for (const [id, pending] of this.#pending) {
      if (!which(pending)) continue
      this.#pending.delete(id)
      pending.reject(error)
    }
  }
}
