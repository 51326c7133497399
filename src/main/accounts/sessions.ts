/** Whatever is open on the strength of a token, socket or stream: it ends when the token does. And what each user used. */
import type { Clock } from '../io/clock.ts'
import type { Pass, Tokens } from './tokens.ts'

export interface Usage {
  requests: number
  messagesIn: number
  messagesOut: number
  bytesIn: number
  bytesOut: number
  lastLoginAt: number | null
  readonly since: number
}

/** Something open; `end` closes it, and is called once at most. */
export interface Held {
  readonly kind: 'socket' | 'stream'
  readonly pass: Pass
  end(reason: string): void
}

export class Sessions {
  readonly #clock: Clock
  readonly #tokens: () => Tokens
  readonly #held = new Map<Held, () => void>()
  readonly #usage = new Map<number, Usage>()

  constructor(clock: Clock, tokens: () => Tokens) {
    this.#clock = clock
    this.#tokens = tokens
  }

  /** Returns its undo, for what ended by itself. */
  hold(held: Held): () => void {
    const leftMs = Math.max(0, held.pass.expiresAt - this.#clock.now())
    const cancel = this.#clock.after(Math.min(leftMs, 2 ** 31 - 1), () => this.#end(held, 'token expired'))
    this.#held.set(held, cancel)
    return () => {
      cancel()
      this.#held.delete(held)
    }
  }

  *of(userId: number, kind: Held['kind']): Iterable<Held> {
    for (const held of this.#held.keys()) if (held.kind === kind && held.pass.user.id === userId) yield held
  }

  count(userId: number, kind: Held['kind']): number {
    let count = 0
    for (const _ of this.of(userId, kind)) count += 1
    return count
  }

  usage(userId: number): Usage {
    const known = this.#usage.get(userId)
    if (known !== undefined) return known
    const fresh: Usage = {
      requests: 0,
      messagesIn: 0,
      messagesOut: 0,
      bytesIn: 0,
      bytesOut: 0,
      lastLoginAt: null,
      since: this.#clock.now(),
    }
    this.#usage.set(userId, fresh)
    return fresh
  }

  connectionsByUser(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { kind, pass } of this.#held.keys())
      if (kind === 'socket') counts[pass.user.id] = (counts[pass.user.id] ?? 0) + 1
    return counts
  }

  /** After users or tokens changed: ends what no longer holds. */
  review(reason: string): void {
    for (const held of [...this.#held.keys()]) if (!this.#tokens().holds(held.pass)) this.#end(held, reason)
  }

  endAll(reason: string, kind?: Held['kind']): void {
    for (const held of [...this.#held.keys()])
      if (kind === undefined || held.kind === kind) this.#end(held, reason)
  }

  #end(held: Held, reason: string): void {
    const cancel = this.#held.get(held)
    if (cancel === undefined) return
    cancel()
    this.#held.delete(held)
    held.end(reason)
  }
}
