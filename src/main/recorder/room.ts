/** Room on the disk: what may be used of it, and how some is made. The only place that deletes recordings. */
import { unlink } from 'node:fs/promises'
import type { Clock } from '../io/clock.ts'
import type { Log } from '../log.ts'
import type { Segment, Shelf } from './shelf.ts'
import type { RingTrouble } from './trouble.ts'

interface Parts {
  readonly clock: Clock
  readonly log: Log
  readonly shelf: Shelf
  readonly budgetBytes: () => number
  readonly freeBytes: () => Promise<number>
  readonly leftBytes: number
  /** Ends a segment that is being written and that no alert keeps; false when there is none. */
  endUnpinned(): Promise<boolean>
}

const freeEveryMs = 5000

export class Room {
  readonly #parts: Parts
  readonly #holds = new Set<Promise<unknown>>()
  /** Of files that could not be deleted. They are found again at the next start; until then their bytes count. */
  #stuckBytes = 0
  /** As the disk said, and what was written and deleted since. */
  #free = Number.POSITIVE_INFINITY
  #freeReadAt = Number.NEGATIVE_INFINITY

  constructor(parts: Parts) {
    this.#parts = parts
  }

  hold(until: Promise<unknown>): void {
    const held = until.catch(() => {}).finally(() => this.#holds.delete(held))
    this.#holds.add(held)
  }

  async look(): Promise<void> {
    const now = this.#parts.clock.monotonic()
    if (now - this.#freeReadAt < freeEveryMs) return
    this.#freeReadAt = now
    this.#free = await this.#parts.freeBytes().catch(() => Number.POSITIVE_INFINITY)
  }

  written(bytes: number): void {
    this.#free -= bytes
  }

  /** The oldest that no alert keeps goes first. Null when there is room; else why there is none. */
  async make(bytes: number): Promise<RingTrouble | null> {
    const { shelf, leftBytes, endUnpinned } = this.#parts
    const budget = this.#parts.budgetBytes()
    for (;;) {
      const isOver = shelf.bytes + this.#stuckBytes + bytes > budget
      if (!isOver && this.#free - bytes >= leftBytes) return null
      const segment = shelf.oldestUnpinned()
      if (segment !== undefined) await this.delete(segment)
      else if (!(await endUnpinned())) return isOver ? { is: 'budget', budget } : { is: 'disk-full' }
    }
  }

  async delete(segment: Segment): Promise<void> {
    const { shelf, log } = this.#parts
    // Somebody is finding out which camera an alert speaks of: it may be this one.
    await Promise.all(this.#holds)
    if (segment.pins.size > 0 || segment.readers.size > 0) return
    shelf.remove(segment)
    try {
      await unlink(segment.path)
      this.#free += segment.bytes
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      this.#stuckBytes += segment.bytes
      log.warn('recording-not-deleted', { path: segment.path, error: String(error) })
    }
  }
}
