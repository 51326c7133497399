/** What the pieces of one running server share. */

import type { LinkContext } from '../../../link.ts'
import type { LinkBook } from '../../../link-book.ts'
import { tap } from '../../../tap.ts'
import type { ServerLimits } from './limits.ts'
import type { Passwords } from './passwords.ts'
import type { Presence } from './presence.ts'
import type { ServerProfile } from './profile.ts'
import type { Sessions } from './sessions.ts'
import type { Sightings } from './sightings.ts'
import type { Tokens } from './tokens.ts'
import type { Vault } from './vault.ts'

export interface Parts {
  readonly context: LinkContext<ServerProfile>
  readonly limits: ServerLimits
  readonly book: LinkBook
  readonly vault: Vault
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly presence: Presence
  readonly sightings: Sightings
  readonly attempts: Attempts
}

/** Every attempt to log in or connect, told to the log: who, from where, why not. Never a token, never an unknown name. */
export interface Attempts {
  accepted(what: string, address: string, user: string): void
  refused(what: string, address: string, user: string | null, why: string): void
}

// Looked for at the start of a word only: else 10 KB of letters cost a third of a second for every message.
// What begins as every header of a token does is taken for one also where it is cut short, or its dots are written otherwise.
const tokenLike =
  /(?<![\w-])(?:eyJ[\w-]{8,}(?:(?:\.|%2e|\\u002e)[\w-]*){0,2}|[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})/gi

function withoutTokens(text: string): string {
  return text.replace(tokenLike, '(token)')
}

/** To the inspector; whatever looks like a token is left out, also from what a dashboard wrote in the wrong place. */
export function show(
  parts: Pick<Parts, 'context'>,
  direction: 'in' | 'out',
  peer: string,
  sizeBytes: number,
  text: string,
  trouble = '',
): void {
  if (!parts.context.inspected()) return
  tap(parts.context, direction, peer, sizeBytes, withoutTokens(text), withoutTokens(trouble))
}
