/** Two wires joined in memory, for tests: with back-pressure, a reader that can stall, and a cut that loses what is on its way. */
import type { Wire, WireMessage } from './wire.ts'
import { sizeOf, WireClosed, WireEnd } from './wire-end.ts'

export interface MemoryPair {
  readonly server: Wire
  readonly client: Wire
  /** Both ends close as lost; what was on its way is gone. */
  cut(): void
  /** The client's end stops reading until `flow`. */
  stall(): void
  flow(): void
}

/** A sender waits while more than this is unread. */
const highWaterBytes = 64 * 1024

class Lane {
  readonly #to: WireEnd
  #queue: WireMessage[] = []
  #queuedBytes = 0
  #waiting: { resolve(): void; reject(error: WireClosed): void }[] = []
  #draining = false
  #stalled = false

  constructor(to: WireEnd) {
    this.#to = to
  }

  send(message: WireMessage): Promise<void> {
    if (this.#to.isClosed) return Promise.reject(new WireClosed())
    // A copy, as a real pipe would make: the sender may reuse its buffer.
    this.#queue.push(typeof message === 'string' ? message : message.slice())
    this.#queuedBytes += sizeOf(message)
    this.#drainSoon()
    if (this.#queuedBytes < highWaterBytes) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled
    this.#drainSoon()
  }

  drop(): void {
    this.#queue = []
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new WireClosed())
  }

  /** Reads what is left before the end closes, as a clean close does. */
  drainNow(): void {
    for (const message of this.#queue.splice(0)) this.#to.deliver(message)
    this.drop()
  }

  #drainSoon(): void {
    if (this.#draining || this.#stalled) return
    this.#draining = true
    queueMicrotask(() => {
      this.#draining = false
      const message = this.#stalled ? undefined : this.#queue.shift()
      if (message === undefined) return
      this.#queuedBytes -= sizeOf(message)
      this.#to.deliver(message)
      if (this.#queuedBytes < highWaterBytes) for (const waiting of this.#waiting.splice(0)) waiting.resolve()
      if (this.#queue.length > 0) this.#drainSoon()
    })
  }
}

export function memoryPair(): MemoryPair {
  const serverEnd = new WireEnd()
  const clientEnd = new WireEnd()
  const toClient = new Lane(clientEnd)
  const toServer = new Lane(serverEnd)

  function wire(mine: WireEnd, out: Lane, back: Lane, theirs: WireEnd): Wire {
    return {
      send: (message) => out.send(message),
      onMessage: (listener) => mine.onMessage(listener),
      onClose: (listener) => mine.onClose(listener),
      close(code = 1000, reason = '') {
        if (!mine.closed({ code, reason })) return
        back.drop()
        queueMicrotask(() => {
          out.drainNow()
          theirs.closed({ code, reason })
        })
      },
    }
  }

  return {
    server: wire(serverEnd, toClient, toServer, clientEnd),
    client: wire(clientEnd, toServer, toClient, serverEnd),
    cut() {
      toClient.drop()
      toServer.drop()
      clientEnd.closed({ code: 1006, reason: 'cut' })
      serverEnd.closed({ code: 1006, reason: 'cut' })
    },
    stall: () => toClient.stall(true),
    flow: () => toClient.stall(false),
  }
}
