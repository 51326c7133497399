/** How networks begin: the picture is put into memory, and a convolution looks at every second pixel and its neighbours. */
import type { Conv } from './graph.ts'
import { type Clip, conv } from './kernels.ts'
import { filled, tapsOf } from './packing.ts'
import { inside, type Plane } from './planes.ts'
import type { Workspace } from './workspace.ts'

const float = 4
const colours = 3
/** Rows of a picture are read in eights: the last ends less than so many numbers behind it. */
const readBeyond = 8

interface Parts {
  readonly space: Workspace
  /** Of the square the picture is drawn in, pixels; even. */
  readonly side: number
  readonly conv: Conv
  readonly clip: Clip
  /** What the network takes each of the 256 shades for. */
  shade(value: number): number
  readonly out: Plane
}

export class Stem {
  readonly #parts: Parts
  readonly #shades: Float32Array
  readonly #framedSide: number
  /** Pixels that the kernel looks at before the picture's edge; beyond the other it is as many or one more. */
  readonly #lead: number
  readonly #pictureAt: number
  readonly #step: () => void

  constructor(parts: Parts) {
    const { space, side, out, clip, conv: first } = parts
    const rows = first.kernel.shape[0] ?? 0
    this.#parts = parts
    this.#shades = Float32Array.from({ length: 256 }, (_, value) => parts.shade(value))
    this.#framedSide = side + rows - 2
    this.#lead = Math.floor((rows - 2) / 2)
    const pictureAt = space.room(this.#framedSide ** 2 * colours + readBeyond)
    const pixelStep = colours * float
    const rowStep = this.#framedSide * pixelStep
    const outStep = out.channels * float
    const run = space.kernel(conv, {
      rows,
      taps: tapsOf(first.kernel),
      pixelStep: 2 * pixelStep,
      rowStep,
      pixels: out.side,
      lines: 1,
      lineStep: 2 * rowStep,
      channels: out.channels,
      outStep,
      outLineStep: out.rowStep,
      adds: false,
      clip,
    })
    const [weights, biases] = filled(space, first)
    this.#pictureAt = pictureAt
    this.#step = () => {
      for (let row = 0; row < out.side; row += 1)
        run(pictureAt + row * 2 * rowStep, weights, biases, 0, inside(out, row))
    }
  }

  /** Red, green, blue and a number that is not looked at for each pixel. */
  run(pixels: Uint8ClampedArray): void {
    const { space, side } = this.#parts
    const shades = this.#shades
    const picture = space.numbers(this.#pictureAt, this.#framedSide ** 2 * colours)
    for (let y = 0, from = 0; y < side; y += 1) {
      let to = ((y + this.#lead) * this.#framedSide + this.#lead) * colours
      for (let x = 0; x < side; x += 1, from += 4, to += colours) {
        picture[to] = shades[pixels[from] as number] as number
        picture[to + 1] = shades[pixels[from + 1] as number] as number
        picture[to + 2] = shades[pixels[from + 2] as number] as number
      }
    }
    this.#step()
  }
}
