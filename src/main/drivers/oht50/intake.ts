/** What was said becomes rows, scans and alerts, whichever way it came; what makes no sense is counted and shown. */
import { never } from '../../../contract/fault.ts'
import type { LinkContext } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import { tap } from '../../tap.ts'
import type { Alarms } from './alarms.ts'
import { readMessage } from './codec.ts'
import type { LidarRow } from './lidar-row.ts'
import type { Modules } from './modules.ts'
import type { Origin, VehicleProfile } from './profile.ts'
import { isEmpty } from './readings.ts'
import type { Topic } from './rounds.ts'
import type { VehicleRow } from './row.ts'
import type { Said, SaidReadings, Values } from './said.ts'
import type { Redactor } from './secret.ts'

/** A socket that brought something brings it still, for so long. */
const broughtMs = 3000
const mostOthers = 3

interface Parts {
  readonly context: LinkContext<VehicleProfile>
  readonly book: LinkBook
  readonly redactor: Redactor
  readonly row: VehicleRow
  readonly modules: Modules
  readonly lidar: LidarRow
  readonly alarms: Alarms
  /** What a socket says is fresh for so long. */
  readonly socketBudgetMs: number
  readonly result: (result: Extract<Said, { is: 'result' }>) => void
}

export class Intake {
  readonly #parts: Parts
  /** Monotonic ms when the vehicle's socket last brought it. */
  readonly #brought = new Map<Topic, number>()
  readonly #told = new Map<keyof Values, number>()
  /** Vehicles it spoke of that are not ours. */
  readonly #others = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get others(): readonly string[] {
    return [...this.#others]
  }

  brought(topic: Topic): boolean {
    return this.#isRecent(this.#brought.get(topic))
  }

  /** Whether the vehicle's socket tells this reading. */
  tells(name: keyof Values): boolean {
    return this.#isRecent(this.#told.get(name))
  }

  /** Of readings what the socket does not tell; null: it tells all of it. */
  rest(said: SaidReadings): SaidReadings | null {
    const values = Object.fromEntries(
      Object.entries(said.values).filter(([name]) => !this.tells(name as keyof Values)),
    )
    return isEmpty(values) ? null : { ...said, values }
  }

  #isRecent(at: number | undefined): boolean {
    return at !== undefined && this.#parts.context.clock.monotonic() - at < broughtMs
  }

  /** The vehicle's socket is gone: nothing is brought any more. */
  lost(): void {
    this.#brought.clear()
    this.#told.clear()
  }

  /** True when it meant something for our vehicle. */
  hear(bytes: Buffer, isBinary: boolean, from: Origin, url: string): boolean {
    const { context, book } = this.#parts
    book.counters.messagesIn += 1
    book.counters.bytesIn += bytes.length
    const { vehicle, said } = readMessage(bytes, isBinary)
    this.#tap(bytes, isBinary, said, url)
    const isOurs = vehicle === null || vehicle === context.profile.vehicle
    if (!isOurs) this.#other(vehicle)
    let isUseful = false
    for (const one of said) {
      if (one.is === 'bad') book.counters.badMessages += 1
      else if (one.is === 'unknown') book.counters.unknownMessages += 1
      else if (isOurs && this.take(one, from, this.#parts.socketBudgetMs)) isUseful = true
    }
    return isUseful
  }

  #other(vehicle: string): void {
    if (this.#others.size < mostOthers) this.#others.add(vehicle)
  }

  /** True when it meant something. */
  take(said: Said, from: Origin, budgetMs: number): boolean {
    const { row, modules, lidar, alarms } = this.#parts
    switch (said.is) {
      case 'readings':
        row.take(said, from, budgetMs)
        this.#noteReadings(said, from)
        return true
      case 'module':
        modules.take(said)
        this.#note('modules', from)
        if (said.values !== null) this.#note('telemetry', from)
        return true
      case 'scan':
        lidar.take(said)
        this.#note('lidar', from)
        return true
      case 'alert':
        alarms.one(from === 'backend' ? 'backend' : 'vehicle', said.alert)
        return true
      case 'alerts':
        alarms.list(from === 'backend' ? 'backend' : 'vehicle', said.open)
        return true
      case 'result':
        this.#parts.result(said)
        return true
      case 'chatter':
      case 'unknown':
      case 'bad':
        return false
      default:
        return never(said, 'said')
    }
  }

  #noteReadings({ values }: SaidReadings, from: Origin): void {
    if (values.xMm !== undefined && values.speedMmPerS !== undefined) this.#note('motion', from)
    if (values.batteryPercent !== undefined) this.#note('robot', from)
    if (from !== 'socket') return
    const now = this.#parts.context.clock.monotonic()
    for (const name of Object.keys(values) as (keyof Values)[]) this.#told.set(name, now)
  }

  #note(topic: Topic, from: Origin): void {
    if (from === 'socket') this.#brought.set(topic, this.#parts.context.clock.monotonic())
  }

  #tap(bytes: Buffer, isBinary: boolean, said: readonly Said[], url: string): void {
    const { context, redactor } = this.#parts
    if (!context.inspected()) return
    const troubles = said.flatMap((one) =>
      one.is === 'bad' ? [one.words] : one.is === 'unknown' ? [`unknown type ${one.type}`] : [],
    )
    const text = isBinary ? `${bytes.length} bytes` : bytes.toString('utf8', 0, 8192)
    tap(context, 'in', url, bytes.length, redactor.clean(text), redactor.clean(troubles[0] ?? ''))
  }
}
