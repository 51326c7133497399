/** A screen's end of one feed: hands frames on one by one, and asks for more as the painter is done with them. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame } from './feed-frame.ts'
import type { Reply, Request } from './frame.ts'
import type { More, Subscription } from './subscription.ts'

export interface FeedListener {
  readonly input: unknown
  /** Frames that may be on their way while one is being painted. */
  readonly ahead: number
  /** The next frame comes when the promise settles. */
  onFrame(header: unknown, bytes: Uint8Array): void | Promise<void>
  onFault?: ((fault: Fault) => void) | undefined
}

export class ClientFeed implements Subscription {
  readonly #name: string
  readonly #listener: FeedListener
  readonly #onBug: (error: unknown) => void
  #painting: Promise<void> = Promise.resolve()
  /** Of the pipe of today: a frame of an earlier one must not be counted on it. */
  #pipe = { painted: 0 }
  closed = false

  constructor(name: string, listener: FeedListener, onBug: (error: unknown) => void) {
    this.#name = name
    this.#listener = listener
    this.#onBug = onBug
  }

  opening(id: number): Request & { is: 'open' } {
    this.#pipe = { painted: 0 }
    const { input, ahead } = this.#listener
    return { is: 'open', id, name: this.#name, input, ...(ahead === 1 ? {} : { ahead }) }
  }

  reply(reply: Reply | FeedFrame, more: More): void {
    if (reply.is !== 'frame') return
    const { header, bytes } = reply
    const pipe = this.#pipe
    this.#painting = this.#painting
      .then(() => this.#paint(header, bytes))
      .then(() => {
        pipe.painted++
        // Half of those ahead are asked for in one message.
        if (pipe.painted * 2 < this.#listener.ahead) return
        more(pipe.painted)
        pipe.painted = 0
      })
  }

  ended(fault: Fault): void {
    this.#listener.onFault?.(fault)
  }

  async #paint(header: unknown, bytes: Uint8Array): Promise<void> {
    if (this.closed) return
    try {
      await this.#listener.onFrame(header, bytes)
    } catch (error) {
      this.#onBug(error)
    }
  }
}
