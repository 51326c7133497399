/** User and password of a camera, as the link keeps them. */
import { Credentials } from '../../../contract/accounts.ts'
import type { Login } from '../../io/digest.ts'
import type { SecretSlot } from '../../link.ts'

/** Null: none are kept, or what is kept is not for a camera. */
export async function loginFrom(secret: SecretSlot): Promise<Login | null> {
  const kept = await secret.read()
  if (kept === null) return null
  try {
    const { data } = Credentials.safeParse(JSON.parse(kept))
    return data?.is === 'password' ? { user: data.user, password: data.password } : null
  } catch {
    return null
  }
}
