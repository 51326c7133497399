/** Tells rows: at once when a value or a state changed, else at most four times a second. */
import type { VehicleReport } from '../../../contract/vehicles.ts'
import type { LinkContext } from '../../link.ts'
import type { Module, Owner } from './module.ts'
import { reportOf, saysTheSame } from './readings.ts'

const everyMs = 250

export class Reporter {
  readonly #context: Pick<LinkContext, 'tell' | 'clock'>
  readonly #owner: Owner
  readonly #modules: ReadonlyMap<number, Module>
  readonly #waiting = new Set<Module>()
  readonly #stop: () => void
  #told: VehicleReport | null = null
  #vehicleWaits = false

  constructor(
    context: Pick<LinkContext, 'tell' | 'clock'>,
    owner: Owner,
    modules: ReadonlyMap<number, Module>,
  ) {
    this.#context = context
    this.#owner = owner
    this.#modules = modules
    this.#stop = context.clock.every(everyMs, () => this.flush())
  }

  changed(module: Module, atOnce: boolean): void {
    this.#vehicleWaits = true
    if (!atOnce) {
      this.#waiting.add(module)
      return
    }
    this.#tell(module)
    const report = reportOf(this.#owner, [...this.#modules.values()])
    if (this.#told === null || !saysTheSame(report, this.#told)) this.#tellVehicle(report)
  }

  /** All rows, whatever changed. */
  all(): void {
    for (const module of this.#modules.values()) this.#tell(module)
    this.vehicle()
  }

  vehicle(): void {
    this.#tellVehicle(reportOf(this.#owner, [...this.#modules.values()]))
  }

  flush(): void {
    for (const module of this.#waiting) if (this.#modules.get(module.unit) === module) this.#tell(module)
    this.#waiting.clear()
    if (this.#vehicleWaits) this.vehicle()
  }

  #tell(module: Module): void {
    this.#waiting.delete(module)
    this.#context.tell({ type: 'module-reported', module: module.row() })
  }

  #tellVehicle(vehicle: VehicleReport): void {
    this.#vehicleWaits = false
    this.#told = vehicle
    this.#context.tell({ type: 'vehicle-reported', vehicle })
  }

  close(): void {
    this.#stop()
  }
}
