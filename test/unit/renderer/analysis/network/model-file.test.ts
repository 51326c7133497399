/** Model files as they are read: where each weight lies, in which form, and files that are not what they should be. */
import { describe, expect, it } from 'vitest'
import { readModel } from '../../../../../src/renderer/analysis/network/model-file.ts'
import { type ModelFile, served, weightsOf } from './served-model.ts'

describe('a model file', () => {
  it('keeps numbers of 32 bits, one weight after the other', async () => {
    let listed: ModelFile['weightsManifest'][number]['weights'] = []
    const bin = weightsOf('blazeface')
    const { weights } = await readModel(
      await served('blazeface', ({ weightsManifest }) => {
        listed = weightsManifest.flatMap((group) => group.weights)
      }),
    )
    const [first, second] = listed
    const many = (first?.shape ?? []).reduce((product, side) => product * side, 1)
    expect(weights.size).toBe(listed.length)
    expect(weights.get(first?.name ?? '')?.values[0]).toBe(bin.readFloatLE(0))
    expect(weights.get(second?.name ?? '')?.values[0]).toBe(bin.readFloatLE(4 * many))
  })

  it('keeps numbers of 16 bits beside whole ones of 32', async () => {
    const bytes = new DataView(new ArrayBuffer(14))
    // 1.5, the smallest there is, and −65504: IEEE 754 binary16. Then 7 and −1, behind an odd number of them.
    ;[0x3e00, 0x0001, 0xfbff].forEach((half, at) => {
      bytes.setUint16(at * 2, half, true)
    })
    bytes.setInt32(6, 7, true)
    bytes.setInt32(10, -1, true)
    const url = await served(
      'blazeface',
      (file) => {
        const half = { dtype: 'float32', quantization: { dtype: 'float16' } }
        const weights = [
          { name: 'small', shape: [3], ...half },
          { name: 'whole', shape: [2], dtype: 'int32' },
        ]
        file.weightsManifest = file.weightsManifest.map((group) => ({ ...group, weights }))
      },
      Buffer.from(bytes.buffer),
    )
    const { weights } = await readModel(url)
    expect(weights.get('small')).toEqual({ shape: [3], values: Float32Array.of(1.5, 2 ** -24, -65504) })
    expect(weights.get('whole')).toEqual({ shape: [2], values: Int32Array.of(7, -1) })
  })

  it('is refused when it is missing, cut short, or keeps its numbers otherwise', async () => {
    const url = await served('blazeface')
    await expect(readModel(url.replace('blazeface.json', 'other.json'))).rejects.toThrow(
      /other\.json could not be read: 404/,
    )
    const short = weightsOf('blazeface').subarray(0, -4)
    await expect(readModel(await served('blazeface', undefined, short))).rejects.toThrow(/cut short/)
    const inBytes = await served('blazeface', (file) => {
      for (const { weights } of file.weightsManifest)
        for (const weight of weights) weight.quantization = { dtype: 'uint8' }
    })
    await expect(readModel(inBytes)).rejects.toThrow(/is kept in a form that is not known/)
  })
})
