/** What is known of the vehicle, reading by reading, and who may say what. */
import {
  noReadings,
  type VehicleReadings,
  type VehicleReport,
  type VehicleVerb,
} from '../../../contract/vehicles.ts'
import type { LinkContext } from '../../link.ts'
import type { Origin, VehicleProfile } from './profile.ts'
import type { SaidReadings, Values } from './said.ts'

const soonestMs = 250
const names = Object.keys(noReadings) as (keyof VehicleReadings)[]
/** Of these only `system/state` tells the truth, so where there is HTTP only it is heard. */
const truthful: readonly (keyof VehicleReadings)[] = ['state', 'estop', 'safetyOk', 'fault']

type Row = { -readonly [K in keyof VehicleReadings]: VehicleReadings[K] }

export class VehicleRow {
  readonly #context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'tell'>
  readonly #row: Row = { ...noReadings }
  readonly #from: Partial<Record<keyof VehicleReadings, Origin>> = {}
  readonly #stop: () => void
  #can: readonly VehicleVerb[] = []
  #untold = false

  constructor(context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock' | 'tell'>) {
    this.#context = context
    this.#stop = context.clock.every(soonestMs, () => {
      if (this.#untold) this.tell()
    })
  }

  get readings(): VehicleReadings {
    return this.#row
  }

  set can(verbs: readonly VehicleVerb[]) {
    if (verbs.join() === this.#can.join()) return
    this.#can = verbs
    this.tell()
  }

  take({ values, at: sourceAt, ages }: SaidReadings, from: Origin, budgetMs: number): void {
    const now = this.#context.clock.now()
    let changed = false
    for (const name of names) {
      if (!(name in values) || !this.#mayTell(name, from)) continue
      const before = this.#row[name]
      this.#from[name] = from
      this.#set(name, values, { at: now - (ages?.[name] ?? 0), sourceAt, budgetMs })
      changed ||= before?.value !== this.#row[name]?.value
    }
    if (changed) this.tell()
    else this.#untold = true
  }

  /** The backend only fills what the vehicle itself never says. */
  #mayTell(name: keyof VehicleReadings, from: Origin): boolean {
    if (from !== 'http' && truthful.includes(name) && this.#context.profile.httpUrl !== '') return false
    return from !== 'backend' || (this.#from[name] ?? 'backend') === 'backend'
  }

  #set<K extends keyof VehicleReadings>(
    name: K,
    values: Values,
    about: { at: number; sourceAt: number | null; budgetMs: number },
  ): void {
    const value = values[name]
    this.#row[name] = (value === null || value === undefined ? null : { value, ...about }) as Row[K]
  }

  tell(): void {
    this.#untold = false
    const { id, vehicle, httpUrl, socketUrl } = this.#context.profile
    const row: VehicleReport = {
      id,
      link: id,
      vehicle,
      source: httpUrl === '' && socketUrl === '' ? 'backend' : 'vehicle',
      readings: { ...this.#row },
      can: [...this.#can],
    }
    this.#context.tell({ type: 'vehicle-reported', vehicle: row })
  }

  close(): void {
    this.#stop()
    this.tell()
  }
}
