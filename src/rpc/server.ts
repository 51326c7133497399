/** Serves a contract over one wire to one session: checks input and role, answers calls, keeps what the session has open. */
import { Fault, never } from '../contract/fault.ts'
import { type Contract, mayAct, type Spec } from '../contract/kinds.ts'
import type { FeedFrame } from './feed-frame.ts'
import { decodeRequest, encodeReply, type FaultText, type Request } from './frame.ts'
import { checkedInput, isCall, isFeed, isJournal, isTable, isUpload } from './handler-shapes.ts'
import type { Handlers, Session } from './handlers.ts'
import { FrameError } from './json-text.ts'
import { Outlet } from './outlet.ts'
import { ServedCalls } from './serve-calls.ts'
import { ServedFeed } from './serve-feed.ts'
import { ServedJournal } from './serve-journal.ts'
import { ServedTable } from './serve-table.ts'
import { ServedUpload } from './serve-upload.ts'
import { hostTimers, type Timers } from './timers.ts'
import type { Wire, WireClose, WireMessage } from './wire.ts'

export interface ServeLimits {
  readonly open: number
  readonly calls: number
  readonly callTimeoutMs: number
  readonly pageEntries: number
  /** A table sends at most this often. */
  readonly flushMs: number
  /** Answers made but not taken; a reader that lets more pile up is cut off. */
  readonly answersWaiting: number
}

const usualLimits: ServeLimits = {
  open: 200,
  calls: 64,
  callTimeoutMs: 30_000,
  pageEntries: 200,
  flushMs: 16,
  answersWaiting: 256,
}

export interface ServeOptions {
  /** Logs the error with its stack; returns the id under which it was logged, which is all the screen learns. */
  onBug(error: unknown): string
  /** The wire ended, by either side; `malformed` when it was closed over what the client sent. */
  onEnd?(close: WireClose & { readonly malformed: boolean }): void
  readonly limits?: Partial<ServeLimits>
  readonly timers?: Timers
}

export interface Served {
  close(code?: number, reason?: string): void
}

type Open = ServedTable | ServedJournal | ServedFeed | ServedUpload

class Server implements Served {
  readonly #contract: Contract
  readonly #handlers: Readonly<Record<string, unknown>>
  readonly #wire: Wire
  readonly #session: Session
  readonly #options: ServeOptions
  readonly #limits: ServeLimits
  readonly #timers: Timers
  readonly #outlet: Outlet
  readonly #calls: ServedCalls
  readonly #open = new Map<number, Open>()
  readonly #pong = { next: () => encodeReply({ is: 'pong' }) }
  #ended = false

