/** What registers were over the last half hour, once a second, in memory; longer and over a restart the database has it. */
import { Fault } from '../../contract/fault.ts'
import type { RegisterMap, VehicleModule } from '../../contract/modules.ts'
import { isFresh } from '../../contract/vehicle-preconditions.ts'
import type { Clock } from '../io/clock.ts'
import type { Live } from '../live/live.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Trend } from './desk.ts'
import { intervalMs, TrendKeeper } from './trend-keeper.ts'

/** A little over 33 minutes, and as many points as a screen is given. */
export const samplesKept = 2000
const sampleEveryMs = 1000
/** A span longer than this is told by the database alone. */
const longestInMemoryMs = 32 * 60_000
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
  readonly store: Pick<Store, 'addTrends' | 'trendPoints'>
  readonly log: Log
}

export class Trends {
  readonly #parts: Parts
  readonly #keeper: TrendKeeper
  readonly #histories = new Map<string, History>()
  readonly #undo: (() => void)[]
  #series = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#keeper = new TrendKeeper(parts)
    this.#undo = [
      parts.clock.every(sampleEveryMs, () => this.#sample()),
      parts.live.modules.subscribe((changes) => {
        for (const change of changes) if ('gone' in change) this.#forget(change.gone)
      }),
    ]
  }

  async trend(module: string, register: string, fromAt: number): Promise<Trend> {
    if (this.#parts.live.modules.get(module) === undefined)
      throw new Fault('not-found', 'There is no such module', 'Choose one from the list.')
    const now = this.#parts.clock.now()
    if (now - fromAt > longestInMemoryMs) return this.#keeper.trend(module, register, fromAt, now + 1)
    const recent = this.#recent(module, register, fromAt)
    const firstAt = this.#firstAt(module) ?? now
    if (firstAt <= fromAt + sampleEveryMs) return recent
    const earlier = await this.#keeper.trend(module, register, fromAt, firstAt)
    const upTo = earlier.at.findIndex((at) => at >= firstAt)
    return joined(upTo === -1 ? earlier : cut(earlier, upTo), recent)
  }

  #firstAt(module: string): number | null {
    const history = this.#histories.get(module)
    if (history === undefined || history.taken === 0) return null
    return history.at[Math.max(0, history.taken - samplesKept) % samplesKept] ?? null
  }

  #recent(module: string, register: string, fromAt: number): Trend {
    const at: number[] = []
    const value: (number | null)[] = []
    const trend: Trend = { at, value, least: value, most: value }
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

  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    await this.#keeper.close()
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
      if (values === null) continue
      values[slot] = value
      this.#keeper.add(module.id, name, value, now)
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

function cut({ at, value, least, most }: Trend, end: number): Trend {
  return {
    at: at.slice(0, end),
    value: value.slice(0, end),
    least: least.slice(0, end),
    most: most.slice(0, end),
  }
}

/** Where the first ends before the second begins nothing was looked at: that is a gap, not a value that stood still. */
function joined(first: Trend, second: Trend): Trend {
  const endAt = (first.at.at(-1) ?? 0) + intervalMs
  const hasGap = first.at.length > 0 && endAt < (second.at[0] ?? 0) && first.value.at(-1) !== null
  if (hasGap)
    return joined(joined(first, { at: [endAt], value: [null], least: [null], most: [null] }), second)
  return {
    at: [...first.at, ...second.at],
    value: [...first.value, ...second.value],
    least: [...first.least, ...second.least],
    most: [...first.most, ...second.most],
  }
}
