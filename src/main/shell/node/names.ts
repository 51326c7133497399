/** Under which names this server may be asked: anything else in Host or Origin is refused (DNS rebinding, cross-site sockets). */
import { hostname, networkInterfaces } from 'node:os'

/** `host:port` values a request may carry, in lower case. */
export function ownNames(boundHost: string, port: number): ReadonlySet<string> {
  const names = new Set(['127.0.0.1', 'localhost', '[::1]'])
  if (boundHost === '0.0.0.0' || boundHost === '::') {
    names.add(hostname().toLowerCase())
    for (const address of Object.values(networkInterfaces()).flat())
      if (address !== undefined)
        names.add(address.family === 'IPv6' ? `[${address.address}]` : address.address)
  } else names.add(boundHost.includes(':') ? `[${boundHost}]` : boundHost.toLowerCase())
  const withPort = [...names].map((name) => `${name}:${port}`)
  return new Set(port === 80 ? [...withPort, ...names] : withPort)
}

/** A browser's Origin must be this very site; programs send none. */
export function isOwnOrigin(origin: string | undefined, names: ReadonlySet<string>): boolean {
  if (origin === undefined) return true
  const url = URL.parse(origin)
  return url !== null && url.protocol === 'http:' && names.has(url.host.toLowerCase())
}
