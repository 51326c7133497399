/** Rules to begin with: the four questions sites ask first. The names are filled in by the screen, in its language. */
import { never } from '../../../contract/fault.ts'
import type { Rule } from '../../../contract/rules.ts'

export const templateNames = ['unknown', 'unknown-night', 'person', 'motion'] as const
export type TemplateName = (typeof templateNames)[number]

const nothing: Rule = {
  id: '',
  name: '',
  enabled: true,
  when: { kinds: [], cameras: [], people: [], confidenceAtLeast: 0, hours: null },
  priority: 'medium',
  // One alert a visit, not one a second: a person who stands at a door is seen again and again.
  holdOffS: 300,
  instruction: '',
}

export function emptyRule(id: string): Rule {
  return { ...nothing, id, when: { ...nothing.when } }
}

interface Words {
  readonly name: string
  readonly instruction: string
}

export function fromTemplate(template: TemplateName, id: string, words: Words): Rule {
  const base: Rule = { ...emptyRule(id), ...words }
  switch (template) {
    case 'unknown':
      return { ...base, when: { ...base.when, kinds: ['face-unknown'] } }
    case 'unknown-night':
      return {
        ...base,
        priority: 'high',
        when: { ...base.when, kinds: ['face-unknown'], hours: { from: 22 * 60, to: 6 * 60 } },
      }
    case 'person':
      return {
        ...base,
        priority: 'high',
        when: { ...base.when, kinds: ['face-recognized'], confidenceAtLeast: 0.5 },
      }
    case 'motion':
      return { ...base, priority: 'low', when: { ...base.when, kinds: ['motion_detected'] } }
    default:
      return never(template, 'template')
  }
}

/** What a person still has to choose before the rule means what its name says. */
export function missingChoice(template: TemplateName): 'people' | 'cameras' | null {
  if (template === 'person') return 'people'
  return template === 'motion' ? 'cameras' : null
}
