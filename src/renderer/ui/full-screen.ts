/** One part of the page over the whole screen, and back: what must be read is never left behind it. */

export async function toggleFullScreen(part: HTMLElement | null): Promise<void> {
  try {
    if (document.fullscreenElement !== null) await document.exitFullscreen()
    else await part?.requestFullscreen()
  } catch {
    // The browser would not; the tile can still be enlarged within the page.
  }
}

/** Only the part itself is shown over the whole screen: a dialog or a banner beside it would open unseen. */
export function leaveFullScreen(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => {})
}
