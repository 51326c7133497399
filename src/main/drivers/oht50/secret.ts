/** The token of a vehicle: what is kept of it, and keeping it off screens and logs. */
import { Credentials } from '../../../contract/accounts.ts'

/** From what is kept as the link's secret; null: nothing usable is. */
export function tokenOf(kept: string | null): string | null {
  if (kept === null) return null
  try {
    const read = Credentials.safeParse(JSON.parse(kept))
    if (!read.success) return null
    return read.data.is === 'token' ? read.data.token : read.data.password
  } catch {
    return null
  }
}

const tokenInUrl = /([?&](?:api_?key|key|token|access_token)=)[^&\s"'<>]+/gi
/** What the firmware's and the backend's logins look like; looked for where a word starts. */
const bearer = /\b(Bearer\s+)[\w.~+/-]+=*/gi
const webToken = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g
const deployedToken = /(?<![\w-])oht50_(?:admin|operator|readonly)_token_\w+/gi
/** A shorter one is a word of its own, and hiding every "a" would hide everything. */
const shortestToken = 4

export class Redactor {
  #token: string | null = null

  know(token: string | null): void {
    this.#token = token !== null && token.length >= shortestToken ? token : null
  }

  clean(text: string): string {
    const cleaned = this.#token === null ? text : text.replaceAll(this.#token, '…')
    return cleaned
      .replace(tokenInUrl, '$1…')
      .replace(bearer, '$1…')
      .replace(webToken, '…')
      .replace(deployedToken, '…')
  }
}
