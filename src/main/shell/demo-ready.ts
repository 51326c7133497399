/** What the demo site says of itself when it is ready: one line `ready {json}` among those it logs. */
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Demo } from '../demo.ts'

const Ready = z.object({
  openEye: z.object({ url: z.url(), user: z.string(), password: z.string() }).nullable(),
})

/** A demo site that says nothing by then has no OpenEye server. */
const patienceMs = 5000
const mark = 'ready '

/** Resolves with the site's OpenEye server, or null. Goes on reading, so that the site never waits for us; `log` gets its other lines. */
export function demoOpenEye(
  output: NodeJS.ReadableStream | null,
  log: (line: string) => void,
  waitMs = patienceMs,
): Promise<Demo['openEye']> {
  if (output === null) return Promise.resolve(null)
  return new Promise((resolve) => {
    const lines = createInterface({ input: output })
    const timer = setTimeout(() => resolve(null), waitMs)
    const end = (openEye: Demo['openEye']) => {
      clearTimeout(timer)
      resolve(openEye)
    }
    // The ready line carries the demo's password, so it is not passed on.
    lines.on('line', (line) => (line.startsWith(mark) ? end(readReady(line.slice(mark.length))) : log(line)))
    lines.on('close', () => end(null))
    output.on('error', () => end(null))
  })
}

function readReady(json: string): Demo['openEye'] {
  try {
    return Ready.parse(JSON.parse(json)).openEye
  } catch {
    return null
  }
}

/** Who starts the demo from a terminal wants to see its devices talk; from the screen nobody would. */
export function demoLog(isAsked: boolean): (line: string) => void {
  return isAsked ? (line) => process.stdout.write(`${line}\n`) : () => {}
}
