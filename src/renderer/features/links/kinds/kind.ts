/** What the profile form knows of one kind of link. A new protocol is one file beside this one and a line in kinds.ts. */
import type { LinkId, LinkProfile } from '../../../../contract/links.ts'
import type { profileWords } from '../profile-words.ts'

export type Driver = LinkProfile['driver']
export type ProfileOf<D extends Driver> = Extract<LinkProfile, { driver: D }>
type Word = keyof typeof profileWords.en
type WordOf<P extends string> = Word extends infer W ? (W extends `${P}-${infer Rest}` ? Rest : never) : never

/** Each names a sentence that says what to try. */
export type Complaint = WordOf<'why'>
export type FieldName = WordOf<'field'>

/** Everything as typed; a tick is `yes` or empty. */
export type Texts = Readonly<Partial<Record<FieldName, string>>>
export type Complaints = Partial<Record<FieldName, Complaint>>

export interface Field {
  readonly name: FieldName
  readonly label: Word
  readonly hint: Word | null
  /** `lines`: one entry per line. */
  readonly input: 'text' | 'whole' | 'number' | 'lines' | 'tick' | 'serial-port' | readonly Choice[]
}

export interface Choice {
  readonly value: string
  readonly label: Word
}

export interface Base {
  readonly id: LinkId
  readonly name: string
  readonly enabled: boolean
}

export interface Kind<P extends LinkProfile = LinkProfile> {
  readonly driver: P['driver']
  /** How ids of this kind begin. */
  readonly stem: string
  readonly fields: readonly Field[]
  readonly empty: Texts
  /** From a profile, or from an entry of a file, of which nothing is known yet. */
  read(entry: Readonly<Record<string, unknown>>): Texts
  /** Empty when it can be saved. `others` are the links there are already, without this one. */
  complaints(texts: Texts, others: readonly LinkProfile[]): Complaints
  /** Only asked for when nothing is complained about. */
  build(base: Base, texts: Texts): P
  /** The address it listens on, where it listens: who may reach it is worth a warning. */
  listensOn?(texts: Texts): string
  /** It logs in somewhere, so it can be given credentials; `key`: an API key is all there is. */
  readonly logsIn?: true | 'key'
  /** User and password out of an address that was pasted with them; null when it has none. */
  takeLogin?(texts: Texts): { readonly texts: Texts; readonly user: string; readonly password: string } | null
}

export function textOf(texts: Texts, name: FieldName): string {
  return (texts[name] ?? '').trim()
}

/** An unknown value as it would have been typed. */
export function typed(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function inSeconds(ms: unknown): string {
  return typeof ms === 'number' ? String(ms / 1000) : ''
}

export function chosen<T extends string>(value: unknown, choices: readonly T[], usual: T): T {
  return choices.find((one) => one === value) ?? usual
}

/** Keeps what is wrong, by field. */
export function gathered(
  found: readonly (readonly [FieldName, Complaint | null])[],
): Partial<Record<FieldName, Complaint>> {
  const wrong: Complaints = {}
  for (const [name, complaint] of found) if (complaint !== null) wrong[name] = complaint
  return wrong
}
