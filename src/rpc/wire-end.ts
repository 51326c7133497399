/** What every wire does the same way: one listener each, and a close that is told exactly once, even to a late listener. */
import type { WireClose, WireMessage } from './wire.ts'

export class WireEnd {
  #message: ((message: WireMessage) => void) | null = null
  #close: ((close: WireClose) => void) | null = null
  #closed: WireClose | null = null

  get isClosed(): boolean {
    return this.#closed !== null
  }

  onMessage(listener: (message: WireMessage) => void): void {
    this.#message = listener
  }

  onClose(listener: (close: WireClose) => void): void {
    this.#close = listener
    const closed = this.#closed
    if (closed !== null) queueMicrotask(() => listener(closed))
  }

  deliver(message: WireMessage): void {
    if (this.#closed === null) this.#message?.(message)
  }

  /** False when it was closed before. */
  closed(close: WireClose): boolean {
    if (this.#closed !== null) return false
    this.#closed = close
    this.#close?.(close)
    return true
  }
}

/** Why a send on a wire fails. Expected, so that nobody mistakes it for a bug. */
export class WireClosed extends Error {
  override readonly name = 'WireClosed'
  constructor() {
    super('the wire is closed')
  }
}

/** For sends whose failure the close listener deals with. */
export function ignoreClosed(error: unknown): void {
  if (!(error instanceof WireClosed)) throw error
}

export function sizeOf(message: WireMessage): number {
  // Two bytes a character: what a string costs in memory, near enough to what it costs on the way.
  return typeof message === 'string' ? message.length * 2 : message.length
}
