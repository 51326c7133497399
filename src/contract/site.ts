/** The installation itself: who is signed on, how well the store is, how loaded the operator is. */
import { z } from 'zod'
import { roles } from './kinds.ts'
import { SerialAddress } from './links.ts'

export const Role = z.enum(roles)

export const Site = z.object({
  version: z.string(),
  role: Role,
  /** The name the session signed on with; the role's name before that. */
  user: z.string(),
  shell: z.enum(['electron', 'node']),
  siteName: z.string(),
  timeZone: z.string(),
  language: z.enum(['auto', 'en', 'vi']),
  sound: z.boolean(),
  notePriority: z.enum(['none', 'critical', 'high']),
  /** Nothing has ever been connected here: offer the first-run choices. */
  firstRun: z.boolean(),
  demoAvailable: z.boolean(),
})
export type Site = z.output<typeof Site>

/** How the store keeps its promise, in words a screen can show. */
export const StoreHealth = z.object({
  mode: z.enum(['normal', 'full-disk', 'read-only', 'fresh-after-corruption', 'fresh-after-newer', 'down']),
  /** What happened and what to do; empty when all is well. */
  trouble: z.string(),
  journalMode: z.string(),
  /** SQLite's number: 2 is FULL. */
  synchronous: z.number().int(),
  queueDepth: z.number().int(),
  alerts: z.number().int(),
  outboxWaiting: z.number().int(),
  sizeBytes: z.number().int(),
  diskFreeBytes: z.number().int(),
  lastCommitMs: z.number(),
  schemaVersion: z.number().int(),
  /** Where a corrupt or newer file was put aside; null if none was. */
  quarantined: z.string().nullable(),
})
export type StoreHealth = z.output<typeof StoreHealth>

/** Operator load as ISA-18.2 computes it, over the last 24 h unless named otherwise. */
export const Load = z.object({
  alarmsPer10Min: z.number(),
  lastTenMinutes: z.number().int(),
  floodPercent: z.number(),
  chattering: z.number().int(),
  stale: z.number().int(),
  mix: z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
  top: z.array(z.object({ device: z.string(), count: z.number().int() })),
})
export type Load = z.output<typeof Load>

/** One row, id `health`, refreshed every second: also the dead-man signal. A screen that misses 3 s of it says so. */
export const Health = z.object({
  id: z.literal('health'),
  at: z.number().int(),
  startedAt: z.number().int(),
  store: StoreHealth,
  load: Load,
  demoRunning: z.boolean(),
})
export type Health = z.output<typeof Health>

export const SerialPortRow = z.object({
  path: z.string(),
  /** How to name it in a link so that it is found again under another name. */
  address: SerialAddress,
  maker: z.string().nullable(),
  usbId: z.string().nullable(),
  serialNumber: z.string().nullable(),
  /** Who has it open, as far as this machine tells; null: nobody that is known of. */
  usedBy: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('link'), name: z.string() }),
      z.object({ is: z.literal('program'), name: z.string(), pid: z.number().int() }),
    ])
    .nullable(),
})
export type SerialPortRow = z.output<typeof SerialPortRow>
