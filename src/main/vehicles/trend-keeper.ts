/** Keeps what registers were in the database: gathered in memory, written when an interval is over, a few hundred rows at a time. */
import type { Clock } from '../io/clock.ts'
import type { Log } from '../log.ts'
import type { Store, TrendPoint } from '../store/store.ts'
import type { Trend } from './desk.ts'

/** One row per register and interval. */
export const intervalMs = 30_000
/** About 2 ms of the writing thread: an alert that comes meanwhile hardly waits. */
const pointsAtATime = 200
/** What is asked for is put together into at most so many; with the gaps between them no answer is longer than 2,000. */
const mostPoints = 980

type Parts = {
  readonly store: Pick<Store, 'addTrends' | 'trendPoints'>
  readonly clock: Clock
  readonly log: Log
}

interface Gathered {
  readonly module: string
  readonly register: string
  least: number
  most: number
  last: number
}

export class TrendKeeper {
  readonly #parts: Parts
  #at = 0
  #gathered = new Map<string, Gathered>()
  #writing: Promise<void> = Promise.resolve()
  /** On their way to the disk, oldest first: it may be slow, and they are asked for all the same. */
  readonly #underWay: TrendPoint[] = []
  #isFailing = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The value of this moment. */
  add(module: string, register: string, value: number, now: number): void {
    const at = Math.floor(now / intervalMs) * intervalMs
    if (at !== this.#at) this.#write()
    this.#at = at
    const key = `${module}\n${register}`
    const gathered = this.#gathered.get(key)
    if (gathered === undefined)
      this.#gathered.set(key, { module, register, least: value, most: value, last: value })
    else {
      gathered.least = Math.min(gathered.least, value)
      gathered.most = Math.max(gathered.most, value)
      gathered.last = value
    }
  }

  /** From `fromAt` to before `toAt`, the interval that is being gathered with it. A null stands in each gap. */
  async trend(module: string, register: string, fromAt: number, toAt: number): Promise<Trend> {
    const spanMs = Math.ceil(Math.max(1, (toAt - fromAt) / mostPoints / intervalMs)) * intervalMs
    const firstAt = Math.floor(fromAt / spanMs) * spanMs
    const isOf = (one: TrendPoint) => one.module === module && one.register === register
    // Looked at before the disk is: what is written meanwhile is then there twice, which is told apart, and never missing.
    const underWay = this.#underWay.filter((one) => isOf(one) && one.at >= firstAt && one.at < toAt)
    const kept = await this.#parts.store.trendPoints(module, register, firstAt, toAt, spanMs)
    const keptUpTo = kept.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const points = [...kept, ...underWay.filter(({ at }) => at > keptUpTo)]
    const gathered = this.#gathered.get(`${module}\n${register}`)
    const isAsked = gathered !== undefined && this.#at >= firstAt && this.#at < toAt
    return trendOf(isAsked ? [...points, { ...gathered, at: this.#at }] : points, spanMs)
  }

  /** What was gathered is on disk, or was told as lost. */
  async close(): Promise<void> {
    this.#write()
    await this.#writing
  }

  #write(): void {
    const points = [...this.#gathered.values()].map((one): TrendPoint => ({ ...one, at: this.#at }))
    this.#gathered = new Map()
    if (points.length === 0) return
    this.#underWay.push(...points)
    // One after the other: a disk that is slow is not given the next while it has the last.
    this.#writing = this.#writing.then(() => this.#send(points))
  }

  async #send(points: readonly TrendPoint[]): Promise<void> {
    const { store, log } = this.#parts
    try {
      for (let n = 0; n < points.length; n += pointsAtATime)
        await store.addTrends(points.slice(n, n + pointsAtATime))
      this.#isFailing = false
    } catch (error) {
      // Said once: the store itself says what is wrong with it.
      if (!this.#isFailing) log.warn('trends-not-kept', { points: points.length, error: String(error) })
      this.#isFailing = true
    } finally {
      this.#underWay.splice(0, points.length)
    }
  }
}

function trendOf(points: readonly TrendPoint[], spanMs: number): Trend {
  const trend: Trend = { at: [], value: [], least: [], most: [] }
  const put = (at: number, one: Pick<TrendPoint, 'least' | 'most' | 'last'> | null) => {
    trend.at.push(at)
    trend.value.push(one?.last ?? null)
    trend.least.push(one?.least ?? null)
    trend.most.push(one?.most ?? null)
  }
  for (const point of points) {
    const before = trend.at.at(-1)
    const at = Math.floor(point.at / spanMs) * spanMs
    if (before === at) {
      const last = trend.at.length - 1
      trend.value[last] = point.last
      trend.least[last] = Math.min(trend.least[last] ?? point.least, point.least)
      trend.most[last] = Math.max(trend.most[last] ?? point.most, point.most)
      continue
    }
    if (before !== undefined && at > before + spanMs) put(before + spanMs, null)
    put(at, point)
  }
  return trend
}
