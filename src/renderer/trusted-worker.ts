/** Starts a worker of our own. The page's content security policy lets nothing else become a script's address. */

/** Chromium's Trusted Types; not in TypeScript's own declarations of the page. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string }
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes
  }
}

/** The one policy the content security policy names: it can be made only once, and gives out addresses of this page's own files. */
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

export function ownWorker(url: string, name: string): Worker {
  policy ??= window.trustedTypes?.createPolicy('watchfloor-worker', { createScriptURL: ownOnly })
  return new Worker(policy?.createScriptURL(url) ?? ownOnly(url), { type: 'module', name })
}

function ownOnly(url: string): string {
  const { origin, protocol, host } = new URL(url, location.href)
  // `app:` is no scheme with an origin to every browser's URL.
  if (origin !== location.origin && !(protocol === location.protocol && host === location.host))
    throw new TypeError('a worker of another place')
  return url
}
