/** What must be so before a vehicle is asked something. Pure and free of zod: the screen shows it, main enforces what is hard. */
import { never } from './fault.ts'
import type { VehicleModule } from './modules.ts'
import type { Reading, StopRequest, VehicleCommand, VehicleReport } from './vehicles.ts'

export const preconditionIds = [
  'link-can',
  'state-known',
  'not-estop',
  'not-fault',
  'safety-ok',
  'module-online',
  'bus-writable',
  'no-stop-request',
] as const
export type PreconditionId = (typeof preconditionIds)[number]

/** `hard`: without it the command is refused. The others are for the operator to judge. */
export interface Precondition {
  readonly id: PreconditionId
  readonly ok: boolean
  readonly hard: boolean
}

/** What is known now. Rows of other vehicles may be among them. */
export interface Circumstances {
  /** The link the command is to go over. */
  readonly link: string
  readonly reports: Iterable<VehicleReport>
  readonly modules: Iterable<VehicleModule>
  readonly stops: Iterable<StopRequest>
  readonly now: number
}

/** Whether a reading is young enough to act on. One from the future (the clock was set back) is not. */
export function isFresh(reading: Reading<unknown> | null, now: number): boolean {
  if (reading === null) return false
  const age = now - reading.at
  return age >= -1000 && age <= reading.budgetMs
}

/** In the order in which they are shown. */
export function preconditions(command: VehicleCommand, known: Circumstances): Precondition[] {
  const all = [...known.reports]
  const report = all.find(({ link }) => link === known.link)
  const readings = all.filter(({ vehicle }) => vehicle === report?.vehicle).map((one) => one.readings)
  const isStopping = [...known.stops].some((stop) => stop.isTrying && stop.vehicle === report?.vehicle)
  const states = readings.flatMap(({ state }) => (isFresh(state, known.now) && state ? [state.value] : []))
  const estops = readings.flatMap(({ estop }) => (isFresh(estop, known.now) && estop ? [estop.value] : []))
  const safe = readings.flatMap((one) =>
    isFresh(one.safetyOk, known.now) && one.safetyOk ? [one.safetyOk.value] : [],
  )

  const linkCan = { id: 'link-can', ok: report?.can.includes(command.do) === true, hard: true } as const
  const notStopping = { id: 'no-stop-request', ok: !isStopping, hard: true } as const
  const notEstop = !states.includes('ESTOP') && !estops.includes(true)
  switch (command.do) {
    case 'move':
    case 'dock':
      return [
        linkCan,
        { id: 'state-known', ok: states.length > 0, hard: true },
        { id: 'not-estop', ok: notEstop, hard: true },
        { id: 'not-fault', ok: !states.includes('FAULT'), hard: true },
        // A source that never says it is no reason to refuse; one that says it is not safe is.
        { id: 'safety-ok', ok: safe.length > 0 && !safe.includes(false), hard: safe.includes(false) },
        notStopping,
      ]
    case 'halt':
      return [linkCan]
    case 'reset':
      return [linkCan, { id: 'state-known', ok: states.length > 0, hard: false }, notStopping]
    case 'module': {
      const online = moduleOf(command.unit, known)?.state === 'online'
      const starts = command.command === 'start'
      const isOnline = { id: 'module-online', ok: online, hard: starts } as const
      if (!starts) return [linkCan, isOnline]
      return [linkCan, isOnline, { id: 'not-estop', ok: notEstop, hard: false }, notStopping]
    }
    case 'write-register': {
      const module = moduleOf(command.unit, known)
      return [
        linkCan,
        { id: 'bus-writable', ok: module?.writable === true, hard: true },
        { id: 'module-online', ok: module?.state === 'online', hard: true },
        { id: 'not-estop', ok: notEstop, hard: false },
        notStopping,
      ]
    }
    default:
      return never(command, 'vehicle command')
  }
}

function moduleOf(unit: number, { modules, link }: Circumstances): VehicleModule | undefined {
  for (const module of modules) if (module.link === link && module.unit === unit) return module
  return undefined
}
