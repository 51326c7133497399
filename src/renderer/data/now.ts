/** One clock for the whole screen: it ticks once a second, in the app's time, so ages are right on a wall PC with a wrong clock. */
import { Cell, useCell } from './cell.ts'

let offsetMs = 0
const now = new Cell(Date.now())

/** The app's time, as far as this page can tell. */
export function appNow(): number {
  return Date.now() + offsetMs
}

/** Below this a difference is network delay, not a wrong clock. */
const noticeableMs = 250

export function setClockOffset(measuredMs: number): void {
  if (Math.abs(measuredMs - offsetMs) > noticeableMs) offsetMs = measuredMs
}

/** Starts the ticker, just after each full second so the clock on the wall turns on time. */
export function startTicking(): void {
  now.set(appNow())
  setTimeout(startTicking, 1005 - (appNow() % 1000))
}

/** The app's time; renders again each second. */
export function useNow(): number {
  return useCell(now)
}
