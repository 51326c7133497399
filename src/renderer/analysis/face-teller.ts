/**
 * Tells faces apart: turns one into 1,024 numbers that are near to those of the same person's other pictures. The same model could
 * guess age and gender: that part of it is never run.
 */
import { type Config, type GraphModel, Human, type Tensor } from '@vladmandic/human'
import { blank, drawingOf, type LookedAt, pixelsOf, sizeOf } from './face-drawing.ts'
import { loadLean } from './lean-model.ts'

/** Where a face lies, in pixels of its picture. */
export interface FaceInPicture {
  readonly middleX: number
  readonly middleY: number
  readonly sidePx: number
  /** Clockwise, radians: how the line through the eyes lies. */
  readonly tilt: number
}

/** What the model takes in, pixels. */
const side = 224
/** The part around the detector's box that it was made for. */
const room = 1.4
const numbers = 1024
/** The output of the model that is the face itself. What follows it guesses age and gender; asked for this, it is not computed. */
export const toldBy = 'global_pooling/Mean'

/** Only the library's TensorFlow.js is used, on its WebAssembly. */
const config = (models: string): Partial<Config> => ({
  backend: 'wasm',
  wasmPath: models,
  modelBasePath: models,
  cacheModels: false,
  warmup: 'none',
  debug: false,
})

export class FaceTeller {
  readonly #tf: Human['tf']
  readonly #model: GraphModel
  readonly #drawing = drawingOf(side)

  private constructor(tf: Human['tf'], model: GraphModel) {
    this.#tf = tf
    this.#model = model
  }

  /** `models` is the address where they and the WebAssembly are. */
  static async load(models: string): Promise<FaceTeller> {
    const human = new Human(config(models))
    await human.init()
    const backend = human.tf.getBackend()
    // The library would go on with WebGL, which on a machine without a graphics card takes twenty times as long.
    if (backend !== 'wasm')
      throw new Error(`the face engine needs WebAssembly, and this browser gave it ${backend || 'nothing'}`)
    return new FaceTeller(human.tf, await loadLean(human.tf, `${models}faceres.json`, new Set([toldBy])))
  }

  /** Null: the model said something else than the numbers of a face. */
  async numbersOf(image: LookedAt, face: FaceInPicture): Promise<Float32Array | null> {
    const { context } = this.#drawing
    const zoom = side / (face.sidePx * room)
    blank(this.#drawing)
    // Upright, the middle of the face in the middle.
    context.translate(side / 2, side / 2)
    context.scale(zoom, zoom)
    context.rotate(-face.tilt)
    context.translate(-face.middleX, -face.middleY)
    const { width, height } = sizeOf(image)
    context.drawImage(image, 0, 0, width, height)
    const tf = this.#tf
    const pixels = pixelsOf(this.#drawing)
    const batch = tf.tidy(() => tf.expandDims(tf.cast(tf.browser.fromPixels(pixels), 'float32'), 0))
    const told = this.#model.execute(batch, toldBy) as Tensor
    try {
      const values = await told.data()
      return values.length === numbers ? Float32Array.from(values) : null
    } finally {
      batch.dispose()
      told.dispose()
    }
  }
}
