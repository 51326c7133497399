/** One open feed: takes a frame from its source only when the reader has asked for one, so nothing is ever kept here. */
import { encodeFeedFrame } from './feed-frame.ts'
import { fitsReply } from './frame.ts'
import type { OpenFeed } from './handlers.ts'
import type { NewsSource, Outlet } from './outlet.ts'

export class ServedFeed implements NewsSource {
  readonly #id: number
  readonly #outlet: Outlet
  readonly #fail: (error: unknown) => void
  #open: OpenFeed<unknown> | null = null
  readonly #ahead: number
  /** Frames asked for and not sent. Opening asks for as many as may be on their way; nobody can ask for more than those. */
  #credit: number
  #closed = false

  constructor(id: number, outlet: Outlet, ahead: number, fail: (error: unknown) => void) {
    this.#id = id
    this.#ahead = Math.max(1, ahead)
    this.#credit = this.#ahead
    this.#outlet = outlet
    this.#fail = fail
  }

  /** `start` may take its time; a reader that left meanwhile has its feed closed on arrival. */
  async open(start: (wake: () => void) => OpenFeed<unknown> | Promise<OpenFeed<unknown>>): Promise<void> {
    try {
      const open = await start(() => this.wake())
      if (this.#closed) return open.close()
      this.#open = open
      this.wake()
    } catch (error) {
      if (!this.#closed) this.#fail(error)
    }
  }

  wake(): void {
    if (this.#credit > 0 && !this.#closed && this.#open !== null) this.#outlet.ready(this)
  }

  credit(frames: number): void {
    this.#credit = Math.min(this.#ahead, this.#credit + frames)
    this.wake()
  }

  next(): Uint8Array | null {
    if (this.#closed || this.#credit === 0) return null
    try {
      const frame = this.#open?.take() ?? null
      if (frame === null) return null
      const message = encodeFeedFrame(this.#id, frame.header, frame.bytes)
      if (!fitsReply(message)) throw new RangeError(`a feed frame of ${message.length} bytes`)
      this.#credit--
      return message
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  close(): void {
    this.#closed = true
    this.#outlet.forget(this)
    this.#open?.close()
    this.#open = null
  }
}
