/** Folding what follows a convolution into it: what is folded, into which numbers, and what is left alone. */
import { describe, expect, it } from 'vitest'
import { foldGraph, type GraphNode, type Weight } from '../../../../src/renderer/analysis/fold-graph.ts'

const weight = (shape: number[], values: number[]): Weight => ({ shape, dtype: 'float32', values })
const constants: Record<string, Weight> = {
  // 1 × 1, two in-channels, each with two of its own.
  kernel: weight([1, 1, 2, 2], [1, 2, 3, 4]),
  scale: weight([4], [10, 20, 30, 40]),
  bias: weight([4], [5, 6, 7, 8]),
  six: weight([], [6]),
  seven: weight([], [7]),
  zero: weight([], [0]),
}
const node = (op: string, name: string, ...input: string[]): GraphNode => ({ op, name, input })
const conv: GraphNode = {
  ...node('DepthwiseConv2dNative', 'conv', 'picture', 'kernel'),
  attr: { padding: { s: 'U0FNRQ==' } },
}

function folded(nodes: GraphNode[], outputs: string[] = []) {
  const all = [
    { op: 'Placeholder', name: 'picture' },
    ...Object.keys(constants).map((name) => node('Const', name)),
    ...nodes,
  ]
  const graph = foldGraph({ nodes: all, weights: new Map(Object.entries(constants)) }, new Set(outputs))
  return { ...graph, steps: graph.nodes.filter(({ op }) => op !== 'Const' && op !== 'Placeholder') }
}

const names = (nodes: readonly GraphNode[]) => nodes.map(({ op, name }) => `${op} ${name}`)
const wholeChain = [
  conv,
  node('Mul', 'mul', 'conv', 'scale'),
  node('Add', 'add', 'mul', 'bias'),
  node('Relu', 'relu', 'add'),
  node('Minimum', 'min', 'relu', 'six'),
  node('Maximum', 'max', 'min', 'zero'),
  node('Mean', 'told', 'max'),
]

describe('folding a graph', () => {
  it('makes one step of a convolution and all that follows it, under the name of the last', () => {
    const { steps, weights } = folded(wholeChain)
    expect(steps).toEqual([
      {
        op: 'FusedDepthwiseConv2dNative',
        name: 'max',
        input: ['picture', 'max/folded-kernel', 'max/folded-bias'],
        attr: {
          padding: { s: 'U0FNRQ==' },
          num_args: { i: '1' },
          fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu6')] } },
        },
      },
      node('Mean', 'told', 'max'),
    ])
    expect(Array.from(weights.get('max/folded-kernel')?.values ?? [])).toEqual([10, 40, 90, 160])
    expect(weights.get('max/folded-bias')?.values).toEqual([5, 6, 7, 8])
    // What nothing uses any more is not carried along.
    expect([...weights.keys()].sort()).toEqual(['max/folded-bias', 'max/folded-kernel'])
  })

  it('folds a bias alone, and a clip that is only half of one', () => {
    const plain: GraphNode = node('Conv2D', 'conv', 'picture', 'wide')
    constants.wide = weight([1, 1, 1, 4], [1, 2, 3, 4])
    const { steps, weights } = folded([plain, node('BiasAdd', 'add', 'conv', 'bias')])
    expect(names(steps)).toEqual(['_FusedConv2D add'])
    expect(weights.get('add/folded-kernel')?.values).toEqual([1, 2, 3, 4])
    const other = folded([
      plain,
      node('AddV2', 'add', 'conv', 'bias'),
      node('Relu', 'relu', 'add:0'),
      node('Minimum', 'min', 'relu', 'seven'),
    ])
    expect(names(other.steps)).toEqual(['_FusedConv2D relu', 'Minimum min'])
    expect(other.steps[0]?.attr?.fused_ops).toEqual({ list: { s: [btoa('BiasAdd'), btoa('Relu')] } })
    expect(other.weights.has('seven')).toBe(true)
  })

  it('goes no further than a step that somebody else needs too, or that is asked for by name', () => {
    expect(names(folded([...wholeChain, node('Mean', 'other', 'add')]).steps)).toEqual([
      'FusedDepthwiseConv2dNative add',
      'Relu relu',
      'Minimum min',
      'Maximum max',
      'Mean told',
      'Mean other',
    ])
    expect(names(folded(wholeChain, ['relu']).steps)).toEqual([
      'FusedDepthwiseConv2dNative relu',
      'Minimum min',
      'Maximum max',
      'Mean told',
    ])
  })

  it('leaves alone what it does not know', () => {
    const untouched = (nodes: GraphNode[]) =>
      expect(names(folded(nodes).steps), JSON.stringify(nodes)).toEqual(names(nodes))
    untouched([conv, node('Relu', 'relu', 'conv')])
    untouched([conv, node('Mul', 'mul', 'conv', 'scale'), node('Relu', 'relu', 'mul')])
    untouched([conv, node('Add', 'add', 'conv', 'six')])
    untouched([conv, node('Add', 'add', 'conv', 'picture')])
    untouched([conv, node('Add', 'add', 'conv', 'conv')])
    untouched([node('Conv2D', 'conv', 'picture', 'picture'), node('Add', 'add', 'conv', 'bias')])
    untouched([node('Relu', 'relu', 'picture'), node('Minimum', 'min', 'relu', 'six')])
  })
})
