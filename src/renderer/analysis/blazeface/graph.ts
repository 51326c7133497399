/**
 * What a BlazeFace network is made of, read from its graph: a convolution, then blocks, and heads that say what was seen. Whatever
 * is not built like that is refused rather than computed wrongly.
 */
import type { GraphNode, Weight } from '../fold-graph.ts'
import type { Model } from './model-file.ts'

export interface Conv {
  readonly kernel: Weight
  readonly bias: Weight
}

/** relu(pointwise(depthwise(x)) + what is added). */
export interface Block {
  readonly depthwise: Weight
  readonly stride: 1 | 2
  readonly pointwise: Conv
  /** `pooled`: the largest of 2 × 2; channels it lacks are 0. */
  readonly adds: 'input' | 'pooled' | 'nothing'
  /** 1 × 1, of what comes out of the block. */
  readonly heads: readonly Conv[]
}

export interface BlazeNet {
  /** Stride 2, clipped at 0. */
  readonly stem: Conv
  readonly blocks: readonly Block[]
}

const relu = btoa('Relu')

export function blazeNetOf({ nodes, weights }: Model): BlazeNet {
  const steps = nodes.filter(({ op }) => op !== 'Const')
  const left = new Set(steps)
  const users = (name: string, op: string) =>
    steps.filter((node) => node.op === op && (node.input ?? []).includes(name))
  const used = (node: GraphNode): GraphNode => {
    left.delete(node)
    return node
  }
  const only = (found: readonly GraphNode[], what: string): GraphNode => {
    const [node] = found
    if (node === undefined || found.length > 1)
      throw new Error(`the model is not built like BlazeFace: ${what}`)
    return used(node)
  }
  const weight = (name: string | undefined): Weight => {
    const found = name === undefined ? undefined : weights.get(name)
    if (found === undefined) throw new Error(`the model lacks the weight ${name}`)
    return found
  }
  const convOf = ({ name, input: [, kernel, bias] = [] }: GraphNode, sides: readonly number[]): Conv => ({
    kernel: shaped(weight(kernel), name, sides),
    bias: weight(bias),
  })
  const headsOf = (name: string): Conv[] =>
    users(name, '_FusedConv2D').map((node) => {
      const reshaped = only(users(used(node).name, 'Reshape'), `what comes of ${node.name}`)
      only(users(reshaped.name, 'Identity'), `what comes of ${reshaped.name}`)
      if (isClipped(node)) throw new Error(`the model clips ${node.name}`)
      return convOf(node, [1, 1])
    })
  const blockAfter = (name: string): { block: Block; end: string } => {
    const depthwise = only(users(name, 'DepthwiseConv2dNative'), `after ${name}`)
    const pointwise = only(users(depthwise.name, '_FusedConv2D'), `after ${depthwise.name}`)
    const parts = {
      depthwise: shaped(weight(depthwise.input?.[1]), depthwise.name, [3, 3]),
      stride: strideOf(depthwise),
      pointwise: inEights(convOf(pointwise, [1, 1])),
    }
    if (isClipped(pointwise))
      return {
        block: { ...parts, adds: 'nothing', heads: headsOf(pointwise.name) },
        end: pointwise.name,
      }
    const sum = only(users(pointwise.name, 'AddV2'), `after ${pointwise.name}`)
    const other = sum.input?.find((input) => input !== pointwise.name)
    const pools = users(name, 'MaxPool').map(used)
    const pads = pools.flatMap((node) => users(node.name, 'Pad')).map(used)
    if (other !== (pads[0] ?? pools[0])?.name && other !== name)
      throw new Error(`the model adds something else in ${sum.name}`)
    const end = only(users(sum.name, 'Relu'), `after ${sum.name}`).name
    return { block: { ...parts, adds: other === name ? 'input' : 'pooled', heads: headsOf(end) }, end }
  }

  const picture = only(
    steps.filter(({ op }) => op === 'Placeholder'),
    'its input',
  )
  const stem = only(users(picture.name, '_FusedConv2D'), 'its first step')
  if (!isClipped(stem) || strideOf(stem) !== 2) throw new Error('the model begins with another step')
  const blocks: Block[] = []
  for (let at = stem.name; users(at, 'DepthwiseConv2dNative').length > 0; ) {
    const { block, end } = blockAfter(at)
    blocks.push(block)
    at = end
  }
  const [stray] = left
  if (stray !== undefined) throw new Error(`the model has a step more: ${stray.name}`)
  return { stem: inEights(convOf(stem, [5, 5, 3])), blocks }
}

/** The weight, if its shape begins like that. */
function shaped(weight: Weight, of: string, sides: readonly number[]): Weight {
  if (sides.some((side, at) => weight.shape[at] !== side))
    throw new Error(`the model has a kernel of ${weight.shape.join(' × ')} in ${of}`)
  return weight
}

/** What blocks are made of: kernels work on eight channels at a time. */
function inEights(conv: Conv): Conv {
  const channels = conv.kernel.shape[3] ?? 0
  if (channels === 0 || channels % 8 !== 0) throw new Error(`the model has a step of ${channels} channels`)
  return conv
}

function isClipped({ attr }: GraphNode): boolean {
  const { list } = (attr?.fused_ops ?? {}) as { list?: { s?: readonly string[] } }
  return list?.s?.includes(relu) ?? false
}

/** Of a step that looks at its neighbours, beyond the edge at zeros. */
function strideOf({ name, attr }: GraphNode): 1 | 2 {
  const { s: padding } = (attr?.padding ?? {}) as { s?: string }
  if (padding !== btoa('SAME')) throw new Error(`the model treats edges otherwise in ${name}`)
  const { list } = (attr?.strides ?? {}) as { list?: { i?: readonly (string | number)[] } }
  const [, down, across] = (list?.i ?? []).map(Number)
  if (down !== across || (down !== 1 && down !== 2)) throw new Error(`the model strides otherwise in ${name}`)
  return down
}