  constructor(
    contract: Contract,
    handlers: Readonly<Record<string, unknown>>,
    wire: Wire,
    session: Session,
    options: ServeOptions,
  ) {
    this.#contract = contract
    this.#handlers = handlers
    this.#wire = wire
    this.#session = session
    this.#options = options
    this.#limits = { ...usualLimits, ...options.limits }
    this.#timers = options.timers ?? hostTimers
    this.#outlet = new Outlet(wire)
    this.#calls = new ServedCalls(this.#outlet, {
      limit: this.#limits.calls,
      timeoutMs: this.#limits.callTimeoutMs,
      timers: this.#timers,
      faultText: (error) => this.#faultText(error),
      onBug: (error) => options.onBug(error),
    })
    wire.onMessage((message) => this.#received(message))
    wire.onClose((close) => this.#end(close, false))
    const { id, role, user } = session
    this.#outlet.answer(encodeReply({ is: 'welcome', session: id, role, user }))
  }

  close(code = 1001, reason = 'going away'): void {
    this.#finish({ code, reason }, false)
  }

  #finish(close: WireClose, malformed: boolean): void {
    this.#end(close, malformed)
    this.#wire.close(close.code, close.reason)
  }

  #end(close: WireClose, malformed: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.#outlet.close()
    this.#calls.close()
    for (const open of this.#open.values()) this.#guard(() => open.close())
    this.#open.clear()
    this.#options.onEnd?.({ ...close, malformed })
  }

  #received(message: WireMessage): void {
    if (this.#ended) return
    try {
      this.#take(decodeRequest(message))
    } catch (error) {
      if (error instanceof FrameError) this.#finish({ code: error.code, reason: error.message }, true)
      else this.#options.onBug(error)
    }
    if (this.#outlet.answersWaiting > this.#limits.answersWaiting) {
      this.#finish({ code: 1008, reason: 'answers are not read' }, true)
    }
  }

  #take(request: Request | FeedFrame): void {
    switch (request.is) {
      case 'hello':
        throw new FrameError(1002, 'a second hello')
      case 'ping':
        this.#outlet.ready(this.#pong)
        break
      case 'call':
        this.#calls.start(
          request.id,
          (signal) => this.#perform(request.name, request.input, signal),
          this.#timeoutOf(request.name),
        )
        break
      case 'cancel':
        this.#calls.cancel(request.id)
        break
      case 'open':
        this.#openOne(request)
        break
      case 'close':
        this.#closeOne(request.id)
        break
      case 'credit':
        this.#credit(request.id, request.frames ?? 1)
        break
      case 'frame':
        this.#frame(request)
        break
      default:
        never(request, 'request')
    }
  }

  #credit(id: number, frames: number): void {
    const open = this.#open.get(id)
    if (open !== undefined && !(open instanceof ServedUpload)) open.credit(frames)
  }

  /** One for an upload that has ended here was on its way when that was said. */
  #frame({ id, header, bytes }: FeedFrame): void {
    const open = this.#open.get(id)
    if (open instanceof ServedUpload) open.take(header, bytes)
  }

  #spec(name: string): Spec {
    const spec = Object.hasOwn(this.#contract, name) ? this.#contract[name] : undefined
    if (spec === undefined) throw new Fault('not-found', `There is no “${name}”.`, 'Reload the screen.')
    if (!mayAct(this.#session.role, spec.role)) {
      throw new Fault('not-allowed', `This needs the role ${spec.role}.`, 'Ask somebody with that role.')
    }
    return spec
  }

  #timeoutOf(name: string): number | undefined {
    const spec = Object.hasOwn(this.#contract, name) ? this.#contract[name] : undefined
    return spec?.kind === 'call' ? spec.timeoutMs : undefined
  }

  async #perform(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const spec = this.#spec(name)
    const handler = this.#handlers[name]
    if (spec.kind !== 'call' || !isCall(handler)) throw new Fault('bad-input', `“${name}” is not a call.`)
    return handler(checkedInput(name, spec.input, input), this.#session, signal)
  }

  #faultText(error: unknown): FaultText {
    if (error instanceof Fault) return { code: error.code, message: error.message, tip: error.tip }
    const bug = this.#options.onBug(error)
    return {
      code: 'bug',
      message: `Something went wrong inside Watchfloor (${bug}).`,
      tip: 'Try again; if it happens again, report this id.',
    }
  }

  #openOne(request: Request & { is: 'open' }): void {
    const { id } = request
    if (this.#open.has(id)) throw new FrameError(1002, 'open id in use')
    try {
      if (this.#open.size >= this.#limits.open) {
        throw new Fault('busy', 'Too much is open in this session.', 'Close a pane.')
      }
      this.#begin(request)
    } catch (error) {
      if (error instanceof FrameError) throw error
      this.#endOne(id, error)
    }
  }

  #begin({ id, name, after, input, ahead }: Request & { is: 'open' }): void {
    const spec = this.#spec(name)
    const handler = this.#handlers[name]
    const fail = (error: unknown) => this.#endOne(id, error)
    if (spec.kind === 'table' && isTable(handler)) {
      const served = new ServedTable(id, this.#outlet, {
        timers: this.#timers,
        flushMs: this.#limits.flushMs,
        onBug: (error) => this.#options.onBug(error),
      })
      this.#open.set(id, served)
      served.open(handler)
    } else if (spec.kind === 'journal' && isJournal(handler)) {
      const served = new ServedJournal(id, this.#outlet, handler, {
        pageEntries: this.#limits.pageEntries,
        fail,
      })
      this.#open.set(id, served)
      served.open(after ?? 'now')
    } else if (spec.kind === 'feed' && isFeed(handler)) {
      const checked = checkedInput(name, spec.input, input ?? {})
      const served = new ServedFeed(id, this.#outlet, ahead ?? 1, fail)
      this.#open.set(id, served)
      // Its failures go to `fail`; the promise itself never rejects.
      void served.open((wake) => handler(checked, wake, this.#session))
    } else if (spec.kind === 'upload' && isUpload(handler)) {
      const checked = checkedInput(name, spec.input, input ?? {})
      const check = (header: unknown) => checkedInput(name, spec.header, header)
      const served = new ServedUpload(id, this.#outlet, check, fail)
      this.#open.set(id, served)
      void served.open((more, end) => handler(checked, more, this.#session, end))
    } else {
      throw new Fault('bad-input', `“${name}” cannot be opened.`)
    }
  }

  #closeOne(id: number): void {
    const open = this.#open.get(id)
    this.#open.delete(id)
    if (open !== undefined) this.#guard(() => open.close())
  }

  /** The stream ended for a reason of ours; the id is free again. */
  #endOne(id: number, error: unknown): void {
    if (this.#ended) return
    this.#closeOne(id)
    this.#outlet.answer(encodeReply({ is: 'end', id, fault: this.#faultText(error) }))
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#options.onBug(error)
    }
  }
}

export function serve<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  wire: Wire,
  session: Session,
  options: ServeOptions,
): Served {
  return new Server(contract, handlers, wire, session, options)
}
