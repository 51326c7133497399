/** What is read next: what is due, by earliest deadline, so that on a bus too busy for all of it everybody is late but nobody starves. */

export interface Job {
  /** Unique. */
  readonly key: string
  readonly unit: number
  /** From one reading to the next. It is late when the next is due before it was done. */
  readonly everyMs: number
}

interface Entry<J extends Job> {
  readonly job: J
  /** Monotonic ms. */
  dueAt: number
}

export class Schedule<J extends Job> {
  readonly #entries = new Map<string, Entry<J>>()

  /** Takes the place of a job with the same key. */
  set(job: J, dueAt: number): void {
    this.#entries.set(job.key, { job, dueAt })
  }

  remove(key: string): void {
    this.#entries.delete(key)
  }

  /** All of a unit. */
  removeUnit(unit: number): void {
    for (const [key, { job }] of this.#entries) if (job.unit === unit) this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }

  /** What to do now; null when nothing is due. It stays due until `done`. */
  next(now: number): J | null {
    let best: Entry<J> | null = null
    for (const entry of this.#entries.values())
      if (entry.dueAt <= now && (best === null || goesBefore(entry, best))) best = entry
    return best?.job ?? null
  }

  /** When the first of all is due; infinite when there is none. */
  get dueAt(): number {
    let first = Number.POSITIVE_INFINITY
    for (const { dueAt } of this.#entries.values()) first = Math.min(first, dueAt)
    return first
  }

  /** It was done. Readings that were missed are not made up for. */
  done(key: string, now: number): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.dueAt = Math.max(entry.dueAt + entry.job.everyMs, now)
  }

  /** Not now but then. */
  putOff(key: string, dueAt: number): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.dueAt = dueAt
  }
}

function goesBefore(a: Entry<Job>, b: Entry<Job>): boolean {
  return a.dueAt + a.job.everyMs < b.dueAt + b.job.everyMs
}
