/**
 * What the `faceres` network is made of, read from its graph: MobileNet, whose mean over all places is the numbers of a face. Its file
 * has it as it was trained: after a convolution come steps that multiply, add and clip. Multiplying is put into the kernel, adding is
 * its bias, clipping happens where the sum is; what comes out differs by rounding only. What follows the mean guesses age and
 * gender and is not looked at.
 */
import {
  type Conv,
  type GraphNode,
  GraphReader,
  inEights,
  type Model,
  outputsOf,
  strideOf,
  type Weight,
} from '../network/graph.ts'

/** Each clipped to 0..6: pointwise(depthwise(x)). */
interface Block {
  readonly depthwise: Conv
  readonly stride: 1 | 2
  readonly pointwise: Conv
}

export interface FaceNet {
  /** 3 × 3, stride 2, clipped to 0..6. */
  readonly stem: Conv
  readonly blocks: readonly Block[]
}

/** The square that the network takes in, pixels. */
export const faceSide = 224
/** Numbers that tell a face. */
export const faceNumbers = 1024

/** Throws where the model is built otherwise. */
export function faceNetOf(model: Model): FaceNet {
  const graph = new GraphReader(model, 'the network that tells faces apart')
  /** The constant that follows `name` through a step `op`, and the name of that step. */
  const through = (name: string, op: string, sides: readonly number[]): [Weight, string] => {
    const node = graph.after(name, op)
    return [graph.weight(node, sides), node.name]
  }
  const clipped = (name: string): string => {
    const [most, atMost] = through(graph.after(name, 'Relu').name, 'Minimum', [])
    const [least, end] = through(atMost, 'Maximum', [])
    if (!isJust(most, 6) || !isJust(least, 0)) throw new Error(`the model clips otherwise after ${name}`)
    return end
  }

  const blockAfter = (name: string, inputs: number): { block: Block; end: string } => {
    const each = graph.after(name, 'DepthwiseConv2dNative')
    const [scale, scaledBy] = through(each.name, 'Mul', [inputs])
    const [eachBias, eachSum] = through(scaledBy, 'Add', [inputs])
    const mix = graph.after(clipped(eachSum), 'Conv2D')
    const kernel = graph.weight(mix, [1, 1, inputs])
    if (strideOf(mix) !== 1) throw new Error(`the model strides otherwise in ${mix.name}`)
    const [bias, sum] = through(mix.name, 'Add', [kernel.shape[3] ?? 0])
    const block = {
      depthwise: { kernel: scaled(graph.weight(each, [3, 3, inputs, 1]), scale), bias: eachBias },
      stride: strideOf(each),
      pointwise: inEights({ kernel, bias }),
    }
    return { block, end: clipped(sum) }
  }

  const { picture } = graph
  if (sideOf(picture) !== faceSide)
    throw new Error(`the model takes in other pictures than of ${faceSide} pixels`)
  const first = graph.after(picture.name, 'Conv2D')
  if (strideOf(first) !== 2) throw new Error('the model begins with another step')
  const kernel = graph.weight(first, [3, 3, 3])
  const [bias, sum] = through(first.name, 'Add', [kernel.shape[3] ?? 0])
  const stem = inEights({ kernel, bias })
  const blocks: Block[] = []
  let [at, side, channels] = [clipped(sum), faceSide / 2, outputsOf(stem)]
  while (graph.users(at, 'Mean').length === 0) {
    const { block, end } = blockAfter(at, channels)
    if (side % block.stride !== 0) throw new Error(`the model halves ${side} places before ${end}`)
    blocks.push(block)
    ;[at, side, channels] = [end, side / block.stride, outputsOf(block.pointwise)]
  }
  const [over] = through(at, 'Mean', [2])
  if (over.values[0] !== 1 || over.values[1] !== 2)
    throw new Error(`the model takes another mean than over all places after ${at}`)
  if (channels !== faceNumbers)
    throw new Error(`the model tells a face by ${channels} numbers, and ${faceNumbers} were learned`)
  return { stem, blocks }
}

function isJust({ values }: Weight, value: number): boolean {
  return values.length === 1 && values[0] === value
}

function sideOf({ attr }: GraphNode): number | null {
  const { shape } = (attr?.shape ?? {}) as { shape?: { dim?: readonly { size: string | number }[] } }
  const [, height, width] = (shape?.dim ?? []).map(({ size }) => Number(size))
  return height === undefined || height !== width ? null : height
}

/** Each channel times a number of its own. */
function scaled({ shape, values }: Weight, scale: Weight): Weight {
  const channels = scale.values.length
  return {
    shape,
    values: Float32Array.from(values, (value, at) => value * (scale.values[at % channels] ?? 1)),
  }
}
