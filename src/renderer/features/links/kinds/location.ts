/** Where a camera looks, in words: its cameras can be grouped by it. */
import { type Complaint, type Field, type Texts, textOf } from './kind.ts'

const longest = 120

export const locationField: Field = {
  name: 'location',
  label: 'location',
  hint: 'locationHint',
  input: 'text',
}

export function locationComplaint(texts: Texts): Complaint | null {
  return textOf(texts, 'location').length > longest ? 'too-long' : null
}
