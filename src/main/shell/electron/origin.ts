/** The page's own address, and the one way to ask whether a URL belongs to it: parsed, never by its first letters. */
export const scheme = 'app'
export const pageHost = 'control'
export const pageOrigin = `${scheme}://${pageHost}`
export const pageUrl = `${pageOrigin}/`

export function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

export function isOurs(text: string): boolean {
  const url = parseUrl(text)
  return (
    url !== null &&
    url.protocol === `${scheme}:` &&
    url.host === pageHost &&
    url.username === '' &&
    url.password === ''
  )
}
