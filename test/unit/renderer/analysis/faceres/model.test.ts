/** The model that tells faces apart as it is read, and models that are not it. */
import { describe, expect, it } from 'vitest'
import { type FaceNet, faceNetOf } from '../../../../../src/renderer/analysis/faceres/graph.ts'
import type { GraphNode, Model, Weight } from '../../../../../src/renderer/analysis/network/graph.ts'
import { readModel } from '../../../../../src/renderer/analysis/network/model-file.ts'
import { served } from '../network/served-model.ts'

type Node = { -readonly [key in keyof GraphNode]: GraphNode[key] }
interface Changed {
  readonly nodes: Node[]
  readonly weights: Map<string, Weight>
}

/** Read once: it is large. */
let read: Promise<Model> | null = null
function whole(): Promise<Model> {
  read ??= served('faceres').then(readModel)
  return read
}

/** The network of the file with something changed. */
async function netOf(change: (model: Changed) => void): Promise<FaceNet> {
  const model = await whole()
  const changed = { nodes: model.nodes.map((node) => ({ ...node })), weights: new Map(model.weights) }
  change(changed)
  return faceNetOf(changed)
}

function nodeOf({ nodes }: Changed, op: string, at = 0): Node {
  const node = nodes.filter((one) => one.op === op)[at]
  if (node === undefined) throw new Error(`no ${op}`)
  return node
}

/** `node` with another constant, or another step before it. */
function take(node: Node, at: 0 | 1, name: string): void {
  node.input = (node.input ?? []).map((input, n) => (n === at ? name : input))
}

function attribute(node: Node, name: string, value: unknown): void {
  node.attr = { ...node.attr, [name]: value }
}

const twice = { list: { i: ['1', '2', '2', '1'] } }

describe('the model that tells faces apart', () => {
  it('is a first step and 13 blocks, up to 1,024 numbers, and no more of the file', async () => {
    const model = await whole()
    const { stem, blocks } = faceNetOf(model)
    expect(stem.kernel.shape).toEqual([3, 3, 3, 32])
    expect(blocks.map(({ pointwise }) => pointwise.kernel.shape[3])).toEqual([
      64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024,
    ])
    expect(blocks.flatMap(({ stride }, at) => (stride === 2 ? [at + 1] : []))).toEqual([2, 4, 6, 12])
    // What multiplies a channel after its convolution is in the kernel.
    const of = (name: string) => model.weights.get(`conv_dw_3${name}`)?.values ?? []
    const scale = of('_bn/batchnorm_1/mul')
    const third = blocks[2]?.depthwise
    expect(third?.kernel.values[128 * 4 + 5]).toBeCloseTo(
      (of('/depthwise_kernel')[128 * 4 + 5] ?? 0) * (scale[5] ?? 0),
      6,
    )
    expect(third?.bias.values).toEqual(of('_bn/batchnorm_1/sub'))
  })

  const otherwise: Record<string, [(file: Changed) => void, RegExp]> = {
    'a step less': [
      (file) => {
        nodeOf(file, 'Mul', 3).op = 'Sub'
      },
      /not built like the network that tells faces apart: after conv_dw_4/,
    ],
    'a step twice': [
      (file) => {
        const relu = nodeOf(file, 'Relu', 2)
        file.nodes.push({ ...relu, name: 'more' })
      },
      /not built like the network that tells faces apart: after conv_pw_1/,
    ],
    'another clip': [
      (file) => {
        take(nodeOf(file, 'Minimum', 4), 1, 'conv1_relu/Const_1')
      },
      /clips otherwise after conv_pw_2/,
    ],
    'other edges': [
      (file) => {
        attribute(nodeOf(file, 'DepthwiseConv2dNative'), 'padding', { s: btoa('VALID') })
      },
      /treats edges otherwise/,
    ],
    'other strides': [
      (file) => {
        attribute(nodeOf(file, 'Conv2D', 3), 'strides', twice)
      },
      /strides otherwise in conv_pw_3/,
    ],
    'pixels left out': [
      (file) => {
        attribute(nodeOf(file, 'DepthwiseConv2dNative', 2), 'dilations', twice)
      },
      /leaves pixels out/,
    ],
    'too many halvings': [
      (file) => {
        attribute(nodeOf(file, 'DepthwiseConv2dNative', 12), 'strides', twice)
      },
      /halves 7 places/,
    ],
    'smaller pictures': [
      (file) => {
        const size = (value: string) => ({ size: value })
        attribute(nodeOf(file, 'Placeholder'), 'shape', {
          shape: { dim: ['-1', '192', '192', '3'].map(size) },
        })
      },
      /takes in other pictures than of 224 pixels/,
    ],
    'no weight': [
      (file) => {
        take(nodeOf(file, 'Conv2D', 2), 1, 'nowhere')
      },
      /lacks the weight nowhere/,
    ],
    'another kernel': [
      (file) => {
        file.weights.set('conv_dw_5/depthwise_kernel', { shape: [9, 1, 256, 1], values: [] })
      },
      /a kernel of 9 × 1 × 256 × 1 in conv_dw_5/,
    ],
    'fewer numbers': [
      (file) => {
        // It ends one block earlier, after 512.
        take(nodeOf(file, 'Mean'), 0, 'conv_pw_11_relu/clip_by_value')
      },
      /tells a face by 512 numbers/,
    ],
    'another mean': [
      (file) => {
        take(nodeOf(file, 'Mean'), 1, 'conv_dw_1_bn/batchnorm_1/mul')
      },
      /a kernel of 32 in global_pooling/,
    ],
  }
  it.each(Object.entries(otherwise))('is refused with %s', async (_name, [change, reason]) => {
    await expect(netOf(change)).rejects.toThrow(reason)
  })

  it('is refused where it is the model that finds faces', async () => {
    const other = await readModel(await served('blazeface'))
    expect(() => faceNetOf(other)).toThrow(/takes in other pictures|not built like/)
  })
})
