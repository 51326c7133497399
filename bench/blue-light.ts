/** What looking for blue light costs per picture: the target is 5 % of a core at five pictures a second. */
import { BlueLightDetector } from '../src/renderer/analysis/blue-light.ts'
import { blueScenes, Canvas, frameMs, placeFor, seeded } from '../test/fakes/blue-scenes.ts'
import { type Area, percentile } from './report.ts'

const pictures = 300
const perSecond = 1000 / frameMs

/** Of a scene with a light in it, which is the dear case: regions are grown and measured in each picture. */
export const run: Area = async (row) => {
  const scene = blueScenes.find(({ name }) => name.startsWith('beacon, in front'))
  if (scene === undefined) throw new Error('no scene with a beacon in front of a wall')
  const random = seeded(7)
  const place = placeFor(random)
  const film = Array.from({ length: pictures }, (_, n) => {
    const canvas = new Canvas()
    scene.paint(canvas, n * frameMs, random, place)
    return canvas
  })
  const detector = new BlueLightDetector({ sensitivity: 0.7 })
  const took: number[] = []
  for (const [n, { pixels, widthPx, heightPx }] of film.entries()) {
    const from = performance.now()
    detector.read(pixels, widthPx, heightPx, n * frameMs)
    took.push(performance.now() - from)
  }
  const p50 = percentile(took, 50)
  row({
    name: 'blue light, one camera at 5 pictures/s of 320×240, share of a core',
    value: (p50 * perSecond) / 10,
    unit: '%',
    target: '<= 5',
    baseline: null,
  })
}
