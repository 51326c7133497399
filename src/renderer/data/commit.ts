/** At most one commit per animation frame: whatever arrives in between is folded into it. */

const pending = new Set<() => void>()
let scheduled = false

/** A hidden window gets no animation frames, yet its alerts must go on. */
const hiddenDelayMs = 100

export function onNextCommit(flush: () => void): void {
  pending.add(flush)
  if (scheduled) return
  scheduled = true
  if (document.hidden) setTimeout(commit, hiddenDelayMs)
  else {
    // The window may be hidden between asking for a frame and getting it, so the timer stands behind.
    const timer = setTimeout(commit, hiddenDelayMs)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      commit()
    })
  }
}

function commit(): void {
  if (!scheduled) return
  scheduled = false
  const flushes = [...pending]
  pending.clear()
  for (const flush of flushes) flush()
}
