/** Asks the vehicle over HTTP, one question at a time: its state always, the rest where no socket brings it. */
import { Fault } from '../../../contract/fault.ts'
import type { Clock } from '../../io/clock.ts'
import type { Answer, Courier } from './courier.ts'
import { isFields } from './fields.ts'
import { kindOf } from './modules-read.ts'
import {
  readModuleList,
  readModuleTelemetry,
  readMotion,
  readRobotStatus,
  readSystemState,
} from './replies.ts'
import type { Said, Values } from './said.ts'
import { readScan } from './scan.ts'

const tickMs = 25
/** The state is asked for also while a socket is live: it alone confirms a stop. */
export const stateEveryMs = 500
const hurriedEveryMs = 100
const hurryMs = 5000
/** Where a socket brings most of an answer, the rest of it is asked for so often. */
const restEveryMs = 5000
/** What was answered "there is no such thing" is asked for again after this. */
const absentMs = 30_000
const usualUnits = [2, 3, 4, 5]

/** What a socket may bring instead: of modules whether they answer, and, apart from that, what they measure. */
export type Topic = 'robot' | 'motion' | 'modules' | 'telemetry' | 'lidar'
/** `rest`: only what the socket does not bring is wanted of this answer. */
export type Wanted = 'state' | 'all' | 'rest'

/** How long what HTTP answered is fresh, ms. */
export function budgetOf(wanted: Wanted, pollMs: number): number {
  if (wanted === 'state') return 4 * stateEveryMs
  return Math.max(2500, 3 * (wanted === 'rest' ? Math.max(restEveryMs, pollMs) : pollMs))
}

interface Job {
  readonly name: string
  readonly topic: Topic | null
  everyMs: number
  /** Monotonic ms. */
  dueAt: number
  readonly path: () => string
  /** Also in the answer, and in the field told by no socket: the firmware's tells no mode. */
  readonly rest: readonly (keyof Values)[]
  /** Monotonic ms. */
  restAt: number
  /** Null: the answer made no sense. */
  readonly read: (value: unknown) => readonly Said[] | null
  readonly done?: (answer: Answer) => void
}

export interface RoundsDoors {
  said(said: readonly Said[], wanted: Wanted): void
  answered(): void
  failed(reason: string): void
  bad(): void
  /** Whether a socket brings this by itself. */
  brought(topic: Topic): boolean
  /** Whether it brings this reading. */
  tells(name: keyof Values): boolean
  units(): readonly number[]
}

interface Parts {
  readonly clock: Clock
  readonly courier: Courier
  readonly pollMs: number
  readonly doors: RoundsDoors
}

function one(said: Said | null): readonly Said[] | null {
  return said === null ? null : [said]
}

export class Rounds {
  readonly #parts: Parts
  readonly #jobs: readonly Job[]
  readonly #stop: () => void
  readonly #closing = new AbortController()
  #isAsking = false
  #hurryUntil = Number.NEGATIVE_INFINITY
  #turn = 0
  /** Monotonic ms until which a unit is not asked for. */
  readonly #absent = new Map<number, number>()
  #unit = 2
  /** `/api/v1/modules` is newer; the older firmware has a list under `rs485`, whose entries are fixed. */
  #isOldList = false

