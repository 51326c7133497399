/** One queue of readings of a bus, done one after the other, and what is put into it. */
import type { RegisterMap } from '../../../contract/modules.ts'
import type { Clock } from '../../io/clock.ts'
import { type Job, Schedule } from './schedule.ts'

export interface Read extends Job {
  readonly urgency: 'safety' | 'poll' | 'scan'
  /** Null: who is there? */
  readonly poll: string | null
}

/** Reads what is due, one request after the other. */
export class Lane {
  readonly schedule = new Schedule<Read>()
  readonly #clock: Clock
  #wake: () => void = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async run(isOver: () => boolean, perform: (job: Read) => Promise<void>): Promise<void> {
    while (!isOver()) {
      const job = this.schedule.next(this.#clock.monotonic())
      if (job === null) await this.sleep(this.schedule.dueAt - this.#clock.monotonic())
      else await perform(job)
    }
  }

  wake(): void {
    this.#wake()
  }

  sleep(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = Number.isFinite(ms) ? this.#clock.after(Math.ceil(ms), () => this.#wake()) : () => {}
      this.#wake = () => {
        cancel()
        this.#wake = () => {}
        resolve()
      }
    })
  }
}

/** A missed reading keeps the place of one that was due this long ago, so that it is neither first nor last. */
export function retryWithinMs(everyMs: number): number {
  return Math.min(everyMs, 1000)
}

export function identityJob(unit: number, everyMs: number): Read {
  return { key: `${unit}/identity`, unit, urgency: 'scan', everyMs, poll: null }
}

/** What a safety module says of the emergency stop and its zones goes first; its settings do not. */
export function urgencyOf(map: RegisterMap, poll: string): 'safety' | 'poll' {
  const isSafety =
    map.kind === 'safety' &&
    map.registers.some(({ poll: own, means }) => own === poll && (means === 'estop' || means === 'zone'))
  return isSafety ? 'safety' : 'poll'
}
