/** A rule while it is typed: plain texts, what is wrong with each in a word the screen translates, and the finished rule. */
import type { Priority } from '../../../contract/alerts.ts'
import type { CameraId } from '../../../contract/cameras.ts'
import type { Rule } from '../../../contract/rules.ts'

export interface RuleDraft {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly kinds: readonly string[]
  readonly cameras: readonly CameraId[]
  readonly people: readonly string[]
  /** Per cent, as people say it. */
  readonly confidence: string
  readonly isTimed: boolean
  readonly from: string
  readonly to: string
  readonly priority: Priority
  readonly holdOff: string
  readonly holdOffUnit: HoldOffUnit
  readonly instruction: string
}

export const holdOffUnits = ['second', 'minute', 'hour'] as const
export type HoldOffUnit = (typeof holdOffUnits)[number]
const unitS: Readonly<Record<HoldOffUnit, number>> = { second: 1, minute: 60, hour: 3600 }

export type RuleField =
  | 'name'
  | 'kinds'
  | 'people'
  | 'cameras'
  | 'confidence'
  | 'hours'
  | 'holdOff'
  | 'instruction'

/** Each is the key of a sentence that says what to try. */
export type RuleComplaint =
  | 'name-missing'
  | 'name-long'
  | 'name-taken'
  | 'kinds-many'
  | 'people-unknown'
  | 'people-many'
  | 'cameras-many'
  | 'confidence-range'
  | 'hours-odd'
  | 'hours-same'
  | 'holdOff-range'
  | 'instruction-long'

const minutesADay = 1440

/** `22:00`; `6` and `6:5` are understood. Null where it is no time of day. */
export function minuteOf(text: string): number | null {
  const found = /^(\d{1,2})(?:[:.h](\d{1,2}))?$/.exec(text.trim())
  if (!found) return null
  const hour = Number(found[1])
  const minute = Number(found[2] ?? 0)
  return hour < 24 && minute < 60 ? hour * 60 + minute : null
}

export function clockOf(minute: number): string {
  const within = ((minute % minutesADay) + minutesADay) % minutesADay
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(within / 60))}:${two(within % 60)}`
}

export function draftOf(rule: Rule): RuleDraft {
  const { when, holdOffS } = rule
  const unit =
    [...holdOffUnits].reverse().find((one) => holdOffS > 0 && holdOffS % unitS[one] === 0) ?? 'second'
  return {
    id: rule.id,
    name: rule.name,
    enabled: rule.enabled,
    kinds: when.kinds,
    cameras: when.cameras,
    people: when.people,
    // Twelve digits take away what binary fractions add, and nothing a person typed.
    confidence: String(Number((when.confidenceAtLeast * 100).toFixed(10))),
    isTimed: when.hours !== null,
    from: clockOf(when.hours?.from ?? 22 * 60),
    to: clockOf(when.hours?.to ?? 6 * 60),
    priority: rule.priority,
    holdOff: String(holdOffS / unitS[unit]),
    holdOffUnit: unit,
    instruction: rule.instruction,
  }
}

type Taken = Pick<Rule, 'id' | 'name'>

/** Complaints by field, empty when the draft can be saved. `others` are the rules there are already. */
export function complaints(
  draft: RuleDraft,
  others: readonly Taken[],
): Partial<Record<RuleField, RuleComplaint>> {
  const found: Partial<Record<RuleField, RuleComplaint>> = {}
  const put = (field: RuleField, complaint: RuleComplaint | null): void => {
    if (complaint) found[field] = complaint
  }
  put('name', nameComplaint(draft, others))
  put('kinds', draft.kinds.length > 20 ? 'kinds-many' : null)
  put('cameras', draft.cameras.length > 100 ? 'cameras-many' : null)
  put('people', peopleComplaint(draft))
  put('confidence', percentOf(draft.confidence) === null ? 'confidence-range' : null)
  put('hours', draft.isTimed ? hoursComplaint(draft) : null)
  put('holdOff', secondsOf(draft) === null ? 'holdOff-range' : null)
  put('instruction', draft.instruction.trim().length > 500 ? 'instruction-long' : null)
  return found
}

function nameComplaint(draft: RuleDraft, others: readonly Taken[]): RuleComplaint | null {
  const name = draft.name.trim()
  if (name === '') return 'name-missing'
  if (name.length > 80) return 'name-long'
  const isTaken = others.some(
    (other) => other.id !== draft.id && other.name.toLocaleLowerCase() === name.toLocaleLowerCase(),
  )
  return isTaken ? 'name-taken' : null
}

/** A rule for named people never sees an unknown face: asking for both and only that kind would wait for ever. */
function peopleComplaint({ people, kinds }: RuleDraft): RuleComplaint | null {
  if (people.length > 100) return 'people-many'
  return people.length > 0 && kinds.length > 0 && kinds.every((kind) => kind === 'face-unknown')
    ? 'people-unknown'
    : null
}

function hoursComplaint({ from, to }: RuleDraft): RuleComplaint | null {
  const fromMinute = minuteOf(from)
  const toMinute = minuteOf(to)
  if (fromMinute === null || toMinute === null) return 'hours-odd'
  return fromMinute === toMinute ? 'hours-same' : null
}

function percentOf(text: string): number | null {
  const typed = text.trim().replace(/\s*%$/, '').replace(',', '.')
  const value = typed === '' ? Number.NaN : Number(typed)
  return value >= 0 && value <= 100 ? value : null
}

function secondsOf({ holdOff, holdOffUnit }: RuleDraft): number | null {
  const typed = holdOff.trim().replace(',', '.')
  const seconds = typed === '' ? Number.NaN : Number(typed) * unitS[holdOffUnit]
  const whole = Math.round(seconds)
  return seconds >= 0 && seconds <= 86_400 && Math.abs(seconds - whole) < 1e-6 ? whole : null
}

/** Null while there is anything to complain about. */
export function ruleOf(draft: RuleDraft, others: readonly Taken[]): Rule | null {
  if (Object.keys(complaints(draft, others)).length > 0) return null
  const percent = percentOf(draft.confidence)
  const holdOffS = secondsOf(draft)
  const from = minuteOf(draft.from)
  const to = minuteOf(draft.to)
  if (percent === null || holdOffS === null) return null
  return {
    id: draft.id,
    name: draft.name.trim(),
    enabled: draft.enabled,
    when: {
      kinds: [...draft.kinds],
      cameras: [...draft.cameras],
      people: [...draft.people],
      confidenceAtLeast: percent / 100,
      hours: draft.isTimed && from !== null && to !== null ? { from, to } : null,
    },
    priority: draft.priority,
    holdOffS,
    instruction: draft.instruction.trim(),
  }
}

/** A short id nobody has to type. */
export function freshRuleId(taken: readonly string[]): string {
  let n = 1
  while (taken.includes(`rule-${n}`)) n += 1
  return `rule-${n}`
}
