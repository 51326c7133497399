/** The model that finds faces as it is read, and models that are not it. */
import { describe, expect, it } from 'vitest'
import { blazeNetOf } from '../../../../../src/renderer/analysis/blazeface/graph.ts'
import { readModel } from '../../../../../src/renderer/analysis/network/model-file.ts'
import { type ModelFile, nodeOf, served } from '../network/served-model.ts'

const netOf = async (change?: (file: ModelFile) => void) =>
  blazeNetOf(await readModel(await served('blazeface', change)))

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
  })

  const otherwise: Record<string, [(file: ModelFile) => void, RegExp]> = {
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
})
