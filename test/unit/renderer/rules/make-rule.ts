/** One plausible rule for the Rules tests. */
import type { Rule } from '../../../../src/contract/rules.ts'

export function makeRule(more: Partial<Omit<Rule, 'when'>> & { when?: Partial<Rule['when']> } = {}): Rule {
  const { when, ...rest } = more
  return {
    id: 'rule-1',
    name: 'Unknown at the door',
    enabled: true,
    priority: 'high',
    holdOffS: 300,
    instruction: 'Look.',
    ...rest,
    when: { kinds: [], cameras: [], people: [], confidenceAtLeast: 0, hours: null, ...when },
  }
}
