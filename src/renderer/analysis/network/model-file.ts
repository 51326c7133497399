/** Reads a model as TensorFlow.js keeps it: `model.json` with the graph and, in a list, where in the files beside it each weight lies. */
/// <reference lib="es2025.float16" />
import type { GraphNode, Model, Weight } from './graph.ts'

interface Listed {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: string
  readonly quantization?: { readonly dtype: string }
}

interface ModelFile {
  readonly modelTopology: { readonly node: readonly GraphNode[] }
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly Listed[]
  }[]
}

/** How weights may lie in the file: their type, and the one they were made smaller to. */
const forms: Readonly<
  Record<string, Float32ArrayConstructor | Int32ArrayConstructor | Float16ArrayConstructor>
> = {
  float32: Float32Array,
  int32: Int32Array,
  'float32 as float16': Float16Array,
}

/** Rejects when a file is not there, too short, or keeps its numbers in another form than 32 bits, or 16 for what are 32. */
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
      const form = forms[quantization === undefined ? dtype : `${dtype} as ${quantization.dtype}`]
      if (form === undefined)
        throw new Error(`${url}: the weight ${name} is kept in a form that is not known`)
      const many = shape.reduce((product, side) => product * side, 1)
      const end = at + many * form.BYTES_PER_ELEMENT
      if (end > bytes.byteLength) throw new Error(`${url}: its weights are cut short`)
      // A copy, as numbers of 32 bits cannot be looked at where they begin behind an odd number of 16.
      const values = new form(bytes.slice(at, end))
      weights.set(name, { shape, values: form === Float16Array ? Float32Array.from(values) : values })
      at = end
    }
  }
  return { nodes: modelTopology.node, weights }
}

async function fetched(url: string): Promise<Response> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} could not be read: ${response.status} ${response.statusText}`)
  return response
}
