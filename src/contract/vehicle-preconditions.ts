/** What must be so before a vehicle is commanded. Asked twice: shown beside the button, and checked again where the command leaves. */
import type { VehicleModule } from './modules.ts'
import type { StopRequest, VehicleCommand, VehicleReport, VehicleVerb } from './vehicles.ts'

export const preconditionIds = [
  /** The link can pass it on. */
  'can',
  /** The vehicle has said its state, and not too long ago. */
  'state-known',
  'not-estop',
  'not-fault',
  /** The source calls the vehicle safe to move. */
  'safety-ok',
  /** No STOP REQUEST is being sent. */
  'no-stop',
  'module-online',
  'module-identified',
] as const
export type PreconditionId = (typeof preconditionIds)[number]

export interface Precondition {
  readonly id: PreconditionId
  readonly ok: boolean
  /** Unmet it forbids the command; otherwise it is only a warning. */
  readonly hard: boolean
}

interface Known {
  /** What the link that is to carry the command says. */
  readonly report: VehicleReport | undefined
  /** Modules of that link. */
  readonly modules: readonly VehicleModule[]
  readonly stops: readonly StopRequest[]
  /** Epoch ms. */
  readonly now: number
}

function verbOf(command: VehicleCommand): VehicleVerb {
  return command.do
}

export function preconditions(
  command: VehicleCommand,
  { report, modules, stops, now }: Known,
): Precondition[] {
  const found: Precondition[] = [
    { id: 'can', ok: report?.can.includes(verbOf(command)) ?? false, hard: true },
  ]
  const noStop = !stops.some(({ vehicle, isTrying }) => isTrying && vehicle === report?.vehicle)
  if (command.do === 'module' || command.do === 'write-register') {
    const module = modules.find(({ unit }) => unit === command.unit)
    found.push({ id: 'module-online', ok: module?.state === 'online', hard: true })
    if (command.do === 'write-register')
      found.push({ id: 'module-identified', ok: module !== undefined && module.map !== null, hard: true })
    found.push({ id: 'no-stop', ok: noStop, hard: true })
    return found
  }
  const { state = null, safetyOk = null, estop = null } = report?.readings ?? {}
  const isKnown = state !== null && now - state.at <= state.budgetMs
  if (command.do !== 'halt') found.push({ id: 'state-known', ok: isKnown, hard: true })
  if (command.do === 'move' || command.do === 'dock') {
    found.push(
      { id: 'not-estop', ok: state?.value !== 'ESTOP' && estop?.value !== true, hard: true },
      { id: 'not-fault', ok: state?.value !== 'FAULT', hard: true },
      // The deployed firmware moves with `safety_ok: false`, so its word alone forbids nothing there: here it does.
      { id: 'safety-ok', ok: safetyOk?.value !== false, hard: true },
    )
  }
  if (command.do !== 'halt') found.push({ id: 'no-stop', ok: noStop, hard: true })
  return found
}
