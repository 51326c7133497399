/** Vehicles: what each source says of one, what one can be asked to do, and what became of a STOP REQUEST. */
import { z } from 'zod'
import { LinkId } from './links.ts'
import { VehicleName } from './vehicle-name.ts'

/** The states of the OHT-50 firmware's state machine. */
export const vehicleStates = [
  'INIT',
  'IDLE',
  'MOVE',
  'DOCK',
  'FAULT',
  'ESTOP',
  'SHUTDOWN',
  'BOOT',
  'PAUSED',
  'CONFIG',
  'SAFE',
] as const
export const VehicleState = z.enum(vehicleStates)
export type VehicleState = z.output<typeof VehicleState>

/** One value with its own age: `at` is when we received it (epoch ms), `sourceAt` when the source says it was so. */
function reading<V extends z.ZodType>(value: V) {
  return z.object({
    value,
    at: z.number().int(),
    sourceAt: z.number().int().nullable(),
    /** Older than this many ms it is stale. */
    budgetMs: z.number().int(),
  })
}
export interface Reading<V> {
  readonly value: V
  readonly at: number
  readonly sourceAt: number | null
  readonly budgetMs: number
}

/** What can be said of a vehicle, each null until the source has said it. Units are in the names; angles count counter-clockwise from x. */
export const VehicleReadings = z.object({
  state: reading(VehicleState).nullable(),
  /** The emergency stop of the safety chain is pressed or latched. */
  estop: reading(z.boolean()).nullable(),
  /** The source calls the vehicle safe to move. */
  safetyOk: reading(z.boolean()).nullable(),
  /** The source's own words for what is wrong; `NONE` and the like are told as null. */
  fault: reading(z.string()).nullable(),
  mode: reading(z.string()).nullable(),
  batteryPercent: reading(z.number()).nullable(),
  batteryV: reading(z.number()).nullable(),
  speedMmPerS: reading(z.number()).nullable(),
  xMm: reading(z.number()).nullable(),
  yMm: reading(z.number()).nullable(),
  headingDeg: reading(z.number()).nullable(),
  temperatureC: reading(z.number()).nullable(),
  mission: reading(z.string()).nullable(),
  station: reading(z.string()).nullable(),
})
export type VehicleReadings = z.output<typeof VehicleReadings>

export const noReadings: VehicleReadings = {
  state: null,
  estop: null,
  safetyOk: null,
  fault: null,
  mode: null,
  batteryPercent: null,
  batteryV: null,
  speedMmPerS: null,
  xMm: null,
  yMm: null,
  headingDeg: null,
  temperatureC: null,
  mission: null,
  station: null,
}

/** What a vehicle can be asked; which of them a source can pass on is in its report. */
export const vehicleVerbs = [
  'stop-request',
  'move',
  'halt',
  'dock',
  'reset',
  'module',
  'write-register',
] as const
export const VehicleVerb = z.enum(vehicleVerbs)
export type VehicleVerb = z.output<typeof VehicleVerb>

/** What one link says of one vehicle. Two links that disagree are two rows, and both are shown. */
export const VehicleReport = z.object({
  /** The link's id. */
  id: z.string(),
  link: LinkId,
  vehicle: VehicleName,
  /** `bus`: read from its modules by us. `vehicle`: told by its own firmware. `backend`: told by its backend. */
  source: z.enum(['bus', 'vehicle', 'backend']),
  readings: VehicleReadings,
  can: z.array(VehicleVerb),
})
export type VehicleReport = z.output<typeof VehicleReport>

/** Immediate, never queued: sent before its deadline or not at all. */
export const VehicleCommand = z.discriminatedUnion('do', [
  /** Start moving as its mission says (`POST /api/v1/state/move`). */
  z.strictObject({ do: z.literal('move') }),
  /** End the movement in the ordinary way (`POST /api/v1/state/stop`). Not a STOP REQUEST. */
  z.strictObject({ do: z.literal('halt') }),
  z.strictObject({ do: z.literal('dock') }),
  /** Leave FAULT or ESTOP (`POST /api/v1/state/reset`). */
  z.strictObject({ do: z.literal('reset') }),
  z.strictObject({
    do: z.literal('module'),
    unit: z.number().int().min(1).max(247),
    command: z.enum(['reset', 'start', 'stop', 'status']),
  }),
  /** Writes one register of a module on our own bus and reads it back. `value` in the register's unit. */
  z.strictObject({
    do: z.literal('write-register'),
    unit: z.number().int().min(1).max(247),
    register: z.string().min(1).max(60),
    value: z.number(),
  }),
])
export type VehicleCommand = z.output<typeof VehicleCommand>

/**
 * requested → accepted (the vehicle answered) → confirmed (it reports ESTOP itself).
 * `not-confirmed` is said after 1 s without ESTOP and goes on trying; `released`: the operator ended the trying.
 */
export const StopState = z.enum(['requested', 'accepted', 'confirmed', 'not-confirmed', 'released'])
export type StopState = z.output<typeof StopState>

/** One STOP REQUEST to one vehicle, from the key to what the vehicle reports. Kept in memory and, entry by entry, on the timeline. */
export const StopRequest = z.object({
  id: z.string(),
  vehicle: VehicleName,
  by: z.string(),
  state: StopState,
  requestedAt: z.number().int(),
  acceptedAt: z.number().int().nullable(),
  confirmedAt: z.number().int().nullable(),
  releasedAt: z.number().int().nullable(),
  /** True while it is sent again and again. */
  isTrying: z.boolean(),
  /** How often it was sent, over all links. */
  attempts: z.number().int(),
  /** What each way said last: the link's name and its words. */
  ways: z.array(z.object({ link: LinkId, name: z.string(), text: z.string(), ok: z.boolean() })),
})
export type StopRequest = z.output<typeof StopRequest>

/** What happened to a command, in the other side's words. */
export const CommandOutcome = z.object({ roundTripMs: z.number(), said: z.string() })
export type CommandOutcome = z.output<typeof CommandOutcome>
