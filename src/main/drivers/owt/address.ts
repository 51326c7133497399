/** Where the socket is, with the API key that must never be shown: it travels as `?apiKey=`. */
import { Credentials } from '../../../contract/accounts.ts'

/** What is kept as the link's secret. */
export function keyOf(kept: string | null): string | null {
  if (kept === null) return null
  try {
    const read = Credentials.safeParse(JSON.parse(kept))
    if (!read.success) return null
    return read.data.is === 'token' ? read.data.token : read.data.password
  } catch {
    return null
  }
}

export function withKey(
  url: string,
  kept: string | null,
): { readonly address: string; readonly key: string | null } {
  const key = keyOf(kept)
  const address = URL.parse(url)
  if (key === null || address === null) return { address: url, key }
  address.searchParams.set('apiKey', key)
  return { address: address.href, key }
}
