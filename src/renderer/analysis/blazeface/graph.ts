/** What a BlazeFace network is made of, read from its graph: a convolution, then blocks, and heads that say what was seen. */
import {
  type Conv,
  type GraphNode,
  GraphReader,
  inEights,
  type Model,
  strideOf,
  type Weight,
} from '../network/graph.ts'

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

/** Throws where the model is built otherwise. */
export function blazeNetOf(model: Model): BlazeNet {
  const graph = new GraphReader(model, 'BlazeFace')
  const convOf = (node: GraphNode, sides: readonly number[]): Conv => ({
    kernel: graph.weight(node, sides),
    bias: graph.weight(node, [], 2),
  })
  const headsOf = (name: string): Conv[] =>
    graph.users(name, '_FusedConv2D').map((node) => {
      const reshaped = graph.after(node.name, 'Reshape')
      graph.after(reshaped.name, 'Identity')
      if (isClipped(node)) throw new Error(`the model clips ${node.name}`)
      return convOf(node, [1, 1])
    })
  const blockAfter = (name: string): { block: Block; end: string } => {
    const depthwise = graph.after(name, 'DepthwiseConv2dNative')
    const pointwise = graph.after(depthwise.name, '_FusedConv2D')
    const parts = {
      depthwise: graph.weight(depthwise, [3, 3]),
      stride: strideOf(depthwise),
      pointwise: inEights(convOf(pointwise, [1, 1])),
    }
    if (isClipped(pointwise))
      return {
        block: { ...parts, adds: 'nothing', heads: headsOf(pointwise.name) },
        end: pointwise.name,
      }
    const sum = graph.after(pointwise.name, 'AddV2')
    const other = sum.input?.find((input) => input !== pointwise.name)
    const pools = graph.users(name, 'MaxPool')
    const pads = pools.flatMap((node) => graph.users(node.name, 'Pad'))
    if (other !== (pads[0] ?? pools[0])?.name && other !== name)
      throw new Error(`the model adds something else in ${sum.name}`)
    const end = graph.after(sum.name, 'Relu').name
    return { block: { ...parts, adds: other === name ? 'input' : 'pooled', heads: headsOf(end) }, end }
  }

  const stem = graph.after(graph.picture.name, '_FusedConv2D')
  if (!isClipped(stem) || strideOf(stem) !== 2) throw new Error('the model begins with another step')
  const blocks: Block[] = []
  for (let at = stem.name; graph.users(at, 'DepthwiseConv2dNative').length > 0; ) {
    const { block, end } = blockAfter(at)
    blocks.push(block)
    at = end
  }
  graph.end()
  return { stem: inEights(convOf(stem, [5, 5, 3])), blocks }
}

function isClipped({ attr }: GraphNode): boolean {
  const { list } = (attr?.fused_ops ?? {}) as { list?: { s?: readonly string[] } }
  return list?.s?.includes(relu) ?? false
}
