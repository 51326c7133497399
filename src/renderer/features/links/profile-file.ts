/** Link profiles as a file: written without anything secret, read with every entry judged on its own. */
import type { LinkProfile } from '../../../contract/links.ts'
import { drivers } from './kinds/kinds.ts'
import { complaints, type Draft, draftFrom, profileOf } from './profile-form.ts'

const format = 'watchfloor-links'
/** Two thousand profiles of the longest kind fit; anything larger is not a profile file. */
export const mostBytes = 5_000_000

export interface ReadProfile {
  readonly name: string
  /** Null where the entry cannot be used; `why` then names the first field at fault. */
  readonly profile: LinkProfile | null
  readonly why: string
  /** A link with this id is there already: importing replaces it. */
  readonly replaces: boolean
}

/** Passwords and tokens can hide in a URL: user info is dropped, and so is every query value. */
export function withoutSecrets(profile: LinkProfile): LinkProfile {
  if (!('url' in profile) || !URL.canParse(profile.url)) return profile
  const url = new URL(profile.url)
  url.username = ''
  url.password = ''
  for (const key of new Set(url.searchParams.keys())) url.searchParams.set(key, '')
  url.hash = ''
  return { ...profile, url: url.href }
}

export function writeProfiles(profiles: readonly LinkProfile[]): string {
  return `${JSON.stringify({ format, version: 1, profiles: profiles.map(withoutSecrets) }, null, 2)}\n`
}

/** Null where the text is no profile file at all. */
export function readProfiles(text: string, present: readonly LinkProfile[]): ReadProfile[] | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(parsed) || parsed.format !== format || !Array.isArray(parsed.profiles)) return null
  return parsed.profiles.map((entry: unknown) => readOne(entry, present))
}

function readOne(entry: unknown, present: readonly LinkProfile[]): ReadProfile {
  const draft = isRecord(entry) ? readDraft(entry) : null
  if (!draft) return { name: '?', profile: null, why: 'driver', replaces: false }
  const replaces = present.some((profile) => profile.id === draft.id)
  const why = Object.keys(complaints(draft, present))[0] ?? ''
  return { name: draft.texts.name ?? '', profile: profileOf(draft, present), why, replaces }
}

function readDraft(entry: Record<string, unknown>): Draft | null {
  const driver = drivers.find((one) => one === entry.driver)
  if (!driver || typeof entry.id !== 'string' || !/^[\w.-]{1,64}$/.test(entry.id)) return null
  return draftFrom(driver, entry.id, entry)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
