/** One open upload: asks the screen for frames when its sink has room, and takes no frame it has not asked for. */
import { encodeReply, mostAhead } from './frame.ts'
import type { OpenUpload } from './handlers.ts'
import { FrameError } from './json-text.ts'
import type { NewsSource, Outlet } from './outlet.ts'

export class ServedUpload implements NewsSource {
  readonly #id: number
  readonly #outlet: Outlet
  readonly #fail: (error: unknown) => void
  /** The header as its schema has it; throws a Fault. */
  readonly #check: (header: unknown) => unknown
  #open: OpenUpload<unknown> | null = null
  /** Asked for by the sink, and not said to the screen yet. */
  #unsaid = 0
  /** Said, and not come yet. */
  #due = 0
  #closed = false

  constructor(
    id: number,
    outlet: Outlet,
    check: (header: unknown) => unknown,
    fail: (error: unknown) => void,
  ) {
    this.#id = id
    this.#outlet = outlet
    this.#check = check
    this.#fail = fail
  }

  /** A screen that left before the sink was there has it closed on arrival. */
  async open(
    start: (
      more: (frames: number) => void,
      end: (reason: unknown) => void,
    ) => OpenUpload<unknown> | Promise<OpenUpload<unknown>>,
  ): Promise<void> {
    try {
      const open = await start(
        (frames) => this.#more(frames),
        (reason) => {
          if (!this.#closed) this.#fail(reason)
        },
      )
      if (this.#closed) return open.close()
      this.#open = open
      if (this.#unsaid > 0) this.#outlet.ready(this)
    } catch (error) {
      if (!this.#closed) this.#fail(error)
    }
  }

  next(): string | null {
    const frames = Math.min(this.#unsaid, mostAhead - this.#due)
    if (this.#closed || frames <= 0) return null
    this.#unsaid -= frames
    this.#due += frames
    return encodeReply({ is: 'credit', id: this.#id, frames })
  }

  /** Throws `FrameError` for a frame nobody asked for: such a screen would fill memory. */
  take(header: unknown, bytes: Uint8Array): void {
    if (this.#closed || this.#open === null) return
    if (this.#due === 0) throw new FrameError(1008, 'a frame that was not asked for')
    this.#due--
    if (this.#unsaid > 0) this.#outlet.ready(this)
    try {
      this.#open.take(this.#check(header), bytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  close(): void {
    this.#closed = true
    this.#outlet.forget(this)
    this.#open?.close()
    this.#open = null
  }

  #more(frames: number): void {
    if (this.#closed) return
    this.#unsaid += frames
    if (this.#open !== null) this.#outlet.ready(this)
  }
}
