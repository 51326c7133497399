/** What the pieces of one running gateway share. */
import type { Attempts } from '../../accounts/attempts.ts'
import type { Passwords } from '../../accounts/passwords.ts'
import type { Sessions } from '../../accounts/sessions.ts'
import { withoutTokens } from '../../accounts/token-words.ts'
import type { Tokens } from '../../accounts/tokens.ts'
import type { Vault } from '../../accounts/vault.ts'
import type { LinkContext, VehicleView } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import { tap } from '../../tap.ts'
import type { GatewayLimits } from './limits.ts'
import type { GatewayProfile } from './profile.ts'

export interface Parts {
  readonly context: LinkContext<GatewayProfile>
  readonly view: VehicleView
  readonly limits: GatewayLimits
  readonly book: LinkBook
  readonly vault: Vault
  readonly tokens: Tokens
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly attempts: Attempts
}

/** To the inspector; whatever looks like a token is left out, also where it stands in the wrong place. */
export function show(
  { context }: Pick<Parts, 'context'>,
  direction: 'in' | 'out',
  peer: string,
  sizeBytes: number,
  text: string,
  trouble = '',
): void {
  if (!context.inspected()) return
  tap(context, direction, peer, sizeBytes, withoutTokens(text), withoutTokens(trouble))
}
