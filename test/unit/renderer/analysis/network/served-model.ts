/** A model file of the installation on a server, changed where a test wants it otherwise. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const models = join(import.meta.dirname, '../../../../../node_modules/@vladmandic/human/models')

export interface ModelFile {
  modelTopology: { node: { name: string; op: string; input?: string[]; attr: Record<string, unknown> }[] }
  weightsManifest: {
    weights: { name: string; shape: number[]; dtype: string; quantization?: { dtype: string } }[]
  }[]
}

export function weightsOf(model: string): Buffer {
  return readFileSync(join(models, `${model}.bin`))
}

/** The address of its `.json`. */
export async function served(
  model: string,
  change: (file: ModelFile) => void = () => {},
  weights = weightsOf(model),
): Promise<string> {
  const file = JSON.parse(readFileSync(join(models, `${model}.json`), 'utf8')) as ModelFile
  change(file)
  const files = new Map<string | undefined, string | Buffer>([
    [`/models/${model}.json`, JSON.stringify(file)],
    [`/models/${model}.bin`, weights],
  ])
  const server = createServer(({ url }, response) => {
    const found = files.get(url)
    response.statusCode = found === undefined ? 404 : 200
    response.end(found)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/${model}.json`
}

export function nodeOf(file: ModelFile, op: string, at = 0): ModelFile['modelTopology']['node'][number] {
  const node = file.modelTopology.node.filter((one) => one.op === op)[at]
  if (node === undefined) throw new Error(`no ${op}`)
  return node
}
