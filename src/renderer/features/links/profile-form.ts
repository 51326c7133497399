/** A link profile while it is typed: plain texts, what is wrong with each in a word the screen translates, and the finished profile. */
import type { LinkId, LinkProfile } from '../../../contract/links.ts'
import { type Complaint, type Complaints, type Driver, type Texts, typed } from './kinds/kind.ts'
import { kindOf } from './kinds/kinds.ts'

export interface Draft {
  readonly driver: Driver
  readonly id: string
  readonly enabled: boolean
  readonly texts: Texts
}

export function emptyDraft(driver: Driver, id: string): Draft {
  return { driver, id, enabled: true, texts: { name: '', ...kindOf(driver).empty } }
}

export function draftOf(profile: LinkProfile): Draft {
  return draftFrom(profile.driver, profile.id, profile)
}

/** Also from an entry of a file, of which only the driver and the id are known to make sense. */
export function draftFrom(driver: Driver, id: string, entry: Readonly<Record<string, unknown>>): Draft {
  const texts = { name: typed(entry.name), ...kindOf(driver).read(entry) }
  return { driver, id, enabled: entry.enabled === true, texts }
}

/** Complaints by field, empty when the draft can be saved. `others` are the links there are already. */
export function complaints(draft: Draft, others: readonly LinkProfile[]): Complaints {
  const rest = others.filter((other) => other.id !== draft.id)
  const name = nameComplaint(draft.texts.name ?? '', rest)
  const found = kindOf(draft.driver).complaints(draft.texts, rest)
  return name === null ? found : { name, ...found }
}

function nameComplaint(text: string, rest: readonly LinkProfile[]): Complaint | null {
  const name = text.trim()
  if (name === '') return 'name-missing'
  if (name.length > 80) return 'name-long'
  return rest.some((other) => other.name.toLocaleLowerCase() === name.toLocaleLowerCase())
    ? 'name-taken'
    : null
}

/** Null while there is anything to complain about. */
export function profileOf(draft: Draft, others: readonly LinkProfile[]): LinkProfile | null {
  if (Object.keys(complaints(draft, others)).length > 0) return null
  const { id, enabled, texts } = draft
  return kindOf(draft.driver).build({ id: id as LinkId, name: (texts.name ?? '').trim(), enabled }, texts)
}

/** A short id nobody has to type: the kind and a number not taken yet. */
export function freshId(driver: Driver, taken: readonly string[]): string {
  const { stem } = kindOf(driver)
  let n = 2
  while (taken.includes(`${stem}-${n}`)) n += 1
  return `${stem}-${n}`
}
