/** The client without its types: keeps what is in flight and what is open, and opens it again on every new pipe. */
import { Fault, type FaultCode } from '../contract/fault.ts'
import type { ClientFeed } from './client-feed.ts'
import type { ClientJournal } from './client-journal.ts'
import { ClientTable, type TableListener } from './client-table.ts'
import { ClientUpload, type UploadListener } from './client-upload.ts'
import { type ClientStatus, Connection } from './connection.ts'
import { encodeFeedFrame, type FeedFrame } from './feed-frame.ts'
import type { FaultText, Reply } from './frame.ts'
import type { Subscription } from './subscription.ts'
import { hostTimers, type Timers } from './timers.ts'
import type { Wire } from './wire.ts'

export interface ClientOptions {
  readonly version: number
  readonly token?: string
  /** The name somebody signed on with, told again on every new pipe. */
  readonly name?: string | (() => string | undefined)
  readonly onStatus?: (status: ClientStatus) => void
  /** A listener threw. Unless given, it is thrown again where the host reports it. */
  readonly onBug?: (error: unknown) => void
  readonly timers?: Timers
  /** 0 up to 1; for the jitter. */
  readonly random?: () => number
}

export interface CallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

const callTimeoutMs = 30_000
/** A table that nobody looks at is kept this long: panes close and open as the operator moves about. */
const lingerMs = 5000
/** How long after a passing fault a stream is asked for again. */
const reopenMs = 5000
const passing: readonly FaultCode[] = ['busy', 'storage', 'bug', 'timed-out', 'link-down']

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

const faultOf = ({ code, message, tip }: FaultText) => new Fault(code, message, tip)

function lostFault(): Fault {
  return new Fault(
    'link-lost',
    'The connection to Watchfloor is down.',
    'It comes back by itself; then try again.',
  )
}

/** An upload as its screen uses it. */
export interface OpenedUpload {
  /** Frames the app has room for now. */
  readonly room: number
  /** False when there is no room, or no pipe: then the frame is gone, and a newer one will do. */
  send(header: unknown, bytes: Uint8Array): boolean
  close(): void
}

export class ScreenClient {
  readonly #connection: Connection
  readonly #timers: Timers
  readonly #onBug: (error: unknown) => void
  readonly #calls = new Map<number, Pending>()
  /** By the id each has on the present pipe. */
  readonly #open = new Map<number, Subscription>()
  readonly #subscriptions = new Set<Subscription>()
  readonly #tables = new Map<string, { table: ClientTable; stopLinger: () => void }>()
  #lastId = 0

