/** Asks in turn: each job when it is due, never twice at once, the first in the list first when the budget is short. */
import type { Clock } from '../../../io/clock.ts'

const tickMs = 250

export interface Job {
  readonly name: string
  readonly everyMs: number
  /** Whether it is of any use now. */
  readonly wanted: () => boolean
  /** Handles its own failures. */
  readonly run: () => Promise<void>
}

interface Due {
  readonly job: Job
  at: number
  isRunning: boolean
}

export class Poller {
  readonly #clock: Clock
  readonly #due: readonly Due[]
  readonly #stop: () => void

  constructor(clock: Clock, jobs: readonly Job[], ticked: () => void) {
    this.#clock = clock
    this.#due = jobs.map((job) => ({ job, at: 0, isRunning: false }))
    this.#stop = clock.every(tickMs, () => {
      ticked()
      this.#tick()
    })
  }

  /** At the next tick, not at its time. */
  soon(name: string): void {
    for (const due of this.#due) if (due.job.name === name) due.at = 0
  }

  allSoon(): void {
    for (const due of this.#due) due.at = 0
  }

  #tick(): void {
    const now = this.#clock.monotonic()
    for (const due of this.#due) {
      if (due.isRunning || due.at > now || !due.job.wanted()) continue
      due.isRunning = true
      due.at = now + due.job.everyMs
      void due.job.run().finally(() => {
        due.isRunning = false
      })
    }
  }

  close(): void {
    this.#stop()
  }
}
