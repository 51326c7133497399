/** A window of its own that shows one wall and nothing else: opened from the main one, for the second screen on the desk. */

const param = 'wall'
const longest = 200

/** The wall this window was opened for; null in the main window. */
export const wallOfWindow: string | null = read()

function read(): string | null {
  const wall = new URLSearchParams(location.search).get(param)
  return wall === null || wall === '' || wall.length > longest ? null : wall
}

/** False when the browser would not open it. The token is in the new window's own session storage, which begins as a copy of ours. */
export function openWallWindow(wall: string): boolean {
  const url = new URL(location.pathname, location.href)
  url.searchParams.set(param, wall)
  // Opened again, the same wall comes to the front instead of standing there twice.
  return window.open(url.href, `watchfloor-${wall}`, 'popup,width=1280,height=800') !== null
}
