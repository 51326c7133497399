/** The row of one LiDAR: told at once when its state changes, else at most four times a second. */
import type { Lidar } from '../../../contract/lidar.ts'
import type { LinkContext } from '../../link.ts'
import type { RplidarProfile } from './profile.ts'

const soonestMs = 250

type Changing = Omit<Lidar, 'id' | 'link' | 'vehicle' | 'name' | 'source' | 'zones' | 'budgetMs'>
/** Figures of every revolution: they may wait. */
const figures: ReadonlySet<keyof Lidar> = new Set([
  'rotationHz',
  'pointsPerS',
  'nearest',
  'scanAt',
  'counters',
])

export class Row {
  readonly #context: LinkContext<RplidarProfile>
  readonly #stop: () => void
  #row: Lidar
  #isChanged = false
  #toldAt = Number.NEGATIVE_INFINITY

  constructor(context: LinkContext<RplidarProfile>, budgetMs: number) {
    const { id, vehicle, name, zones } = context.profile
    this.#context = context
    this.#row = {
      id,
      link: id,
      vehicle,
      name,
      source: 'serial',
      model: null,
      firmware: null,
      serialNumber: null,
      health: 'unknown',
      healthCode: null,
      isScanning: false,
      mode: null,
      rotationHz: null,
      pointsPerS: null,
      nearest: null,
      zone: null,
      zones,
      scanAt: null,
      budgetMs,
      counters: { revolutions: 0, resyncs: 0, broken: 0, checksumErrors: 0 },
      trouble: '',
    }
    this.#stop = context.clock.every(soonestMs, () => {
      if (this.#isChanged) this.#tell()
    })
    this.#tell()
  }

  get now(): Lidar {
    return this.#row
  }

  set(change: Partial<Changing>): void {
    const before = this.#row
    this.#row = { ...before, ...change }
    const changed = (Object.keys(change) as (keyof Changing)[]).filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(this.#row[key]),
    )
    if (changed.length === 0) return
    const isUrgent = changed.some((key) => !figures.has(key))
    if (isUrgent || this.#context.clock.monotonic() - this.#toldAt >= soonestMs) this.#tell()
    else this.#isChanged = true
  }

  #tell(): void {
    this.#isChanged = false
    this.#toldAt = this.#context.clock.monotonic()
    this.#context.tell({ type: 'lidar-reported', lidar: this.#row })
  }

  close(): void {
    this.#stop()
  }
}
