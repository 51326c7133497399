/** Tells faces apart: turns one into 1,024 numbers that are near to those of the same person's other pictures. */
import { blank, drawingOf, type LookedAt, pixelsOf, sizeOf } from './face-drawing.ts'
import { faceNetOf, faceSide } from './faceres/graph.ts'
import { FaceRunner } from './faceres/runner.ts'
import { readModel } from './network/model-file.ts'
import { canRelax } from './network/workspace.ts'

/** Where a face lies, in pixels of its picture. */
export interface FaceInPicture {
  readonly middleX: number
  readonly middleY: number
  readonly sidePx: number
  /** Clockwise, radians: how the line through the eyes lies. */
  readonly tilt: number
}

/** The part around the detector's box that the model was made for. */
const room = 1.4

export class FaceTeller {
  readonly #runner: FaceRunner
  readonly #drawing = drawingOf(faceSide)

  private constructor(runner: FaceRunner) {
    this.#runner = runner
  }

  /** `url` is that of `faceres.json`. Rejects in words when it cannot be read, is another model, or this browser cannot run it. */
  static async load(url: string): Promise<FaceTeller> {
    const net = faceNetOf(await readModel(url))
    try {
      return new FaceTeller(await FaceRunner.of(net, canRelax()))
    } catch (error) {
      throw new Error(`this browser cannot run the model that tells faces apart: ${String(error)}`)
    }
  }

  numbersOf(image: LookedAt, face: FaceInPicture): Float32Array {
    const { context } = this.#drawing
    const zoom = faceSide / (face.sidePx * room)
    blank(this.#drawing)
    // Upright, the middle of the face in the middle.
    context.translate(faceSide / 2, faceSide / 2)
    context.scale(zoom, zoom)
    context.rotate(-face.tilt)
    context.translate(-face.middleX, -face.middleY)
    const { width, height } = sizeOf(image)
    context.drawImage(image, 0, 0, width, height)
    return this.#runner.run(pixelsOf(this.#drawing).data)
  }
}
