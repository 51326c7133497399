/** What a vehicle, its backend or a gateway can say, whichever form it came in. */
import type { ModuleKind } from '../../../contract/modules.ts'
import type { VehicleLevel } from '../../../contract/vehicle-rules.ts'
import type { VehicleReadings } from '../../../contract/vehicles.ts'

type ValueOf<K extends keyof VehicleReadings> = NonNullable<VehicleReadings[K]>['value']

/** Only what was said is in it. Null: it was said that there is none (`fault: "NONE"`). */
export type Values = { -readonly [K in keyof VehicleReadings]?: ValueOf<K> | null }

export interface SaidReadings {
  readonly is: 'readings'
  readonly values: Values
  /** When the source says it was so, epoch ms. */
  readonly at: number | null
  /** How old each value was when it was said, ms, where a gateway tells: passed on, it is no younger. */
  readonly ages?: Partial<Record<keyof Values, number>>
}

export interface SaidModule {
  readonly is: 'module'
  readonly unit: number
  readonly kind: ModuleKind
  readonly name: string | null
  /** Null: nothing was said of it. */
  readonly online: boolean | null
  /** Null: no values were told. */
  readonly values: Readonly<Record<string, number | null>> | null
  /** Units that stood beside the values; null: in this form there are none. */
  readonly units: Readonly<Record<string, string>> | null
  /** What is odd about it, empty when it was said to be well; null when nothing was said. */
  readonly trouble: string | null
  readonly at: number | null
}

/** `angleDeg` clockwise from the front, 0 to 360; `rangeMm` 0 where nothing came back. */
export interface ScanPoint {
  readonly angleDeg: number
  readonly rangeMm: number
  /** 0..255 */
  readonly quality: number
}

export interface SaidScan {
  readonly is: 'scan'
  readonly points: readonly ScanPoint[]
  readonly rotationHz: number | null
  readonly at: number | null
}

export interface SaidAlert {
  /** The source's own; null where it gives none. */
  readonly id: string | null
  readonly level: VehicleLevel
  readonly text: string
  readonly at: number | null
}

export type Said =
  | SaidReadings
  | SaidModule
  | SaidScan
  /** One alert, as it happens. */
  | { readonly is: 'alert'; readonly alert: SaidAlert }
  /** All that are open: one that is missing is over. */
  | { readonly is: 'alerts'; readonly open: readonly SaidAlert[] }
  /** What became of a command, of ours (`id`) or of somebody else. */
  | {
      readonly is: 'result'
      readonly id: string | null
      readonly ok: boolean
      readonly words: string
    }
  /** Understood, and nothing to act on: `ready`, `heartbeat`, `pong`. */
  | { readonly is: 'chatter'; readonly type: string }
  | { readonly is: 'unknown'; readonly type: string }
  | { readonly is: 'bad'; readonly words: string }

/** One message: which vehicle it speaks of, where it says so, and what it says. */
export interface Heard {
  readonly vehicle: string | null
  readonly said: readonly Said[]
}
