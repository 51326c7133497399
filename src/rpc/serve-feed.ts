/** One open feed: takes a frame from its source only when the reader has asked for one, so nothing is ever kept here. */
import { encodeFeedFrame, fitsReply } from './frame.ts'
import type { OpenFeed } from './handlers.ts'
import type { NewsSource, Outlet } from './outlet.ts'

export class ServedFeed implements NewsSource {
  readonly #id: number
  readonly #outlet: Outlet
  readonly #fail: (error: unknown) => void
  #open: OpenFeed<unknown> | null = null
  /** Opening asks for the first frame. A second credit before the frame is the same credit. */
  #credit = true
  #closed = false

  constructor(id: number, outlet: Outlet, fail: (error: unknown) => void) {
    this.#id = id
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
    if (this.#credit && !this.#closed && this.#open !== null) this.#outlet.ready(this)
  }

  credit(): void {
    this.#credit = true
    this.wake()
  }

  next(): Uint8Array | null {
    if (this.#closed || !this.#credit) return null
    try {
      const frame = this.#open?.take() ?? null
      if (frame === null) return null
      const message = encodeFeedFrame(this.#id, frame.header, frame.bytes)
      if (!fitsReply(message)) throw new RangeError(`a feed frame of ${message.length} bytes`)
      this.#credit = false
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
