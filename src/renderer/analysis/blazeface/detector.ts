/** Finds faces in a square of pixels, with the BlazeFace model of this installation. */
import { readModel } from '../network/model-file.ts'
import { canRelax } from '../network/workspace.ts'
import { type BlazeFace, facesIn, type Limits } from './faces.ts'
import { blazeNetOf } from './graph.ts'
import { BlazeRunner } from './runner.ts'

export class FaceDetector {
  readonly #runner: BlazeRunner
  readonly #limits: Limits

  private constructor(runner: BlazeRunner, limits: Limits) {
    this.#runner = runner
    this.#limits = limits
  }

  /** `url` is that of `blazeface.json`. Rejects in words when it cannot be read, is another model, or this browser cannot run it. */
  static async load(url: string, limits: Limits, relaxed = canRelax()): Promise<FaceDetector> {
    const net = blazeNetOf(await readModel(url))
    try {
      return new FaceDetector(await BlazeRunner.of(net, relaxed), limits)
    } catch (error) {
      throw new Error(`this browser cannot run the model that finds faces: ${String(error)}`)
    }
  }

  /** `pixels` are red, green, blue and one that is not looked at, `blazeSide` × `blazeSide` times. The surest face comes first. */
  find(pixels: Uint8ClampedArray): BlazeFace[] {
    return facesIn(this.#runner.run(pixels), this.#limits)
  }
}
