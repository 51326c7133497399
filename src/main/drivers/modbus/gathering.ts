/** Bytes of one line between two silences. Bounded: what no frame can hold is counted, not kept. */

/** A request of 256 bytes heard back, and an answer of 256 bytes. */
const mostBytes = 512

export class Gathering {
  readonly #kept = new Uint8Array(mostBytes)
  #length = 0
  /** Monotonic ms of its first and last bytes. */
  firstAt = 0
  lastAt = 0

  /** All that came, kept or not. */
  get length(): number {
    return this.#length
  }

  /** A view; copy what must outlive the next byte. */
  get bytes(): Uint8Array {
    return this.#kept.subarray(0, Math.min(this.#length, mostBytes))
  }

  /** More than any answer with its echo can be. */
  get overflowed(): boolean {
    return this.#length > mostBytes
  }

  add(chunk: Uint8Array, at: number): void {
    if (this.#length === 0) this.firstAt = at
    this.lastAt = at
    const room = mostBytes - this.#length
    if (room > 0) this.#kept.set(chunk.length > room ? chunk.subarray(0, room) : chunk, this.#length)
    this.#length += chunk.length
  }

  clear(): void {
    this.#length = 0
  }
}
