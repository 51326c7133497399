/** Reads a model as TensorFlow.js keeps it: `model.json` with the graph and, in a list, where in the files beside it each weight lies. */
import type { GraphNode, Weight } from '../fold-graph.ts'

interface Listed {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: unknown
}

interface ModelFile {
  readonly modelTopology: { readonly node: readonly GraphNode[] }
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly Listed[]
  }[]
}

export interface Model {
  readonly nodes: readonly GraphNode[]
  /** By the name of its `Const` node. */
  readonly weights: ReadonlyMap<string, Weight>
}

/** Rejects when a file is not there, too short, or keeps its numbers in another form than 32-bit. */
export async function readModel(url: string): Promise<Model> {
  const response = await fetched(url)
  const { modelTopology, weightsManifest } = (await response.json()) as ModelFile
  const weights = new Map<string, Weight>()
  for (const { paths, weights: listed } of weightsManifest) {
    const parts = await Promise.all(
      paths.map(async (path) => (await fetched(new URL(path, response.url).href)).blob()),
    )
    const bytes = await new Blob(parts).arrayBuffer()
    let at = 0
    for (const { name, shape, dtype, quantization } of listed) {
      if ((dtype !== 'float32' && dtype !== 'int32') || quantization !== undefined)
        throw new Error(`${url}: the weight ${name} is not kept as 32-bit numbers`)
      const many = shape.reduce((product, side) => product * side, 1)
      if (at + 4 * many > bytes.byteLength) throw new Error(`${url}: its weights are cut short`)
      weights.set(name, {
        shape,
        dtype,
        values: new (dtype === 'int32' ? Int32Array : Float32Array)(bytes, at, many),
      })
      at += 4 * many
    }
  }
  return { nodes: modelTopology.node, weights }
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} could not be read: ${response.status} ${response.statusText}`)
  return response
}
