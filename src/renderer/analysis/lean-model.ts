/** Loads a model and makes it lean before it runs: see `foldGraph`. */
import type { GraphModel, Tensor } from '@vladmandic/human'
import { foldGraph, type GraphNode, type Weight } from './fold-graph.ts'

/** What is used of TensorFlow.js; the library gives it out without types. */
interface Artifacts {
  readonly modelTopology: { readonly node: readonly GraphNode[] }
  readonly weightSpecs: unknown
  readonly weightData: unknown
}
type Named = Record<string, Tensor>
interface TensorFlow {
  readonly io: {
    browserHTTPRequest(url: string): { load(): Promise<Artifacts> }
    decodeWeights(data: unknown, specs: unknown): Named
    encodeWeights(weights: Named): Promise<{ data: unknown; specs: unknown }>
    fromMemory(artifacts: Artifacts): unknown
  }
  tensor(values: ArrayLike<number>, shape: readonly number[], dtype: string): Tensor
  loadGraphModel(from: unknown): Promise<GraphModel>
  dispose(tensors: Named): void
}

/** `outputs` are the nodes that are asked for by name. */
export async function loadLean(
  tf: TensorFlow,
  url: string,
  outputs: ReadonlySet<string>,
): Promise<GraphModel> {
  const artifacts = await tf.io.browserHTTPRequest(url).load()
  const tensors = tf.io.decodeWeights(artifacts.weightData, artifacts.weightSpecs)
  const weights = new Map<string, Weight>()
  for (const [name, tensor] of Object.entries(tensors))
    weights.set(name, { shape: tensor.shape, dtype: tensor.dtype, values: await tensor.data() })
  tf.dispose(tensors)
  const lean = foldGraph({ nodes: artifacts.modelTopology.node, weights }, outputs)
  const named: Named = {}
  for (const [name, { values, shape, dtype }] of lean.weights) named[name] = tf.tensor(values, shape, dtype)
  const { data, specs } = await tf.io.encodeWeights(named)
  tf.dispose(named)
  return tf.loadGraphModel(
    tf.io.fromMemory({
      ...artifacts,
      modelTopology: { ...artifacts.modelTopology, node: lean.nodes },
      weightData: data,
      weightSpecs: specs,
    }),
  )
}