  constructor(dial: () => Promise<Wire>, options: ClientOptions) {
    this.#timers = options.timers ?? hostTimers
    this.#onBug = options.onBug ?? rethrowLater
    const { version, token, name } = options
    this.#connection = new Connection(
      dial,
      {
        version,
        ...(token === undefined ? {} : { token }),
        ...(name === undefined ? {} : { name }),
        timers: this.#timers,
        random: options.random ?? Math.random,
        onBug: this.#onBug,
      },
      {
        ready: () => this.#ready(),
        reply: (reply) => this.#reply(reply),
        lost: () => this.#lost(),
      },
    )
    if (options.onStatus !== undefined) this.#connection.onStatus(options.onStatus)
  }

  get status(): ClientStatus {
    return this.#connection.status
  }

  onStatus(listener: (status: ClientStatus) => void): () => void {
    return this.#connection.onStatus(listener)
  }

  call(name: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    const { signal, timeoutMs = callTimeoutMs } = options
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const id = this.#nextId()
      if (!this.#connection.send({ is: 'call', id, name, input })) return reject(lostFault())
      const stopTimer = this.#timers.after(timeoutMs, () =>
        giveUp(new Fault('timed-out', `No answer within ${timeoutMs} ms.`, 'Try again.')),
      )
      const abort = () => giveUp(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      const done = () => {
        this.#calls.delete(id)
        stopTimer()
        signal?.removeEventListener('abort', abort)
      }
      const giveUp = (reason: unknown) => {
        done()
        this.#connection.send({ is: 'cancel', id })
        reject(reason)
      }
      this.#calls.set(id, {
        resolve(value) {
          done()
          resolve(value)
        },
        reject(error) {
          done()
          reject(error)
        },
      })
    })
  }

  table(name: string, listener: TableListener): () => void {
    const shared = this.#tables.get(name) ?? this.#newTable(name)
    shared.stopLinger()
    shared.table.listeners.add(listener)
    if (shared.table.rows !== null) listener.rows(shared.table.rows)
    return () => {
      if (!shared.table.listeners.delete(listener) || shared.table.listeners.size > 0) return
      shared.stopLinger = this.#timers.after(lingerMs, () => {
        this.#tables.delete(name)
        this.#unsubscribe(shared.table)
      })
    }
  }

  #newTable(name: string) {
    const shared = { table: new ClientTable(name, this.#onBug), stopLinger: () => {} }
    this.#tables.set(name, shared)
    this.#subscribe(shared.table)
    return shared
  }

  follow(stream: ClientJournal | ClientFeed): () => void {
    this.#subscribe(stream)
    return () => {
      stream.closed = true
      this.#unsubscribe(stream)
    }
  }

  upload(name: string, listener: UploadListener): OpenedUpload {
    const upload = new ClientUpload(name, listener)
    this.#subscribe(upload)
    return {
      get room() {
        return upload.room
      },
      send: (header, bytes) => {
        const [id] = [...this.#open].find(([, open]) => open === upload) ?? []
        if (id === undefined || upload.room === 0) return false
        upload.spend()
        return this.#connection.sendFrame(encodeFeedFrame(id, header, bytes))
      },
      close: () => {
        upload.closed = true
        this.#unsubscribe(upload)
      },
    }
  }

  get onBug(): (error: unknown) => void {
    return this.#onBug
  }

  retryNow(): void {
    this.#connection.retryNow()
  }

  close(): void {
    this.#connection.close()
    for (const { stopLinger } of this.#tables.values()) stopLinger()
    this.#tables.clear()
    this.#subscriptions.clear()
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0
    return this.#lastId
  }

  #subscribe(subscription: Subscription): void {
    this.#subscriptions.add(subscription)
    this.#ask(subscription)
  }

  #ask(subscription: Subscription): void {
    const id = this.#nextId()
    if (this.#connection.send(subscription.opening(id))) this.#open.set(id, subscription)
  }

  #unsubscribe(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    for (const [id, open] of this.#open) {
      if (open !== subscription) continue
      this.#open.delete(id)
      this.#connection.send({ is: 'close', id })
    }
  }

  #ready(): void {
    for (const subscription of this.#subscriptions) this.#ask(subscription)
  }

  #lost(): void {
    for (const open of this.#open.values()) if (open instanceof ClientUpload) open.lost()
    this.#open.clear()
    for (const call of [...this.#calls.values()]) call.reject(lostFault())
  }

  #reply(reply: Reply | FeedFrame): void {
    switch (reply.is) {
      case 'result':
        this.#calls.get(reply.id)?.resolve(reply.value)
        break
      case 'fault':
        this.#calls.get(reply.id)?.reject(faultOf(reply))
        break
      case 'end':
        this.#ended(reply)
        break
      case 'rows':
      case 'page':
      case 'credit':
      case 'frame': {
        const { id } = reply
        const open = this.#open.get(id)
        // Said later, perhaps on another pipe, where the id may be somebody else's.
        open?.reply(reply, (frames) => {
          if (this.#open.get(id) !== open) return
          this.#connection.send({ is: 'credit', id, ...(frames === undefined ? {} : { frames }) })
        })
      }
    }
  }

  #ended({ id, fault }: Reply & { is: 'end' }): void {
    const open = this.#open.get(id)
    this.#open.delete(id)
    if (open === undefined || fault === null) return
    open.ended(faultOf(fault))
    if (!passing.includes(fault.code)) return
    this.#timers.after(reopenMs, () => {
      const isOpen = [...this.#open.values()].includes(open)
      if (this.#subscriptions.has(open) && !isOpen) this.#ask(open)
    })
  }
}

function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
