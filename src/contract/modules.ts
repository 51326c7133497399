/** Modules of a vehicle on an RS485 bus, the register maps that say what their numbers mean, and the frames that crossed the bus. */
import { z } from 'zod'
import { LinkId } from './links.ts'
import { RegisterMapId } from './register-map-id.ts'
import { VehicleName } from './vehicle-name.ts'

export const ModuleKind = z.enum(['power', 'safety', 'motor', 'dock', 'unknown'])
export type ModuleKind = z.output<typeof ModuleKind>

/** Name of a register, unique in its map: `battery-voltage`. */
export const RegisterName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/)

export const Register = z.strictObject({
  /** Modbus data address, 0..65535 (the number in the frame, not the 4xxxx notation). */
  address: z.number().int().min(0).max(65535),
  name: RegisterName,
  /** For people, English. */
  text: z.string().min(1).max(80),
  /** `coil` and `discrete` are single bits (FC 01/02), `holding` and `input` 16-bit words (FC 03/04). 32-bit types take two words, high word first. */
  table: z.enum(['holding', 'input', 'coil', 'discrete']).default('holding'),
  type: z.enum(['u16', 's16', 'u32', 's32', 'bool']),
  /** Value = raw × scale. */
  scale: z.number().default(1),
  unit: z.string().max(12).default(''),
  access: z.enum(['r', 'rw', 'w']),
  /** Of the scaled value. Outside it the value is shown as out of range; a write outside it is refused. */
  range: z.tuple([z.number(), z.number()]).optional(),
  /** Words for raw values. */
  enum: z.record(z.string().regex(/^\d+$/), z.string()).optional(),
  /** Headline value of its module's card. */
  headline: z.boolean().default(false),
  /** What is read together and how often; a name of `polls`. */
  poll: z.string().default('main'),
  /** What this output does when the master falls silent, as the module's maker says: shown beside every write. */
  failSafe: z.enum(['hold', 'off', 'on', 'unknown']).optional(),
  /** Written for a STOP REQUEST, in the register's unit; read back. */
  onStop: z.number().optional(),
  /** What it says of the vehicle itself. */
  means: z
    .enum([
      'estop',
      'battery-percent',
      'battery-v',
      'speed',
      'temperature-c',
      'fault',
      'x-mm',
      'zone',
      'docking-start',
    ])
    .optional(),
})
export type Register = z.output<typeof Register>

export const RegisterMap = z.strictObject({
  id: RegisterMapId,
  kind: ModuleKind,
  /** For people: `OHT-50 travel motor, handler revision`. */
  title: z.string().min(1).max(120),
  /** Where the numbers come from. */
  source: z.string().min(1).max(300),
  /** Chosen by itself when the identity block says this type and a firmware in this range (0x0101 is v1.01). */
  match: z
    .strictObject({
      type: z.number().int(),
      firmware: z.tuple([z.number().int(), z.number().int()]).optional(),
    })
    .optional(),
  /** How often each group of registers is read, ms, and how long its values are fresh. */
  polls: z.record(
    z.string(),
    z.strictObject({
      everyMs: z.number().int().min(20).max(60_000),
      budgetMs: z.number().int(),
      /** So many registers nobody named may be read along to save a request. Absent: none. */
      gapWords: z.number().int().min(0).max(16).optional(),
    }),
  ),
  registers: z.array(Register).min(1).max(400),
})
export type RegisterMap = z.output<typeof RegisterMap>

/** The identity block 0x0100–0x0109, as far as the module answered. */
export const ModuleIdentity = z.object({
  deviceId: z.number().int(),
  type: z.number().int(),
  /** 0x0101 is v1.01. */
  firmware: z.number().int(),
  hardware: z.number().int(),
  status: z.number().int(),
  error: z.number().int(),
})
export type ModuleIdentity = z.output<typeof ModuleIdentity>

/** Monotonic since the link was opened. */
export const ModuleCounters = z.object({
  requests: z.number().int(),
  replies: z.number().int(),
  timeouts: z.number().int(),
  crcErrors: z.number().int(),
  exceptions: z.number().int(),
  /** Answers that fitted no request: late, of another unit, of a wrong length. Never used. */
  strays: z.number().int(),
})
export type ModuleCounters = z.output<typeof ModuleCounters>

export const VehicleModule = z.object({
  /** `<link>/<unit>`. */
  id: z.string(),
  link: LinkId,
  vehicle: VehicleName,
  /** Modbus unit (slave) address. */
  unit: z.number().int(),
  kind: ModuleKind,
  name: z.string(),
  /** `unknown`: the bus itself is away, so nothing can be said of it. `offline`: it does not answer and is asked less often. */
  state: z.enum(['online', 'offline', 'unknown']),
  stateSince: z.number().int(),
  identity: ModuleIdentity.nullable(),
  /** Null: no map fits; choose one by hand. */
  map: RegisterMapId.nullable(),
  mapChosen: z.enum(['identity', 'hand', 'none']),
  /** Scaled values by register name; null where the module refused to tell or its number makes no sense. */
  values: z.record(z.string(), z.number().nullable()),
  /**
   * Of values that no register map of ours reads: the unit and who names it. `vehicle`: it stands beside the value. `document`: the firmware's own
   * documents name it for that field. A value that is not here has none that anybody names.
   */
  valueUnits: z
    .record(z.string(), z.object({ unit: z.string().min(1).max(20), from: z.enum(['vehicle', 'document']) }))
    .optional(),
  /** When each poll group was last read whole, epoch ms. */
  readAt: z.record(z.string(), z.number().int()),
  counters: ModuleCounters,
  /** Median of the last replies, ms; null before the first. */
  replyMs: z.number().nullable(),
  /** What is odd about it, in words; empty when nothing is. */
  trouble: z.string(),
  /** Whether this link may write at all. */
  writable: z.boolean(),
})
export type VehicleModule = z.output<typeof VehicleModule>

/** One frame on the bus as it was seen, or bytes that were none. */
export const BusFrame = z.object({
  /** Epoch ms with fraction. */
  at: z.number(),
  direction: z.enum(['request', 'reply', 'noise']),
  unit: z.number().int().nullable(),
  /** Modbus function code, the exception bit taken off; null for noise. */
  fn: z.number().int().nullable(),
  /** The bytes, lower-case hex without spaces, at most 256 of them. */
  hex: z.string(),
  /** Decoded: `read holding 0x0000 ×12`, `12 words`, `exception 2: illegal data address`. */
  text: z.string(),
  /** Empty when it was used; else why not. */
  trouble: z.enum(['', 'crc', 'shape', 'late', 'stray', 'echo', 'exception', 'timeout']),
  /** Of a reply: ms since its request was written. */
  tookMs: z.number().nullable(),
  /** Of a reply to a read: scaled values by register name, where a map knows them. */
  values: z.record(z.string(), z.number().nullable()).optional(),
})
export type BusFrame = z.output<typeof BusFrame>

/** What was recorded of a bus, in a file of the data folder. */
export const BusRecording = z.object({
  id: z.string(),
  link: LinkId,
  /** The link's name when it was made. */
  name: z.string(),
  by: z.string(),
  startedAt: z.number().int(),
  /** Null: it goes on. */
  endedAt: z.number().int().nullable(),
  frames: z.number().int(),
  sizeBytes: z.number().int(),
  /** Frames the disk was too slow for. */
  missed: z.number().int(),
})
export type BusRecording = z.output<typeof BusRecording>
