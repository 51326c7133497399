/** A rule of vehicles while it is typed: plain texts, which of them are wrong, and the finished rule. */
import type {
  priorityOfLevel as contractPriorities,
  VehicleLevel,
  VehicleRule,
} from '../../../contract/vehicle-rules.ts'

/** As the contract has it, whose module would bring its checks into the page. */
export const priorityOfLevel: typeof contractPriorities = {
  info: 'low',
  warning: 'medium',
  critical: 'high',
  emergency: 'critical',
}
/** The gravest first. */
export const levels: readonly VehicleLevel[] = ['emergency', 'critical', 'warning', 'info']

/** Conditions that have a number of their own, and what it may be. */
const limits = { 'battery-low': [0, 100], 'over-temperature': [-40, 200] } as const
export type LimitedCondition = keyof typeof limits
const longestDelayS = 600

export interface VehicleRuleDraft {
  readonly level: VehicleLevel
  readonly threshold: string
  readonly deadband: string
  /** Seconds, as people say them. */
  readonly onDelay: string
  readonly offDelay: string
}

export type VehicleRuleField = 'threshold' | 'deadband' | 'onDelay' | 'offDelay'

export function limitedBy({ id }: VehicleRule): LimitedCondition | null {
  return id === 'battery-low' || id === 'over-temperature' ? id : null
}

export function vehicleDraftOf(rule: VehicleRule): VehicleRuleDraft {
  return {
    level: rule.level,
    threshold: String(rule.threshold ?? ''),
    deadband: String(rule.deadband ?? ''),
    onDelay: String(rule.onDelayMs / 1000),
    offDelay: String(rule.offDelayMs / 1000),
  }
}

function within(text: string, [least, most]: readonly [number, number]): number | null {
  const typed = text.trim().replace(',', '.')
  const value = typed === '' ? Number.NaN : Number(typed)
  return value >= least && value <= most ? value : null
}

/** The value at which a condition is over. */
export function overAt({ id, threshold, deadband }: VehicleRule): number {
  const change = id === 'battery-low' ? (deadband ?? 0) : -(deadband ?? 0)
  return Number(((threshold ?? 0) + change).toFixed(10))
}

/** The rule, or the fields that keep it from being one. */
export function vehicleRuleOf(
  rule: VehicleRule,
  draft: VehicleRuleDraft,
): { readonly rule: VehicleRule | null; readonly wrong: ReadonlySet<VehicleRuleField> } {
  const wrong = new Set<VehicleRuleField>()
  const take = (field: VehicleRuleField, range: readonly [number, number]): number => {
    const value = within(draft[field], range)
    if (value === null) wrong.add(field)
    return value ?? 0
  }
  const limited = limitedBy(rule)
  const numbers =
    limited === null
      ? { threshold: null, deadband: null }
      : { threshold: take('threshold', limits[limited]), deadband: take('deadband', [0, 100]) }
  const onDelayMs = Math.round(take('onDelay', [0, longestDelayS]) * 1000)
  const offDelayMs = Math.round(take('offDelay', [0, longestDelayS]) * 1000)
  const { id, enabled } = rule
  const made = { id, enabled, level: draft.level, ...numbers, onDelayMs, offDelayMs }
  return { rule: wrong.size === 0 ? made : null, wrong }
}
