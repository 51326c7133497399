/** What our detector finds, with both ways of multiplying, and what the library finds with the same model in the same pixels. */
import { type Config, Human } from '@vladmandic/human'
import { FaceDetector } from '../../../src/renderer/analysis/blazeface/detector.ts'
import type { BlazeFace } from '../../../src/renderer/analysis/blazeface/faces.ts'
import { blazeSide } from '../../../src/renderer/analysis/blazeface/runner.ts'
import { limits } from '../../../src/renderer/analysis/device-faces.ts'

export interface FacesCompared {
  readonly library: readonly BlazeFace[]
  readonly relaxed: readonly BlazeFace[]
  readonly plain: readonly BlazeFace[]
}

const off = { enabled: false }
const config: Partial<Config> = {
  backend: 'wasm',
  wasmPath: '/models/',
  modelBasePath: '/models/',
  cacheModels: false,
  warmup: 'none',
  debug: false,
  async: false,
  cacheSensitivity: 0,
  filter: off,
  gesture: off,
  body: off,
  hand: off,
  object: off,
  segmentation: off,
  face: {
    enabled: true,
    detector: {
      modelPath: 'blazeface.json',
      rotation: false,
      maxDetected: limits.mostFaces,
      minConfidence: limits.surely,
      iouThreshold: limits.sameFaceTwice,
      skipFrames: 0,
      skipTime: 0,
      minSize: 0,
      square: false,
      scale: 1,
    },
    mesh: off,
    iris: off,
    attention: off,
    emotion: off,
    antispoof: off,
    liveness: off,
    gear: off,
    description: off,
  },
}

async function load() {
  const human = new Human(config)
  await human.load()
  if (human.tf.getBackend() !== 'wasm') throw new Error('the library runs on something else than WebAssembly')
  const url = '/models/blazeface.json'
  return {
    human,
    relaxed: await FaceDetector.load(url, limits, true),
    plain: await FaceDetector.load(url, limits, false),
  }
}

let loaded: ReturnType<typeof load> | null = null

export async function compareFaces(picture: OffscreenCanvas): Promise<FacesCompared> {
  loaded ??= load()
  const { human, relaxed, plain } = await loaded
  const context = new OffscreenCanvas(blazeSide, blazeSide).getContext('2d')
  if (context === null) throw new Error('no canvas')
  const zoom = blazeSide / Math.max(picture.width, picture.height)
  context.drawImage(picture, 0, 0, picture.width * zoom, picture.height * zoom)
  const pixels = context.getImageData(0, 0, blazeSide, blazeSide)
  const tensor = human.tf.browser.fromPixels(pixels)
  const { face, error } = await human.detect(tensor)
  tensor.dispose()
  if (error !== null) throw new Error(error)
  const library = face.map(({ boxRaw: [x, y, side], boxScore, mesh: [one, other] }) => ({
    score: boxScore,
    x,
    y,
    side,
    eyes: [partOf(one), partOf(other)] as const,
  }))
  return { library, relaxed: relaxed.find(pixels.data), plain: plain.find(pixels.data) }
}

function partOf([x = Number.NaN, y = Number.NaN]: readonly (number | undefined)[] = []): readonly [
  number,
  number,
] {
  return [x / blazeSide, y / blazeSide]
}
