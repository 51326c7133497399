/** The face engine of the installation: how many 640×640 pictures a second it looks at, and how long detecting and naming one face takes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { likeness } from '../src/main/drivers/device-faces/matching.ts'
import type { Question, Told } from '../test/fakes/face-page/worker.ts'
import { serveFacePage } from '../test/fakes/face-page.ts'
import { openBrowser } from './own-browser.ts'
import { type Area, percentile } from './report.ts'

const warmUpRuns = 10
const detections = 100
const matches = 40
/** A library to compare with, so that naming is what it is on a real site: people times photos. */
const known = 500 * 3

export const run: Area = async (row) => {
  const base64 = readFileSync(join(import.meta.dirname, '../test/assets/faces/collins-640.jpg')).toString(
    'base64',
  )
  const served = await serveFacePage()
  const browser = await openBrowser({ width: 800, height: 600 })
  try {
    const page = await browser.attach()
    await page.goto(served.url)
    const ask = (question: Question): Promise<Told> =>
      page.evaluate(
        (one) => (globalThis as unknown as { ask(q: typeof one): Promise<never> }).ask(one),
        question,
      )
    const timed = async (closely: boolean, runs: number): Promise<readonly number[]> => {
      const { tookMs, error } = await ask({ do: 'time', base64, closely, runs })
      if (tookMs === undefined) throw new Error(error ?? 'the engine gave no times')
      return tookMs
    }
    await timed(true, warmUpRuns)
    const found = await timed(false, detections)
    const total = found.reduce((sum, ms) => sum + ms, 0)
    row({
      name: 'on-device detection, 640×640, one face',
      value: (1000 * found.length) / total,
      unit: 'fps',
      target: '>= 20',
      baseline: null,
    })
    const named = await timed(true, matches)
    row({
      name: 'on-device detect + match, 640×640, one face, p50',
      value: percentile(named, 50) + matchMs(),
      unit: 'ms',
      target: '<= 150',
      baseline: null,
    })
  } finally {
    await browser.close()
    await served.close()
  }
}

/** The part that main does: the face beside every photo of the library. */
function matchMs(): number {
  const face = Float32Array.from({ length: 1024 }, (_, at) => at % 7)
  const others = Array.from({ length: 20 }, (_, n) => face.map((value) => value + n / 100))
  let most = 0
  const begun = performance.now()
  for (let n = 0; n < known; n += 1) most = Math.max(most, likeness(face, others[n % others.length] ?? face))
  if (most !== 1) throw new Error('the face did not match itself')
  return performance.now() - begun
}
