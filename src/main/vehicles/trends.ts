/** What registers were over the last half hour, once a second, in memory: nothing of it outlives the app. */
import { Fault } from '../../contract/fault.ts'
import type { RegisterMap, VehicleModule } from '../../contract/modules.ts'
import { isFresh } from '../../contract/vehicle-preconditions.ts'
import type { Clock } from '../io/clock.ts'
import type { Live } from '../live/live.ts'
import type { Trend } from './desk.ts'

/** A little over 33 minutes, and as many points as a screen is given. */
export const samplesKept = 2000
const sampleEveryMs = 1000
/** 16 kB each: 32 MB at most. */
export const mostSeries = 2000

interface History {
  readonly at: Float64Array
  /** By register; NaN where it was not known. */
  readonly series: Map<string, Float64Array>
  /** Samples ever taken. */
  taken: number
}

interface Parts {
  readonly live: Pick<Live, 'modules'>
  readonly clock: Clock
  readonly maps: readonly RegisterMap[]
}

export class Trends {
  readonly #parts: Parts
  readonly #histories = new Map<string, History>()
  readonly #undo: (() => void)[]
  #series = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#undo = [
      parts.clock.every(sampleEveryMs, () => this.#sample()),
      parts.live.modules.subscribe((changes) => {
        for (const change of changes) if ('gone' in change) this.#forget(change.gone)
      }),
    ]
  }

  trend(module: string, register: string, fromAt: number): Trend {
    if (this.#parts.live.modules.get(module) === undefined)
      throw new Fault('not-found', 'There is no such module', 'Choose one from the list.')
    const trend: Trend = { at: [], value: [] }
    const history = this.#histories.get(module)
    const values = history?.series.get(register)
    if (history === undefined || values === undefined) return trend
    for (let n = Math.max(0, history.taken - samplesKept); n < history.taken; n++) {
      const at = history.at[n % samplesKept] as number
      if (at < fromAt) continue
      const value = values[n % samplesKept] as number
      trend.at.push(at)
      trend.value.push(Number.isNaN(value) ? null : value)
    }
    return trend
  }

  close(): void {
    for (const undo of this.#undo) undo()
  }

  #sample(): void {
    const now = this.#parts.clock.now()
    for (const module of this.#parts.live.modules.snapshot()) this.#take(module, now)
  }

  #take(module: VehicleModule, now: number): void {
    const map = this.#parts.maps.find(({ id }) => id === module.map)
    const history = this.#histories.get(module.id) ?? {
      at: new Float64Array(samplesKept),
      series: new Map<string, Float64Array>(),
      taken: 0,
    }
    this.#histories.set(module.id, history)
    const slot = history.taken % samplesKept
    history.at[slot] = now
    for (const values of history.series.values()) values[slot] = Number.NaN
    for (const { name, poll } of map?.registers ?? []) {
      const value = module.values[name] ?? null
      const at = module.readAt[poll]
      const budgetMs = map?.polls[poll]?.budgetMs
      if (value === null || at === undefined || budgetMs === undefined) continue
      if (!isFresh({ value, at, sourceAt: null, budgetMs }, now)) continue
      const values = history.series.get(name) ?? this.#newSeries(history, name)
      if (values !== null) values[slot] = value
    }
    history.taken++
  }

  #newSeries(history: History, name: string): Float64Array | null {
    if (this.#series >= mostSeries) return null
    this.#series++
    const values = new Float64Array(samplesKept).fill(Number.NaN)
    history.series.set(name, values)
    return values
  }

  #forget(module: string): void {
    this.#series -= this.#histories.get(module)?.series.size ?? 0
    this.#histories.delete(module)
  }
}
