/**
 * Runs a BlazeFace network. A block is worked out row by row: what its depthwise part makes of a row is used up while it lies in
 * the processor's first cache, and adding and clipping happen where the sum is, so that memory is walked through once per block.
 */
import type { BlazeNet, Block, Conv } from './graph.ts'
import { conv, depthwise, pool, together } from './kernels.ts'
import { packedBias, packedDepthwise, packedKernel, tapsOf, up } from './packing.ts'
import { Workspace } from './workspace.ts'

/** The square the picture is drawn in, pixels. */
export const blazeSide = 256
const float = 4
const colours = 3
/** The first step, 5 × 5, looks one pixel before the edge and two beyond it. */
const framedSide = 1 + blazeSide + 2
/** Its rows are read in eights: the last ends so many numbers behind the picture. */
const readBeyond = 8

/** Numbers with a frame of zeros one pixel wide, which convolutions look at beyond the edge. */
interface Plane {
  /** Of the frame's first number. */
  readonly at: number
  readonly side: number
  readonly channels: number
  readonly rowStep: number
}

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
  readonly #steps: (() => void)[] = []
  readonly #heads: (Omit<Seen, 'values'> & { readonly at: number })[] = []
  readonly #pictureAt: number
  #picture = new Float32Array()
  #seen: readonly Seen[] = []

  private constructor({ stem, blocks }: BlazeNet, relaxed: boolean) {
    this.#space = new Workspace(relaxed)
    this.#pictureAt = this.#space.room(framedSide ** 2 * colours + readBeyond)
    let plane = this.#stem(stem)
    // Two planes of a shape take turns.
    let spare: Plane | null = null
    for (const block of blocks) {
      const channels = outputsOf(block.pointwise)
      const side = plane.side / block.stride
      const fits: boolean = spare !== null && spare.side === side && spare.channels === channels
      const out: Plane = spare !== null && fits ? spare : this.#plane(side, channels)
      this.#block(block, plane, out)
      for (const head of block.heads) this.#head(head, out)
      spare = plane.side === out.side && plane.channels === out.channels ? plane : null
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
    const picture = this.#picture
    for (let y = 0, from = 0; y < blazeSide; y += 1) {
      let to = ((y + 1) * framedSide + 1) * colours
      for (let x = 0; x < blazeSide; x += 1, from += 4, to += colours) {
        picture[to] = scaled[pixels[from] as number] as number
        picture[to + 1] = scaled[pixels[from + 1] as number] as number
        picture[to + 2] = scaled[pixels[from + 2] as number] as number
      }
    }
    for (const step of this.#steps) step()
    return this.#seen
  }

  #stem({ kernel, bias }: Conv): Plane {
    const out = this.#plane(blazeSide / 2, kernel.shape[3] ?? 0)
    const pixelStep = colours * float
    const rowStep = framedSide * pixelStep
    const run = this.#space.kernel(conv, {
      rows: kernel.shape[0] ?? 0,
      taps: tapsOf(kernel),
      pixelStep: 2 * pixelStep,
      rowStep,
      pixels: out.side,
      channels: out.channels,
      outStep: out.channels * float,
      residualStep: null,
      clipped: true,
    })
    const [weights, biases] = this.#filled({ kernel, bias })
    this.#steps.push(() => {
      for (let row = 0; row < out.side; row += 1)
        run(this.#pictureAt + row * 2 * rowStep, weights, biases, 0, inside(out, row))
    })
    return out
  }

  #block({ depthwise: kernel, stride, pointwise, adds }: Block, from: Plane, out: Plane): void {
    const outStep = out.channels * float
    const shape = { pixels: out.side, channels: from.channels, rowStep: from.rowStep }
    const eachChannel = this.#space.kernel(depthwise, { ...shape, stride })
    const largest = adds === 'pooled' ? this.#space.kernel(pool, { ...shape, outStep }) : null
    const mix = this.#space.kernel(conv, {
      ...pointwiseShape(from.channels, out.side, out.channels),
      residualStep: adds === 'nothing' ? null : outStep,
      clipped: true,
    })
    const rowAt = this.#space.room(out.side * from.channels)
    const pooledAt = this.#space.room(out.side * out.channels)
    const nines = this.#space.fill(packedDepthwise(kernel))
    const [weights, biases] = this.#filled(pointwise)
    // An even side needs nothing before its edge where every second pixel is looked at.
    const corner = stride === 1 ? from.at : inside(from, 0)
    this.#steps.push(() => {
      for (let row = 0; row < out.side; row += 1) {
        const top = row * stride * from.rowStep
        eachChannel(corner + top, nines, rowAt)
        largest?.(inside(from, 0) + top, pooledAt)
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
      residualStep: null,
      clipped: false,
    })
    const [weights, biases] = this.#filled(head)
    this.#heads.push({ at, side: from.side, channels, step })
    this.#steps.push(() => {
      for (let row = 0; row < from.side; row += 1)
        run(inside(from, row), weights, biases, 0, at + row * from.side * step * float)
    })
  }

  #plane(side: number, channels: number): Plane {
    const rowStep = (side + 2) * channels * float
    return { at: this.#space.room((side + 2) ** 2 * channels), side, channels, rowStep }
  }

  #filled({ kernel, bias }: Conv): [number, number] {
    return [this.#space.fill(packedKernel(kernel)), this.#space.fill(packedBias(bias))]
  }

  async #start(): Promise<void> {
    const memory = await this.#space.start()
    this.#picture = new Float32Array(memory, this.#pictureAt, framedSide ** 2 * colours)
    this.#seen = this.#heads.map(({ at, ...head }) => ({
      ...head,
      values: new Float32Array(memory, at, head.side ** 2 * head.step),
    }))
  }
}

/** −1 to 1, as the network was trained. */
const scaled = Float32Array.from({ length: 256 }, (_, value) => Math.fround(value / 127.5) - 1)

function outputsOf({ kernel }: Conv): number {
  return kernel.shape[3] ?? 0
}

function pointwiseShape(inputs: number, pixels: number, channels: number) {
  const pixelStep = inputs * float
  return { rows: 1, taps: inputs, pixelStep, rowStep: 0, pixels, channels, outStep: channels * float }
}

/** The first number of a row within the frame. */
function inside({ at, rowStep, channels }: Plane, row: number): number {
  return at + (row + 1) * rowStep + channels * float
}
