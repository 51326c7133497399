/** One clock for the whole screen: it ticks once a second, in the app's time, so ages are right on a wall PC with a wrong clock. */
import { Cell, useCell } from './cell.ts'

let offsetMs = 0
const now = new Cell(Date.now())

/** The app's time, as far as this page can tell. */
export function appNow(): number {
  return Date.now() + offsetMs
}

/** How many of the last measurements are compared: one comes each second. */
const compared = 10
const measured: number[] = []

/** What a message says of the app's clock is older by its way here, so the highest of the last ones is nearest to the truth. */
export function setClockOffset(measuredMs: number): void {
  measured.push(measuredMs)
  if (measured.length > compared) measured.shift()
  offsetMs = Math.max(...measured)
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
