/** The newest events a screen carries, a bounded number by the source's time. The rest is asked for in pages. */
import type { DetectionEvent } from '../../contract/events.ts'
import { LiveTable } from './live-table.ts'

export const newestEvents = 300
/** Sorted once per so many new ones, not once per event. */
const slack = 30

function compareAge(a: DetectionEvent, b: DetectionEvent): number {
  return a.at - b.at || a.seq - b.seq
}

export class NewestEvents {
  readonly table = new LiveTable<DetectionEvent>()
  /** Once the table was full, what is older than this stays out: it is in the pages. */
  #oldest: DetectionEvent | null = null

  /** Takes in events after their commit, new ones and ones that have grown. */
  apply(events: readonly DetectionEvent[]): void {
    const oldest = this.#oldest
    const shown =
      oldest === null
        ? events
        : events.filter((event) => compareAge(event, oldest) > 0 || this.table.get(event.id) !== undefined)
    if (shown.length > 0) this.table.set(...shown)
    if (this.table.size > newestEvents + slack) this.#trim()
  }

  /** What the store has deleted goes here too. */
  forgetBefore(before: number): void {
    const gone = [...this.table.snapshot()].filter((event) => event.lastAt < before)
    this.table.delete(...gone.map((event) => event.id))
  }

  forgetPerson(person: string): void {
    const gone = [...this.table.snapshot()].filter((event) => event.person === person)
    this.table.delete(...gone.map((event) => event.id))
  }

  #trim(): void {
    const sorted = [...this.table.snapshot()].sort(compareAge)
    const gone = sorted.slice(0, sorted.length - newestEvents)
    this.#oldest = gone.at(-1) ?? null
    this.table.delete(...gone.map((event) => event.id))
  }
}
