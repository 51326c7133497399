/** A screen's place in one journal: asks for the next page when it is done with the last, and goes on from there on a new pipe. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame } from './feed-frame.ts'
import type { Reply, Request } from './frame.ts'
import type { More, Subscription } from './subscription.ts'

export interface JournalListener {
  readonly after: number | 'now'
  /** The next page comes when the promise settles. */
  onEntries(entries: readonly unknown[]): void | Promise<void>
  onFault?: ((fault: Fault) => void) | undefined
}

export class ClientJournal implements Subscription {
  readonly #name: string
  readonly #listener: JournalListener
  readonly #onBug: (error: unknown) => void
  #after: number | 'now'
  /** Pages are handed on one after another, also across pipes. */
  #handing: Promise<void> = Promise.resolve()
  closed = false

  constructor(name: string, listener: JournalListener, onBug: (error: unknown) => void) {
    this.#name = name
    this.#listener = listener
    this.#after = listener.after
    this.#onBug = onBug
  }

  opening(id: number): Request & { is: 'open' } {
    return { is: 'open', id, name: this.#name, after: this.#after }
  }

  reply(reply: Reply | FeedFrame, more: More): void {
    if (reply.is !== 'page') return
    // Ours from here on: a page is whole or not there at all, and a new pipe asks for what follows it.
    this.#after = reply.seq
    const { entries } = reply
    this.#handing = this.#handing.then(() => this.#hand(entries)).then(() => more())
  }

  ended(fault: Fault): void {
    this.#listener.onFault?.(fault)
  }

  async #hand(entries: readonly unknown[]): Promise<void> {
    if (this.closed || entries.length === 0) return
    try {
      await this.#listener.onEntries(entries)
    } catch (error) {
      this.#onBug(error)
    }
  }
}
