/** Everything of vehicles that is neither a driver's nor a screen's: what handlers and the gateway ask for. */
import type { Alert } from '../../contract/alerts.ts'
import type { LinkId } from '../../contract/links.ts'
import type { BusFrame, BusRecording, RegisterMap } from '../../contract/modules.ts'
import type { VehicleName } from '../../contract/vehicle-name.ts'
import type { VehicleRule } from '../../contract/vehicle-rules.ts'
import type { CommandOutcome, StopRequest, VehicleCommand } from '../../contract/vehicles.ts'
import type { LiveTable } from '../live/live-table.ts'

export interface Trend {
  readonly at: number[]
  readonly value: (number | null)[]
  /** The least and the greatest between this point and the next, as far as was looked. */
  readonly least: (number | null)[]
  readonly most: (number | null)[]
}

/** A recording being read for a screen. */
export interface BusPlay {
  take(): { readonly frames: readonly BusFrame[]; readonly ended: boolean } | null
  close(): void
}

export interface VehicleDesk {
  readonly stops: LiveTable<StopRequest>
  readonly rules: LiveTable<VehicleRule>
  readonly recordings: LiveTable<BusRecording>
  readonly maps: readonly RegisterMap[]
  /** Files of register maps that were left out, and why. */
  readonly mapTroubles: readonly string[]
  /** Immediate. Rejects with a Fault that says what to try; on the timeline either way. */
  command(link: LinkId, command: VehicleCommand, by: string, deadlineAt?: number): Promise<CommandOutcome>
  scanning(link: LinkId, on: boolean, by: string): Promise<void>
  /** Ids of the requests, one per vehicle. Throws a Fault where there is no such vehicle. */
  requestStop(vehicle: VehicleName | null, by: string): string[]
  releaseStop(id: string, by: string): void
  saveRule(rule: VehicleRule, by: string): Promise<void>
  /** Open alerts of vehicles. */
  alerts(): Iterable<Alert>
  /** Of the module with this id, since `fromAt`. */
  trend(module: string, register: string, fromAt: number): Promise<Trend>
  chooseMap(module: string, map: string | null, by: string): Promise<void>
  forgetModule(module: string, by: string): Promise<void>
  /** True while this link's frames are recorded. */
  records(link: LinkId): boolean
  /** Frames that crossed a bus that is recorded or watched. */
  saw(link: LinkId, frames: readonly BusFrame[]): void
  record(link: LinkId, on: boolean, by: string): Promise<void>
  play(id: string, wake: () => void): Promise<BusPlay>
  removeRecording(id: string, by: string): Promise<void>
  close(): Promise<void>
}
