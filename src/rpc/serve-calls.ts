/** The calls of one session: how many run, how long each may take, and that each is answered at most once. */
import { Fault } from '../contract/fault.ts'
import { encodeReply, type FaultText, fitsReply } from './frame.ts'
import { FrameError } from './json-text.ts'
import type { Outlet } from './outlet.ts'
import type { Timers } from './timers.ts'

export interface CallOptions {
  readonly limit: number
  readonly timeoutMs: number
  readonly timers: Timers
  /** What the screen learns of an error; a bug is logged by this. */
  faultText(error: unknown): FaultText
  onBug(error: unknown): void
}

export class ServedCalls {
  readonly #outlet: Outlet
  readonly #options: CallOptions
  readonly #calls = new Map<number, AbortController>()
  /** Also the ones answered late or cancelled: a handler that goes on working keeps its place. */
  #running = 0

  constructor(outlet: Outlet, options: CallOptions) {
    this.#outlet = outlet
    this.#options = options
  }

  /** `timeoutMs` is for a call that may take longer than the others. */
  start(
    id: number,
    perform: (signal: AbortSignal) => Promise<unknown>,
    timeoutMs = this.#options.timeoutMs,
  ): void {
    if (this.#calls.has(id)) throw new FrameError(1002, 'call id in use')
    const { limit, timers } = this.#options
    if (this.#running >= limit) {
      this.#fault(id, new Fault('busy', 'Too many requests at once.', 'Try again in a moment.'))
      return
    }
    const call = new AbortController()
    this.#calls.set(id, call)
    this.#running++
    const stopTimer = timers.after(timeoutMs, () => {
      this.#failed(id, call, new Fault('timed-out', `No answer within ${timeoutMs} ms.`, 'Try again.'))
      call.abort()
    })
    const done = () => {
      this.#running--
      stopTimer()
    }
    perform(call.signal).then(
      (value) => {
        done()
        this.#answered(id, call, value)
      },
      (error: unknown) => {
        done()
        this.#failed(id, call, error)
      },
    )
  }

  cancel(id: number): void {
    this.#calls.get(id)?.abort()
    this.#calls.delete(id)
  }

  /** The wire is gone: nobody is left to answer. */
  close(): void {
    for (const call of this.#calls.values()) call.abort()
    this.#calls.clear()
  }

  /** True for the first answer, unless it was cancelled. */
  #settle(id: number, call: AbortController): boolean {
    return this.#calls.get(id) === call && this.#calls.delete(id)
  }

  #answered(id: number, call: AbortController, value: unknown): void {
    if (!this.#settle(id, call)) return
    try {
      const text = encodeReply({ is: 'result', id, value })
      if (!fitsReply(text)) throw new RangeError(`an answer of ${text.length} characters`)
      this.#outlet.answer(text)
    } catch (error) {
      this.#fault(id, error)
    }
  }

  #failed(id: number, call: AbortController, error: unknown): void {
    if (this.#settle(id, call)) this.#fault(id, error)
    // What a handler throws because it was stopped is no bug.
    else if (!(error instanceof Fault) && !call.signal.aborted) this.#options.onBug(error)
  }

  #fault(id: number, error: unknown): void {
    this.#outlet.answer(encodeReply({ is: 'fault', id, ...this.#options.faultText(error) }))
  }
}
