/** A screen's side of the pipe: dials, says hello, notices silence, dials again with jitter. Knows nothing of what is asked over it. */
import type { Role } from '../contract/kinds.ts'
import type { FeedFrame } from './feed-frame.ts'
import { decodeReply, encodeRequest, type RefusedReason, type Reply, type Request } from './frame.ts'
import { FrameError } from './json-text.ts'
import type { Timers } from './timers.ts'
import type { Wire, WireMessage } from './wire.ts'
import { ignoreClosed } from './wire-end.ts'

export type ClientStatus =
  | { readonly is: 'connecting' }
  | { readonly is: 'ready'; readonly role: Role; readonly user: string; readonly session: string }
  /** `since` is when it was lost, `retryAt` when it is tried again; both epoch ms. */
  | { readonly is: 'lost'; readonly since: number; readonly retryAt: number }
  /** Final: asking again with the same token and version would be answered the same. */
  | { readonly is: 'refused'; readonly reason: RefusedReason }

export interface ConnectionOptions {
  readonly version: number
  readonly token?: string
  /** The name somebody signed on with; asked before every hello, so that it outlives a reconnect. */
  readonly name?: string | (() => string | undefined)
  readonly timers: Timers
  readonly random: () => number
  readonly onBug: (error: unknown) => void
}

export interface ConnectionListener {
  ready(): void
  reply(reply: Reply | FeedFrame): void
  lost(): void
}

/** One dial and the pipe that came of it. What an earlier one still says is ignored. */
interface Attempt {
  wire: Wire | null
}

const dialTimeoutMs = 10_000
const welcomeTimeoutMs = 5000
const pingEveryMs = 5000
const pongTimeoutMs = 5000
/** Full jitter below a ceiling that doubles: 500 ms at first, so that a restart of the app is hardly seen. */
const firstRetryMs = 500
const longestRetryMs = 5000
/** A pipe that lived less long does not start the ladder again. */
const steadyAfterMs = 5000

export class Connection {
  readonly #dial: () => Promise<Wire>
  readonly #options: ConnectionOptions
  readonly #listener: ConnectionListener
  readonly #listeners = new Set<(status: ClientStatus) => void>()
  #status: ClientStatus = { is: 'connecting' }
  #current: Attempt | null = null
  #failures = 0
  #readyAt = 0
  #heard = false
  #closed = false
  #stopTimer = () => {}

  constructor(dial: () => Promise<Wire>, options: ConnectionOptions, listener: ConnectionListener) {
    this.#dial = dial
    this.#options = options
    this.#listener = listener
    // Not at once: the caller has not got its client yet.
    queueMicrotask(() => this.#open())
  }

  get status(): ClientStatus {
    return this.#status
  }

  onStatus(listener: (status: ClientStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** False when there is no pipe to say it on. */
  send(request: Request): boolean {
    return this.#send(encodeRequest(request))
  }

  /** One frame of an upload, encoded. */
  sendFrame(frame: Uint8Array): boolean {
    return this.#send(frame)
  }

  #send(message: WireMessage): boolean {
    const wire = this.#current?.wire
    if (this.#status.is !== 'ready' || wire === null || wire === undefined) return false
    wire.send(message).catch(ignoreClosed)
    return true
  }

  retryNow(): void {
    if (this.#status.is === 'lost' && this.#current === null) this.#open()
  }

  close(): void {
    this.#closed = true
    this.#listeners.clear()
    this.#leave(1000, 'closed')
  }

  #open(): void {
    if (this.#closed) return
    const attempt: Attempt = { wire: null }
    this.#current = attempt
    this.#wait(dialTimeoutMs, () => this.#lost(attempt))
    this.#dial().then(
      (wire) => (this.#current === attempt ? this.#hello(attempt, wire) : this.#late(wire)),
      () => this.#lost(attempt),
    )
  }

  /** From a dial that was given up. A shell hands over its next port only after this one, so it is used if none is. */
  #late(wire: Wire): void {
    if (this.#closed || (this.#current !== null && this.#current.wire !== null)) {
      wire.close()
      return
    }
    const attempt: Attempt = { wire: null }
    this.#current = attempt
    this.#hello(attempt, wire)
  }

  #hello(attempt: Attempt, wire: Wire): void {
    attempt.wire = wire
    wire.onMessage((message) => this.#received(attempt, message))
    wire.onClose(() => this.#lost(attempt))
    this.#wait(welcomeTimeoutMs, () => this.#lost(attempt))
    const { version, token, name } = this.#options
    const given = typeof name === 'function' ? name() : name
    const hello: Request = {
      is: 'hello',
      version,
      ...(token === undefined ? {} : { token }),
      ...(given === undefined ? {} : { name: given }),
    }
    wire.send(encodeRequest(hello)).catch(ignoreClosed)
  }

  #received(attempt: Attempt, message: WireMessage): void {
    if (this.#current !== attempt) return
    this.#heard = true
    try {
      const reply = decodeReply(message)
      if (reply.is === 'welcome') this.#welcome(attempt, reply)
      else if (reply.is === 'refused') this.#refused(reply.reason)
      else if (reply.is !== 'pong' && this.#status.is === 'ready') this.#listener.reply(reply)
    } catch (error) {
      if (error instanceof FrameError) this.#lost(attempt, error.code, error.message)
      else this.#options.onBug(error)
    }
  }

  #welcome(attempt: Attempt, { role, user, session }: Reply & { is: 'welcome' }): void {
    if (this.#status.is === 'ready') return
    this.#readyAt = this.#options.timers.now()
    const status: ClientStatus = { is: 'ready', role, user, session }
    // What is already open goes first; a listener of the status may open more.
    this.#status = status
    this.#pingLater(attempt)
    this.#listener.ready()
    this.#become(status)
  }

  /** A pipe can be dead without a close: what counts is that something was heard. */
  #pingLater(attempt: Attempt): void {
    this.#wait(pingEveryMs, () => {
      this.#heard = false
      this.send({ is: 'ping' })
      this.#wait(pongTimeoutMs, () => {
        // A page that was asleep finds its timer due before its messages: they get one more turn.
        this.#wait(0, () => (this.#heard ? this.#pingLater(attempt) : this.#lost(attempt)))
      })
    })
  }

  #refused(reason: RefusedReason): void {
    this.#closed = true
    this.#leave(1000, 'refused')
    this.#become({ is: 'refused', reason })
  }

  #lost(attempt: Attempt, code = 1000, reason = 'lost'): void {
    if (this.#current !== attempt) return
    const now = this.#options.timers.now()
    const before = this.#status
    this.#leave(code, reason)
    if (before.is === 'ready' && now - this.#readyAt >= steadyAfterMs) this.#failures = 0
    const ceilingMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.#failures, 10))
    this.#failures++
    const waitMs = Math.ceil(this.#options.random() * ceilingMs)
    const since = before.is === 'lost' ? before.since : now
    this.#wait(waitMs, () => this.#open())
    this.#become({ is: 'lost', since, retryAt: now + waitMs })
  }

  #leave(code: number, reason: string): void {
    const wire = this.#current?.wire
    this.#current = null
    this.#stopTimer()
    wire?.close(code, reason)
    if (this.#status.is === 'ready') this.#listener.lost()
  }

  /** One timer: the connection waits for one thing at a time. */
  #wait(delayMs: number, run: () => void): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.timers.after(delayMs, run)
  }

  #become(status: ClientStatus): void {
    this.#status = status
    for (const listener of [...this.#listeners]) {
      try {
        listener(status)
      } catch (error) {
        this.#options.onBug(error)
      }
    }
  }
}
