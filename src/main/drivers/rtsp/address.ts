/** Addresses of RTSP: the camera's own, and what its answers point to. */

export interface Address {
  readonly host: string
  readonly port: number
  /** As it goes on the wire; never with credentials. */
  readonly url: string
}

const usualPort = 554
const longest = 2048

/** Credentials in it are left out. Null: it is no address of RTSP. */
export function addressOf(text: string): Address | null {
  const url = text.length > longest ? null : URL.parse(text)
  if (url === null || url.protocol !== 'rtsp:' || url.hostname === '') return null
  url.username = ''
  url.password = ''
  url.hash = ''
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? usualPort : Number(url.port),
    url: url.href,
  }
}

/**
 * A control attribute against its base (RFC 2326 C.1.1). Cameras append it to whatever the base ends with, as everybody's
 * players do; a strict resolution would cut the last part of the path, and with it what follows a `?`.
 */
export function controlUrl(base: string, control: string): string {
  if (control === '' || control === '*') return base
  if (/^rtsp:\/\//i.test(control)) return control
  if (control.startsWith('/')) return URL.parse(control, base)?.href ?? base
  return `${base.endsWith('/') ? base : `${base}/`}${control}`
}
