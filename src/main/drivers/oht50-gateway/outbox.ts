/**
 * What leaves for one client. While it reads, every change; once it does not, only which things have changed is remembered,
 * and when its socket is empty again it gets the newest of each. Nothing queues, so it costs nobody else anything.
 */
import type { Clock } from '../../io/clock.ts'
import type { Peer } from '../../io/peer.ts'

export interface OutboxParts {
  readonly peer: Peer
  readonly clock: Clock
  readonly behindBytes: number
  /** The newest message of a thing; null: there is none any more. */
  frame(key: string): Buffer | null
  sent(messages: number): void
}

export class Outbox {
  readonly #parts: OutboxParts
  /** What it has missed, while it is behind. */
  #missed: Set<string> | null = null
  #behindSince = 0

  constructor(parts: OutboxParts) {
    this.#parts = parts
  }

  /** How long it has been behind, ms; null: it is not. */
  behindMs(now: number): number | null {
    return this.#missed === null ? null : now - this.#behindSince
  }

  /** `frames` are `messages` whole messages, the things of `keys` as they are now. */
  send(frames: Buffer, messages: number, keys: readonly string[]): void {
    if (this.#missed === null && !this.#isFull()) {
      if (this.#parts.peer.sendFrames(frames)) this.#parts.sent(messages)
      return
    }
    this.#miss(keys)
  }

  /** The newest of these, now or as soon as it reads. */
  refresh(keys: readonly string[]): void {
    if (this.#missed !== null || this.#isFull()) {
      this.#miss(keys)
      return
    }
    const frames = keys.flatMap((key) => this.#parts.frame(key) ?? [])
    if (frames.length === 0) return
    if (this.#parts.peer.sendFrames(Buffer.concat(frames))) this.#parts.sent(frames.length)
  }

  /** Its socket is empty. */
  drained(): void {
    const missed = this.#missed
    if (missed === null) return
    this.#missed = null
    this.refresh([...missed])
  }

  #isFull(): boolean {
    return this.#parts.peer.bufferedBytes > this.#parts.behindBytes
  }

  #miss(keys: readonly string[]): void {
    if (this.#missed === null) {
      this.#missed = new Set()
      this.#behindSince = this.#parts.clock.monotonic()
    }
    for (const key of keys) this.#missed.add(key)
  }
}
