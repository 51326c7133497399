/** Whether anybody can see an element: on the screen, in a page that is shown. */

/** Calls with the answer at once and at every change, until the returned function is called. */
export function watchSight(element: Element, onChange: (isSeen: boolean) => void): () => void {
  let isInside = false
  let told: boolean | null = null
  const tell = () => {
    const isSeen = isInside && !document.hidden
    if (isSeen === told) return
    told = isSeen
    onChange(isSeen)
  }
  const observer = new IntersectionObserver((entries) => {
    isInside = entries.at(-1)?.isIntersecting ?? false
    tell()
  })
  observer.observe(element)
  document.addEventListener('visibilitychange', tell)
  return () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', tell)
  }
}
