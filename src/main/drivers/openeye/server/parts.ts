/** What the pieces of one running server share. */

import type { Attempts } from '../../../accounts/attempts.ts'
import type { Passwords } from '../../../accounts/passwords.ts'
import type { Sessions } from '../../../accounts/sessions.ts'
import { withoutTokens } from '../../../accounts/token-words.ts'
import type { Tokens } from '../../../accounts/tokens.ts'
import type { Vault } from '../../../accounts/vault.ts'
import type { LinkContext } from '../../../link.ts'
import type { LinkBook } from '../../../link-book.ts'
import { tap } from '../../../tap.ts'
import type { ServerLimits } from './limits.ts'
import type { Presence } from './presence.ts'
import type { ServerProfile } from './profile.ts'
import type { Sightings } from './sightings.ts'

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
