/**
 * All canvases of the page get their new pictures together, at most about thirty times a second: each presentation makes the
 * browser compose the whole page, so eight cameras that each present when they please cost more than eight that keep step.
 */

/** Two frames of a usual screen, and a little less so that none is missed by a hair. */
const beatMs = 28

const waiting = new Map<object, () => void>()
let isAsked = false
let lastAt = 0

/** Calls `present` at the next beat, instead of what `canvas` had waiting. */
export function atNextBeat(canvas: object, present: () => void): void {
  waiting.set(canvas, present)
  if (isAsked) return
  isAsked = true
  requestAnimationFrame(beat)
}

function beat(at: number): void {
  if (at - lastAt < beatMs) {
    requestAnimationFrame(beat)
    return
  }
  lastAt = at
  isAsked = false
  const due = [...waiting.values()]
  waiting.clear()
  for (const present of due) present()
}
