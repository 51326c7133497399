/** How a link that dials comes back, as a choice in its form. */
import type { LinkProfile } from '../../../../contract/links.ts'
import { chosen, type Field } from './kind.ts'

type Ladder = Extract<LinkProfile, { driver: 'blue-light-client' }>['ladder']
const ladders: readonly Ladder[] = ['lan', 'steady-5s', 'document']

export const ladderField: Field = {
  name: 'ladder',
  label: 'ladder',
  hint: null,
  input: [
    { value: 'lan', label: 'ladder-lan' },
    { value: 'steady-5s', label: 'ladder-steady-5s' },
    { value: 'document', label: 'ladder-document' },
  ],
}

export function ladderOf(value: unknown): Ladder {
  return chosen(value, ladders, 'lan')
}
