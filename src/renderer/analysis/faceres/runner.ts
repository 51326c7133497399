/**
 * Runs the network that tells faces apart. A block is worked out in strips of rows: enough pixels that the weights, of which there
 * are more than a processor's caches hold, are fetched seldom. On a machine that does nothing else that makes no difference; beside
 * other work single rows took a fifth to a third longer.
 */
import { outputsOf } from '../network/graph.ts'
import { conv, depthwise } from '../network/kernels.ts'
import { filled, packedDepthwise } from '../network/packing.ts'
import { around, inside, type Plane, Planes } from '../network/planes.ts'
import { Stem } from '../network/stem.ts'
import { Workspace } from '../network/workspace.ts'
import { type FaceNet, faceSide } from './graph.ts'

const float = 4
/** Pixels of a strip, at least, where there are so many. */
const stripPixels = 96

export class FaceRunner {
  readonly #space: Workspace
  readonly #stem: Stem
  readonly #steps: (() => void)[] = []
  readonly #last: Plane

  private constructor({ stem, blocks }: FaceNet, relaxed: boolean) {
    this.#space = new Workspace(relaxed)
    const planes = new Planes(this.#space)
    let plane = planes.make(faceSide / 2, outputsOf(stem))
    this.#stem = new Stem({
      space: this.#space,
      side: faceSide,
      conv: stem,
      clip: 'relu6',
      // As the network was trained: shades as they are.
      shade: (value) => value,
      out: plane,
    })
    for (const block of blocks) {
      const out = planes.after(plane, plane.side / block.stride, outputsOf(block.pointwise))
      this.#block(block, plane, out)
      plane = out
    }
    this.#last = plane
  }

  /** Rejects when this browser cannot. */
  static async of(net: FaceNet, relaxed: boolean): Promise<FaceRunner> {
    const made = new FaceRunner(net, relaxed)
    await made.#space.start()
    return made
  }

  /** Red, green, blue and a number that is not looked at for each pixel of 224 × 224. */
  run(pixels: Uint8ClampedArray): Float32Array<ArrayBuffer> {
    this.#stem.run(pixels)
    for (const step of this.#steps) step()
    return this.#mean()
  }

  #block({ depthwise: each, stride, pointwise }: FaceNet['blocks'][number], from: Plane, out: Plane): void {
    const rows = stripRows(out.side)
    const [pixelStep, outStep] = [from.channels * float, out.channels * float]
    const rowAt = (row: number) => strip + row * out.side * pixelStep
    const eachChannel = this.#space.kernel(depthwise, {
      pixels: out.side,
      channels: from.channels,
      stride,
      rowStep: from.rowStep,
      clip: 'relu6' as const,
    })
    const mix = this.#space.kernel(conv, {
      rows: 1,
      taps: from.channels,
      pixelStep,
      rowStep: 0,
      pixels: out.side,
      lines: rows,
      lineStep: out.side * pixelStep,
      channels: out.channels,
      outStep,
      outLineStep: out.rowStep,
      adds: false,
      clip: 'relu6' as const,
    })
    const strip = this.#space.room(rows * out.side * from.channels)
    const nines = this.#space.fill(packedDepthwise(each))
    const [weights, biases] = filled(this.#space, pointwise)
    this.#steps.push(() => {
      for (let top = 0; top < out.side; top += rows) {
        for (let row = 0; row < rows; row += 1)
          eachChannel(around(from, (top + row) * stride, stride), nines, rowAt(row))
        mix(strip, weights, biases, 0, inside(out, top))
      }
    })
  }

  #mean(): Float32Array<ArrayBuffer> {
    const { side, channels } = this.#last
    const sums = new Float64Array(channels)
    for (let row = 0; row < side; row += 1) {
      const values = this.#space.numbers(inside(this.#last, row), side * channels)
      for (let at = 0; at < values.length; at += 1) {
        const channel = at % channels
        sums[channel] = (sums[channel] as number) + (values[at] as number)
      }
    }
    return Float32Array.from(sums, (sum) => sum / side ** 2)
  }
}

/** As few as are enough, and all strips alike. */
function stripRows(side: number): number {
  let rows = Math.min(side, Math.ceil(stripPixels / side))
  while (side % rows !== 0) rows += 1
  return rows
}
