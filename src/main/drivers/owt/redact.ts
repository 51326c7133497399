/** Takes the API key out of text that goes to screens and logs: the one we know, and what stands where a key stands in an address. */

const keyInUrl = /([?&](?:api_?key|key|token|access_token)=)[^&\s"'<>]+/gi
/** A shorter one is a word of its own, and hiding every "a" would hide everything. */
const shortestKey = 4

export class Redactor {
  #forms: readonly string[] = []

  /** Also as it stands in an address. */
  know(key: string | null): void {
    this.#forms =
      key === null || key.length < shortestKey
        ? []
        : [...new Set([key, encodeURIComponent(key), new URLSearchParams([['', key]]).toString().slice(1)])]
  }

  clean(text: string): string {
    let cleaned = text
    for (const form of this.#forms) cleaned = cleaned.replaceAll(form, '…')
    return cleaned.replace(keyInUrl, '$1…')
  }
}
