/**
 * Makes the same network of fewer steps. A network as it was trained works out a convolution, then multiplies, adds and clips all
 * of its numbers, each in a step of its own that walks through memory again. Multiplying is put into the convolution's kernel,
 * adding becomes its bias, clipping its activation, and one step does them all. What comes out differs by rounding only.
 */

/** A node of a TensorFlow graph, as `model.json` has it. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, unknown>>
}

export interface Weight {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: ArrayLike<number>
}

interface Graph {
  readonly nodes: readonly GraphNode[]
  /** By the name of its `Const` node. */
  readonly weights: ReadonlyMap<string, Weight>
}

/** The steps that one convolution takes in: the nodes, and what they come to. */
interface Chain {
  readonly nodes: readonly GraphNode[]
  readonly scale: Weight | null
  readonly bias: Weight
  readonly activation: 'Relu' | 'Relu6' | null
}

const fusedOp: Readonly<Record<string, string>> = {
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
}

/** What does not look as expected stays as it is. `outputs` are asked for by name and stay nodes. */
export function foldGraph({ nodes, weights }: Graph, outputs: ReadonlySet<string>): Graph {
  const users = usersOf(nodes)
  const follow = (node: GraphNode): GraphNode | null => {
    const [only, ...more] = users.get(node.name) ?? []
    return only === undefined || more.length > 0 || outputs.has(node.name) ? null : only
  }
  const folded = new Map(weights)
  const gone = new Set<string>()
  const inPlaceOf = new Map<string, readonly GraphNode[]>()
  for (const conv of nodes) {
    const op = fusedOp[conv.op]
    const [input, kernelName] = conv.input ?? []
    const kernel = kernelName === undefined ? undefined : weights.get(nameOf(kernelName))
    if (op === undefined || input === undefined || kernel === undefined) continue
    const channels = channelsOf(conv.op, kernel)
    const chain = chainAfter(conv, channels, weights, follow)
    const last = chain?.nodes.at(-1)
    if (chain === null || last === undefined) continue
    for (const node of [conv, ...chain.nodes]) gone.add(node.name)
    const kernelAt = `${last.name}/folded-kernel`
    const biasAt = `${last.name}/folded-bias`
    folded.set(kernelAt, scaled(kernel, chain.scale, channels))
    folded.set(biasAt, chain.bias)
    inPlaceOf.set(last.name, [
      constant(kernelAt),
      constant(biasAt),
      {
        name: last.name,
        op,
        input: [input, kernelAt, biasAt],
        attr: {
          ...conv.attr,
          num_args: { i: '1' },
          fused_ops: { list: { s: ['BiasAdd', chain.activation].filter((name) => name !== null).map(btoa) } },
        },
      },
    ])
  }
  const left = nodes.flatMap((node) => inPlaceOf.get(node.name) ?? (gone.has(node.name) ? [] : [node]))
  return withoutUnused({ nodes: left, weights: folded })
}

/** Inputs carry `:0` for an output's number, and `^` where only the order matters. */
function nameOf(input: string): string {
  return input.replace(/^\^|:\d+$/g, '')
}

function usersOf(nodes: readonly GraphNode[]): Map<string, GraphNode[]> {
  const users = new Map<string, GraphNode[]>()
  for (const node of nodes)
    for (const input of node.input ?? []) {
      const name = nameOf(input)
      users.set(name, [...(users.get(name) ?? []), node])
    }
  return users
}

/** A kernel is height × width × in × out; that of a depthwise convolution height × width × in × times, each in-channel its own. */
function channelsOf(op: string, { shape }: Weight): number {
  const [inner = 0, last = 0] = shape.slice(-2)
  return op === 'DepthwiseConv2dNative' ? inner * last : last
}

function chainAfter(
  conv: GraphNode,
  channels: number,
  weights: ReadonlyMap<string, Weight>,
  follow: (node: GraphNode) => GraphNode | null,
): Chain | null {
  const nodes: GraphNode[] = []
  let at: GraphNode = conv
  /** Takes the next node in when it is one of `ops` and its other input is a constant that fits. */
  const take = (ops: readonly string[], fits: (weight: Weight) => boolean): Weight | null => {
    const next = follow(at)
    if (next === null || !ops.includes(next.op)) return null
    const [other, ...more] = (next.input ?? []).filter((input) => nameOf(input) !== at.name)
    const weight = other === undefined || more.length > 0 ? undefined : weights.get(nameOf(other))
    if (weight === undefined || !fits(weight)) return null
    nodes.push(next)
    at = next
    return weight
  }
  const perChannel = ({ shape }: Weight) => shape.length === 1 && shape[0] === channels
  const scale = take(['Mul'], perChannel)
  const bias = take(['Add', 'AddV2', 'BiasAdd'], perChannel)
  if (bias === null) return null
  const relu = follow(at)
  if (relu?.op !== 'Relu') return { nodes, scale, bias, activation: null }
  nodes.push(relu)
  at = relu
  const isJust = (value: number) => (weight: Weight) =>
    weight.values.length === 1 && weight.values[0] === value
  if (take(['Minimum'], isJust(6)) === null) return { nodes, scale, bias, activation: 'Relu' }
  // Nothing below 0 is left after Relu: this step, where a model has it, does nothing.
  take(['Maximum'], isJust(0))
  return { nodes, scale, bias, activation: 'Relu6' }
}

function scaled(kernel: Weight, scale: Weight | null, channels: number): Weight {
  if (scale === null) return kernel
  const values = Float32Array.from(kernel.values, (value, at) => value * (scale.values[at % channels] ?? 1))
  return { ...kernel, values }
}

function constant(name: string): GraphNode {
  return { name, op: 'Const', attr: { dtype: { type: 'DT_FLOAT' } } }
}

function withoutUnused({ nodes, weights }: Graph): Graph {
  const used = new Set(nodes.flatMap(({ input = [] }) => input.map(nameOf)))
  return {
    nodes: nodes.filter(({ op, name }) => op !== 'Const' || used.has(name)),
    weights: new Map([...weights].filter(([name]) => used.has(name))),
  }
}
