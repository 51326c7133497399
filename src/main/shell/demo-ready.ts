/** What the demo site says of itself when it is ready: one line `ready {json}` among those it logs. */
import { createInterface } from 'node:readline'
import { DemoOffer, noOffer } from '../demo-offer.ts'

/** A demo site that says nothing by then has nothing to be connected to. */
const patienceMs = 5000
const mark = 'ready '

/** Resolves with what the site offers. Goes on reading, so that the site never waits for us; `log` gets its other lines. */
export function demoOffer(
  output: NodeJS.ReadableStream | null,
  log: (line: string) => void,
  waitMs = patienceMs,
): Promise<DemoOffer> {
  if (output === null) return Promise.resolve(noOffer)
  return new Promise((resolve) => {
    const lines = createInterface({ input: output })
    const timer = setTimeout(() => resolve(noOffer), waitMs)
    const end = (offer: DemoOffer) => {
      clearTimeout(timer)
      resolve(offer)
    }
    // The ready line carries the demo's passwords, so it is not passed on.
    lines.on('line', (line) => (line.startsWith(mark) ? end(readOffer(line.slice(mark.length))) : log(line)))
    lines.on('close', () => end(noOffer))
    output.on('error', () => end(noOffer))
  })
}

function readOffer(json: string): DemoOffer {
  try {
    return DemoOffer.parse(JSON.parse(json))
  } catch {
    return noOffer
  }
}

/** Who starts the demo from a terminal wants to see its devices talk; from the screen nobody would. */
export function demoLog(isAsked: boolean): (line: string) => void {
  return isAsked ? (line) => process.stdout.write(`${line}\n`) : () => {}
}
