/**
 * Answers that may still come: of requests given up on, until the slowest module would have answered. RTU answers carry no number, so
 * one that comes late looks like the answer to whatever is asked then. While any is owed the bus is listened to and nothing is asked.
 */
import type { Clock } from '../../io/clock.ts'
import { readReply } from './frame.ts'
import type { Sent } from './hearing.ts'

interface Debt extends Sent {
  readonly until: number
}

/** A timer this late means the process was held up: bytes may lie unread in the system, so it listens once more before it believes the silence. */
export const heldUpMs = 20
export const listenAgainMs = 50

export class Owed {
  readonly #clock: Clock
  readonly #freed: () => void
  #debts: Debt[] = []
  #undo: (() => void) | null = null

  /** `freed` runs whenever one answer fewer is owed. */
  constructor(clock: Clock, freed: () => void) {
    this.#clock = clock
    this.#freed = freed
  }

  get any(): boolean {
    return this.#debts.length > 0
  }

  /** Whether an owed answer could be taken for the answer to `sent`. */
  confusable({ request }: Sent): boolean {
    return this.#debts.some((debt) => debt.request.unit === request.unit && debt.request.fn === request.fn)
  }

  /** Whether `bytes` are the whole, exact answer to a request given up on. */
  fits(bytes: Uint8Array): boolean {
    return this.#debts.some(({ request, frame }) => readReply(request, frame, bytes).is === 'fits')
  }

  add({ request, frame }: Sent, until: number): void {
    this.#debts.push({ request, frame, until })
    this.#arm()
  }

  /** Ends its timer; what is owed stays owed until asked again. */
  close(): void {
    this.#undo?.()
    this.#undo = null
  }

  #arm(): void {
    this.#undo?.()
    this.#undo = null
    if (this.#debts.length === 0) return
    const due = Math.min(...this.#debts.map(({ until }) => until))
    const leftMs = Math.ceil(Math.max(0, due - this.#clock.monotonic()))
    this.#undo = this.#clock.after(leftMs, () => this.#due(due))
  }

  #due(due: number): void {
    const now = this.#clock.monotonic()
    if (now - due > heldUpMs) {
      const until = now + listenAgainMs
      this.#debts = this.#debts.map((debt) => (debt.until < until ? { ...debt, until } : debt))
    } else this.#debts = this.#debts.filter((debt) => debt.until > now)
    this.#arm()
    this.#freed()
  }
}
