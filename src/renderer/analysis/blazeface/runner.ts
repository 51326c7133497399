/**
 * Runs a BlazeFace network. A block is worked out row by row: what its depthwise part makes of a row is used up while it lies in
 * the processor's first cache, and adding and clipping happen where the sum is, so that memory is walked through once per block.
 */
import { type Conv, outputsOf } from '../network/graph.ts'
import { conv, depthwise, pool, together } from '../network/kernels.ts'
import { filled, packedDepthwise, up } from '../network/packing.ts'
import { around, inside, type Plane, Planes } from '../network/planes.ts'
import { Stem } from '../network/stem.ts'
import { Workspace } from '../network/workspace.ts'
import type { BlazeNet, Block } from './graph.ts'

/** The square the picture is drawn in, pixels. */
export const blazeSide = 256
const float = 4

/** What one head says: for each of side × side places as many numbers. */
export interface Seen {
  readonly side: number
  readonly channels: number
  /** From place to place, in numbers: more than channels where they were filled up. */
  readonly step: number
  readonly values: Float32Array
}

export class BlazeRunner {
  readonly #space: Workspace
  readonly #stem: Stem
  readonly #steps: (() => void)[] = []
  readonly #heads: (Omit<Seen, 'values'> & { readonly at: number })[] = []
  #seen: readonly Seen[] = []

  private constructor({ stem, blocks }: BlazeNet, relaxed: boolean) {
    this.#space = new Workspace(relaxed)
    const planes = new Planes(this.#space)
    let plane = planes.make(blazeSide / 2, outputsOf(stem))
    this.#stem = new Stem({
      space: this.#space,
      side: blazeSide,
      conv: stem,
      clip: 'relu',
      // −1 to 1, as the network was trained.
      shade: (value) => Math.fround(value / 127.5) - 1,
      out: plane,
    })
    for (const block of blocks) {
      const out = planes.after(plane, plane.side / block.stride, outputsOf(block.pointwise))
      this.#block(block, plane, out)
      for (const head of block.heads) this.#head(head, out)
      plane = out
    }
  }

  /** Rejects when this browser cannot. */
  static async of(net: BlazeNet, relaxed: boolean): Promise<BlazeRunner> {
    const made = new BlazeRunner(net, relaxed)
    await made.#start()
    return made
  }

  /** Red, green, blue and a number that is not looked at for each pixel. What comes back is overwritten by the next run. */
  run(pixels: Uint8ClampedArray): readonly Seen[] {
    this.#stem.run(pixels)
    for (const step of this.#steps) step()
    return this.#seen
  }

  #block({ depthwise: kernel, stride, pointwise, adds }: Block, from: Plane, out: Plane): void {
    const outStep = out.channels * float
    const shape = { pixels: out.side, channels: from.channels, rowStep: from.rowStep }
    const eachChannel = this.#space.kernel(depthwise, { ...shape, stride, clip: null })
    const largest = adds === 'pooled' ? this.#space.kernel(pool, { ...shape, outStep }) : null
    const mix = this.#space.kernel(conv, {
      ...pointwiseShape(from.channels, out.side, out.channels),
      adds: adds !== 'nothing',
      clip: 'relu' as const,
    })
    const rowAt = this.#space.room(out.side * from.channels)
    const pooledAt = this.#space.room(out.side * out.channels)
    const bias = { shape: [from.channels], values: new Float32Array(from.channels) }
    const nines = this.#space.fill(packedDepthwise({ kernel, bias }))
    const [weights, biases] = filled(this.#space, pointwise)
    this.#steps.push(() => {
      for (let row = 0; row < out.side; row += 1) {
        const top = row * stride
        eachChannel(around(from, top, stride), nines, rowAt)
        largest?.(inside(from, top), pooledAt)
        mix(rowAt, weights, biases, largest === null ? inside(from, row) : pooledAt, inside(out, row))
      }
    })
  }

  #head(head: Conv, from: Plane): void {
    const channels = outputsOf(head)
    const step = up(channels, together)
    const at = this.#space.room(from.side ** 2 * step)
    const run = this.#space.kernel(conv, {
      ...pointwiseShape(from.channels, from.side, step),
      adds: false,
      clip: null,
    })
    const [weights, biases] = filled(this.#space, head)
    this.#heads.push({ at, side: from.side, channels, step })
    this.#steps.push(() => {
      for (let row = 0; row < from.side; row += 1)
        run(inside(from, row), weights, biases, 0, at + row * from.side * step * float)
    })
  }

  async #start(): Promise<void> {
    await this.#space.start()
    this.#seen = this.#heads.map(({ at, ...head }) => ({
      ...head,
      values: this.#space.numbers(at, head.side ** 2 * head.step),
    }))
  }
}

/** One row, of pixels that lie side by side. */
function pointwiseShape(inputs: number, pixels: number, channels: number) {
  const [pixelStep, outStep] = [inputs * float, channels * float]
  const row = { pixels, lines: 1, lineStep: pixels * pixelStep, outLineStep: pixels * outStep }
  return { ...row, rows: 1, taps: inputs, pixelStep, rowStep: 0, channels, outStep }
}
