/** A network as its file describes it, read step by step. Whatever is not built as expected is refused rather than computed wrongly. */

/** A node of a TensorFlow graph, as `model.json` has it. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, unknown>>
}

export interface Weight {
  readonly shape: readonly number[]
  readonly values: ArrayLike<number>
}

export interface Model {
  readonly nodes: readonly GraphNode[]
  /** By the name of its `Const` node. */
  readonly weights: ReadonlyMap<string, Weight>
}

export interface Conv {
  readonly kernel: Weight
  readonly bias: Weight
}

export class GraphReader {
  readonly #steps: readonly GraphNode[]
  readonly #weights: ReadonlyMap<string, Weight>
  readonly #like: string
  readonly #left: Set<GraphNode>

  /** `like` is the name of what is expected, for what is said when it is something else. */
  constructor({ nodes, weights }: Model, like: string) {
    this.#steps = nodes.filter(({ op }) => op !== 'Const')
    this.#weights = weights
    this.#like = like
    this.#left = new Set(this.#steps)
  }

  get picture(): GraphNode {
    return this.#only(
      this.#steps.filter(({ op }) => op === 'Placeholder'),
      'its input',
    )
  }

  /** Those that take in what `name` gives out. */
  users(name: string, op: string): GraphNode[] {
    const found = this.#steps.filter((node) => node.op === op && (node.input ?? []).includes(name))
    for (const node of found) this.#left.delete(node)
    return found
  }

  /** The only one of them. */
  after(name: string, op: string): GraphNode {
    return this.#only(this.users(name, op), `after ${name}`)
  }

  /** The constant that `node` takes in second, if its shape is that, or begins like that. */
  weight({ name, input }: GraphNode, sides: readonly number[], at = 1): Weight {
    const from = input?.[at]
    const found = from === undefined ? undefined : this.#weights.get(from)
    if (found === undefined) throw new Error(`the model lacks the weight ${from}`)
    if (sides.some((side, n) => found.shape[n] !== side))
      throw new Error(`the model has a kernel of ${found.shape.join(' × ')} in ${name}`)
    return found
  }

  /** Throws when a step was not asked for. */
  end(): void {
    const [stray] = this.#left
    if (stray !== undefined) throw new Error(`the model has a step more: ${stray.name}`)
  }

  #only(found: readonly GraphNode[], what: string): GraphNode {
    const [node] = found
    if (node === undefined || found.length > 1)
      throw new Error(`the model is not built like ${this.#like}: ${what}`)
    this.#left.delete(node)
    return node
  }
}

/** Of a step that looks at its neighbours, beyond the edge at zeros. */
export function strideOf({ name, attr }: GraphNode): 1 | 2 {
  const { s: padding } = (attr?.padding ?? {}) as { s?: string }
  if (padding !== btoa('SAME')) throw new Error(`the model treats edges otherwise in ${name}`)
  const [, down, across] = numbersIn(attr?.strides)
  if (down !== across || (down !== 1 && down !== 2)) throw new Error(`the model strides otherwise in ${name}`)
  if (numbersIn(attr?.dilations).some((each) => each !== 1))
    throw new Error(`the model leaves pixels out in ${name}`)
  return down
}

function numbersIn(attribute: unknown): number[] {
  const { list } = (attribute ?? {}) as { list?: { i?: readonly (string | number)[] } }
  return (list?.i ?? []).map(Number)
}

export function outputsOf({ kernel }: Conv): number {
  return kernel.shape[3] ?? 0
}

/** What blocks are made of: kernels work on eight channels at a time. */
export function inEights(conv: Conv): Conv {
  const channels = outputsOf(conv)
  if (channels === 0 || channels % 8 !== 0) throw new Error(`the model has a step of ${channels} channels`)
  return conv
}
