/** A screen's end of one upload: says when the app has room for a frame, and sends no other. */
import type { Fault } from '../contract/fault.ts'
import type { FeedFrame } from './feed-frame.ts'
import type { Reply, Request } from './frame.ts'
import type { Subscription } from './subscription.ts'

export interface UploadListener {
  readonly input: unknown
  /** There is room for a frame, where there was none. */
  onRoom?: (() => void) | undefined
  onFault?: ((fault: Fault) => void) | undefined
}

export class ClientUpload implements Subscription {
  readonly #name: string
  readonly #listener: UploadListener
  /** Frames the app asked for on the pipe of today. */
  #room = 0
  closed = false

  constructor(name: string, listener: UploadListener) {
    this.#name = name
    this.#listener = listener
  }

  get room(): number {
    return this.#room
  }

  opening(id: number): Request & { is: 'open' } {
    this.#room = 0
    return { is: 'open', id, name: this.#name, input: this.#listener.input }
  }

  reply(reply: Reply | FeedFrame): void {
    if (reply.is !== 'credit') return
    const wasFull = this.#room === 0
    this.#room += reply.frames
    if (wasFull && !this.closed) this.#listener.onRoom?.()
  }

  /** One frame less may be sent. */
  spend(): void {
    this.#room--
  }

  lost(): void {
    this.#room = 0
  }

  ended(fault: Fault): void {
    this.#room = 0
    this.#listener.onFault?.(fault)
  }
}
