/** Takes secrets out of text that goes to screens and logs: those we know, and what looks like one. */

const tokenInUrl = /([?&](?:token|access_token|password|key)=)[^&\s"'<>]+/gi
/** `rtsp://user:password@camera`: a camera's address often carries its password. */
const passwordInUrl = /([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/"'<>]+@/gi
/** A JSON Web Token in any place; looked for where a word starts, so that a long text of almost-tokens is read once. */
const webToken = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g
/** Shorter ones are words of their own, and hiding every "a" would hide everything. */
const shortestSecret = 4

export class Redactor {
  readonly #known = new Set<string>()

  know(secret: string): void {
    if (secret.length >= shortestSecret) this.#known.add(secret)
    // A renewed token every quarter of an hour, for months: the last ones are enough.
    for (const oldest of this.#known) {
      if (this.#known.size <= 16) return
      this.#known.delete(oldest)
    }
  }

  clean(text: string): string {
    let cleaned = text
    for (const secret of this.#known) cleaned = cleaned.replaceAll(secret, '…')
    return cleaned.replace(tokenInUrl, '$1…').replace(passwordInUrl, '$1…@').replace(webToken, '…')
  }
}
