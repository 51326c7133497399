/** Credentials while they are typed. They leave this screen once, and never come back to it. */
import type { Credentials } from '../../../../contract/accounts.ts'

export interface CredentialsDraft {
  /** `keep`: what the link has stays as it is, be it nothing. */
  readonly how: 'keep' | 'password' | 'token' | 'key'
  readonly user: string
  readonly password: string
  readonly token: string
}

export type CredentialsComplaint = 'user' | 'password' | 'token' | 'key'

export const untyped: CredentialsDraft = { how: 'keep', user: '', password: '', token: '' }

/** Null when it can be saved. */
export function credentialsComplaint(draft: CredentialsDraft): CredentialsComplaint | null {
  if (draft.how === 'keep') return null
  if (draft.how === 'key') return /^\S{1,8192}$/.test(draft.token.trim()) ? null : 'key'
  // Header, claims and signature of a JSON web token (RFC 7519).
  if (draft.how === 'token') return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(draft.token.trim()) ? null : 'token'
  if (draft.user.trim() === '') return 'user'
  return draft.password === '' ? 'password' : null
}

/** Undefined when nothing is to change. */
export function credentialsOf(draft: CredentialsDraft): Credentials | undefined {
  if (draft.how === 'keep' || credentialsComplaint(draft) !== null) return undefined
  return draft.how === 'token' || draft.how === 'key'
    ? { is: 'token', token: draft.token.trim() }
    : { is: 'password', user: draft.user.trim(), password: draft.password }
}
