/** What a page of ours may load and do, as headers: one wording for both shells. */

/** `connect` holds the WebSocket origins the page needs beside its own; Electron's page needs none. */
export function contentSecurityPolicy(connect: readonly string[]): string {
  return [
    "default-src 'none'",
    // The face engine is WebAssembly; this lets it be compiled and does not let text become script.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // Names what the page may make a script's address of: its one worker's.
    'trusted-types watchfloor-worker',
  ].join('; ')
}

/** Sent with every answer that carries a file of the page. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy':
    // A screen's own webcam can be a camera of the site; the browser still asks.
    'accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), ' +
    'microphone=(), midi=(), payment=(), serial=(), usb=(), autoplay=(self), fullscreen=(self), picture-in-picture=(self)',
} as const

/** Files under /assets/ carry their hash in the name, so they never change; everything else is asked for again. */
export function cacheControl(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
}
