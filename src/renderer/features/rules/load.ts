/** Whether one rule alone would load an operator more than ISA-18.2 allows for all alarms together. Arithmetic only. */
import type { RuleTest } from '../../../contract/rules.ts'

/** ISA-18.2: about six alarms an hour are manageable, on average, from everything together. */
const manageablePerHour = 6

export interface RuleLoad {
  readonly perHour: number
  readonly isTooMuch: boolean
}

export function loadOf(test: Pick<RuleTest, 'perDay'>): RuleLoad {
  const perHour = test.perDay / 24
  return { perHour, isTooMuch: perHour > manageablePerHour }
}
