/** The model file of the installation as it is read, and files that are not what they should be. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blazeNetOf } from '../../../../../src/renderer/analysis/blazeface/graph.ts'
import { readModel } from '../../../../../src/renderer/analysis/blazeface/model-file.ts'

const models = join(import.meta.dirname, '../../../../../node_modules/@vladmandic/human/models')
const json = readFileSync(join(models, 'blazeface.json'), 'utf8')
const bin = readFileSync(join(models, 'blazeface.bin'))

interface File {
  modelTopology: { node: { name: string; op: string; input?: string[]; attr: Record<string, unknown> }[] }
  weightsManifest: { weights: { name: string; shape: number[]; quantization?: unknown }[] }[]
}

/** The address of the model, changed, on a server. */
async function served(change: (file: File) => void = () => {}, weights = bin): Promise<string> {
  const file = JSON.parse(json) as File
  change(file)
  const files = new Map<string | undefined, string | Buffer>([
    ['/models/blazeface.json', JSON.stringify(file)],
    ['/models/blazeface.bin', weights],
  ])
  const server = createServer(({ url }, response) => {
    const found = files.get(url)
    response.statusCode = found === undefined ? 404 : 200
    response.end(found)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/blazeface.json`
}

const netOf = async (change?: (file: File) => void) => blazeNetOf(await readModel(await served(change)))
const nodeOf = (file: File, op: string, at = 0) => {
  const node = file.modelTopology.node.filter((one) => one.op === op)[at]
  if (node === undefined) throw new Error(`no ${op}`)
  return node
}

describe('the model that finds faces', () => {
  it('is a first step and 32 blocks, with two heads for each of two grids', async () => {
    const { stem, blocks } = await netOf()
    expect(stem.kernel.shape).toEqual([5, 5, 3, 24])
    expect(blocks).toHaveLength(32)
    expect(blocks.flatMap(({ stride }, at) => (stride === 2 ? [at] : []))).toEqual([7, 15, 23, 31])
    expect(blocks.map(({ adds }) => adds).filter((adds) => adds !== 'input')).toEqual([
      'pooled',
      'pooled',
      'pooled',
      'nothing',
    ])
    const heads = blocks.flatMap(({ heads: ofBlock }, at) =>
      ofBlock.map(({ kernel }) => `${at}: ${kernel.shape.at(-1)}`),
    )
    expect(heads.sort()).toEqual(['30: 2', '30: 32', '31: 6', '31: 96'])
    // The first weight of the file is the first of the first kernel listed.
    const [first] = (JSON.parse(json) as File).weightsManifest.flatMap(({ weights }) => weights)
    const { weights } = await readModel(await served())
    expect(weights.get(first?.name ?? '')?.values[0]).toBe(bin.readFloatLE(0))
  })

  const otherwise: Record<string, [(file: File) => void, RegExp]> = {
    'a step more': [
      (file) => file.modelTopology.node.push({ name: 'more', op: 'Relu', input: ['other'], attr: {} }),
      /has a step more: more/,
    ],
    'a step less': [
      (file) => {
        nodeOf(file, 'AddV2', 3).op = 'Mul'
      },
      /not built like BlazeFace: after/,
    ],
    'something else added': [
      (file) => {
        nodeOf(file, 'AddV2', 3).input?.splice(0, 2, 'input', nodeOf(file, '_FusedConv2D', 4).name)
      },
      /adds something else/,
    ],
    'other edges': [
      (file) => {
        nodeOf(file, 'DepthwiseConv2dNative').attr.padding = { s: btoa('VALID') }
      },
      /treats edges otherwise/,
    ],
    'other strides': [
      (file) => {
        nodeOf(file, 'DepthwiseConv2dNative').attr.strides = { list: { i: ['1', '3', '3', '1'] } }
      },
      /strides otherwise/,
    ],
    'no weight': [
      (file) => {
        nodeOf(file, '_FusedConv2D', 2).input?.splice(1, 1, 'nowhere')
      },
      /lacks the weight nowhere/,
    ],
    'another kernel': [
      (file) => {
        nodeOf(file, 'DepthwiseConv2dNative').input?.splice(
          1,
          1,
          nodeOf(file, '_FusedConv2D').input?.[1] ?? '',
        )
      },
      /a kernel of 5 × 5 × 3 × 24/,
    ],
  }
  it.each(Object.entries(otherwise))('is refused with %s', async (_name, [change, reason]) => {
    await expect(netOf(change)).rejects.toThrow(reason)
  })

  it('is refused when a file is missing, cut short, or keeps its numbers otherwise', async () => {
    const url = await served()
    await expect(readModel(url.replace('blazeface.json', 'other.json'))).rejects.toThrow(
      /other\.json could not be read: 404/,
    )
    await expect(readModel(await served(undefined, bin.subarray(0, -4)))).rejects.toThrow(/cut short/)
    const quantized = await served((file) => {
      for (const { weights } of file.weightsManifest)
        for (const weight of weights) weight.quantization = { dtype: 'float16' }
    })
    await expect(readModel(quantized)).rejects.toThrow(/is not kept as 32-bit numbers/)
  })
})