  constructor(parts: Parts) {
    this.#parts = parts
    const { pollMs } = parts
    this.#jobs = [
      this.#job(
        'state',
        null,
        stateEveryMs,
        () => '/api/v1/system/state',
        (value) => one(readSystemState(value)),
      ),
      this.#job(
        'motion',
        'motion',
        pollMs,
        () => '/api/v1/motion/state',
        (value) => one(readMotion(value)) ?? anything(value),
      ),
      this.#job(
        'robot',
        'robot',
        pollMs,
        () => '/api/v1/robot/status',
        (value) => one(readRobotStatus(value)) ?? anything(value),
        { rest: ['mode', 'temperatureC'] },
      ),
      this.#job(
        'modules',
        'modules',
        Math.max(pollMs, 2000),
        () => (this.#isOldList ? '/api/v1/rs485/modules' : '/api/v1/modules'),
        (value) => this.#readList(value),
        {
          done: ({ status }) => {
            if (status === 404) this.#isOldList = !this.#isOldList
          },
        },
      ),
      this.#job(
        'telemetry',
        'telemetry',
        Math.max(50, Math.round(pollMs / usualUnits.length)),
        () => `/api/v1/modules/${this.#nextUnit()}/telemetry`,
        (value) => one(readModuleTelemetry(value, this.#unit)),
        { done: (answer) => this.#noModule(answer) },
      ),
      this.#job(
        'lidar',
        'lidar',
        pollMs,
        () => '/api/v1/lidar/scan_frame_360',
        (value) => (isFields(value) ? one(readScan(value)) : null),
      ),
    ]
    this.#stop = parts.clock.every(tickMs, () => this.#tick())
  }

  #job(
    name: string,
    topic: Topic | null,
    everyMs: number,
    path: Job['path'],
    read: Job['read'],
    more: Partial<Pick<Job, 'rest' | 'done'>> = {},
  ): Job {
    return { name, topic, everyMs, dueAt: 0, path, rest: [], restAt: 0, read, ...more }
  }

  /** Numbered 1 to 4 in the old list, though the bus has them at 2 to 5; that they are there is all it tells. */
  #readList(value: unknown): readonly Said[] | null {
    const list = readModuleList(value)
    return this.#isOldList && list !== null ? [] : list
  }

  #nextUnit(): number {
    const now = this.#parts.clock.monotonic()
    const known = this.#parts.doors.units()
    const all = [...new Set([...usualUnits, ...known])].filter((unit) => (this.#absent.get(unit) ?? 0) <= now)
    this.#turn = (this.#turn + 1) % Math.max(1, all.length)
    this.#unit = all[this.#turn] ?? 2
    return this.#unit
  }

  /** The vehicle has no module there, or no longer. */
  #noModule({ status }: Answer): void {
    if (status !== 404) return
    const unit = this.#unit
    const { doors, clock } = this.#parts
    const isKnown = doors.units().includes(unit)
    // One that was there is asked again as usual: it may be back at once. Where a socket says who is there, this answer does not.
    if (!isKnown || doors.brought('modules')) this.#absent.set(unit, clock.monotonic() + absentMs)
    else doors.said([offline(unit)], 'all')
  }

  /** A stop was requested: whether it came about is wanted soon. */
  hurry(): void {
    const now = this.#parts.clock.monotonic()
    this.#hurryUntil = now + hurryMs
    for (const job of this.#jobs) if (job.topic === null) job.dueAt = Math.min(job.dueAt, now)
  }

  allSoon(): void {
    for (const job of this.#jobs) {
      job.dueAt = 0
      job.restAt = 0
    }
  }

  get #isHurried(): boolean {
    return this.#parts.clock.monotonic() < this.#hurryUntil
  }

  #tick(): void {
    if (this.#isAsking || this.#parts.courier.isBusy) return
    const now = this.#parts.clock.monotonic()
    const due = this.#jobs.filter((job) => this.#dueAt(job) <= now)
    // The state first; of the others the one that has waited longest.
    const first = due.find(({ topic }) => topic === null)
    const next = first ?? due.sort((a, b) => this.#dueAt(a) - this.#dueAt(b))[0]
    if (next === undefined) return
    const wanted = this.#wanted(next) ?? 'all'
    next.dueAt = now + (wanted === 'state' && this.#isHurried ? hurriedEveryMs : next.everyMs)
    next.restAt = now + (wanted === 'rest' ? Math.max(restEveryMs, next.everyMs) : next.everyMs)
    this.#isAsking = true
    void this.#ask(next, wanted).finally(() => {
      this.#isAsking = false
    })
  }

  /** Null: nothing, the socket brings all of it. */
  #wanted({ topic, rest }: Job): Wanted | null {
    const { doors } = this.#parts
    if (topic === null) return 'state'
    if (!doors.brought(topic)) return 'all'
    return rest.every((name) => doors.tells(name)) ? null : 'rest'
  }

  /** Monotonic ms. */
  #dueAt(job: Job): number {
    const wanted = this.#wanted(job)
    if (wanted === null) return Number.POSITIVE_INFINITY
    return wanted === 'rest' ? job.restAt : job.dueAt
  }

  async #ask(job: Job, wanted: Wanted): Promise<void> {
    const { courier, doors, clock } = this.#parts
    try {
      const answer = await courier.ask(job.path(), this.#closing.signal)
      if (this.#closing.signal.aborted) return
      doors.answered()
      job.done?.(answer)
      if (answer.status !== 200) {
        // The firmware does not know it, or it has no such thing: asking every second would only load it.
        if (job.topic !== null && job.name !== 'telemetry')
          this.#putOff(job, clock.monotonic() + this.#pause(job, answer))
        return
      }
      const said = job.read(answer.value)
      if (said !== null) doors.said(said, wanted)
      else if (job.name === 'lidar') this.#putOff(job, clock.monotonic() + absentMs)
      else if (answer.value !== null && job.name !== 'telemetry') doors.bad()
    } catch (error) {
      if (this.#closing.signal.aborted) return
      doors.failed(error instanceof Fault ? error.message : String(error))
    }
  }

  #putOff(job: Job, until: number): void {
    job.dueAt = until
    job.restAt = until
  }

  #pause(job: Job, { status }: Answer): number {
    // The other list is tried at once.
    if (job.name === 'modules' && status === 404) return this.#isOldList ? 0 : absentMs
    return absentMs
  }

  close(): void {
    this.#stop()
    this.#closing.abort()
  }
}

function offline(unit: number): Said {
  const kind = kindOf(unit, null)
  return {
    is: 'module',
    unit,
    kind,
    name: null,
    online: false,
    values: null,
    units: null,
    trouble: null,
    at: null,
  }
}

/** Understood, with nothing in it that is believed. */
function anything(value: unknown): readonly Said[] | null {
  return isFields(value) ? [] : null
}
