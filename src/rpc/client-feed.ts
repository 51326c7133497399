/** A screen's end of one feed: hands a frame on, and asks for the next when the painter is done with it. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame, Reply, Request } from './frame.ts'
import type { More, Subscription } from './subscription.ts'

export interface FeedListener {
  readonly input: unknown
  /** The next frame comes when the promise settles. */
  onFrame(header: unknown, bytes: Uint8Array): void | Promise<void>
  onFault?: ((fault: Fault) => void) | undefined
}

export class ClientFeed implements Subscription {
  readonly #name: string
  readonly #listener: FeedListener
  readonly #onBug: (error: unknown) => void
  #painting: Promise<void> = Promise.resolve()
  closed = false

  constructor(name: string, listener: FeedListener, onBug: (error: unknown) => void) {
    this.#name = name
    this.#listener = listener
    this.#onBug = onBug
  }

  opening(id: number): Request & { is: 'open' } {
    return { is: 'open', id, name: this.#name, input: this.#listener.input }
  }

  reply(reply: Reply | FeedFrame, more: More): void {
    if (reply.is !== 'frame') return
    const { header, bytes } = reply
    this.#painting = this.#painting.then(() => this.#paint(header, bytes)).then(() => more())
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
