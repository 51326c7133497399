/** Brings what was just opened into view, as `scrollIntoView({ block: 'nearest' })` would, but moves only the list or page it stands in. */

/** The part of a page that scrolls carries `data-scroller`. `scrollIntoView` would also scroll the frame around it, which must never move. */
export function bringIntoView(opened: HTMLElement): void {
  const scroller = opened.closest<HTMLElement>('[data-scroller]')
  if (scroller === null) return
  const [inner, outer] = [opened.getBoundingClientRect(), scroller.getBoundingClientRect()]
  const above = inner.top - outer.top
  const below = inner.bottom - (outer.top + scroller.clientHeight)
  // Higher than the room there is, it begins at the top.
  const by = above < 0 ? above : below > 0 ? Math.min(below, above) : 0
  if (by === 0) return
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  scroller.scrollBy({ top: by, behavior: isStill ? 'instant' : 'smooth' })
}

/** Whether a button was pressed with Enter or Space: no pointer clicked, so nothing was counted. */
export function isByKeyboard(click: { readonly detail: number }): boolean {
  return click.detail === 0
}
