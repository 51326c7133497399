/** A small network of the kind that tells faces apart, beside the same worked out one number at a time; one picture after the other. */
import { describe, expect, it } from 'vitest'
import { type FaceNet, faceSide } from '../../../../../src/renderer/analysis/faceres/graph.ts'
import { FaceRunner } from '../../../../../src/renderer/analysis/faceres/runner.ts'
import { Random } from '../../../../fakes/random.ts'
import { clipped, convolved, convWith, eachChannel, type Field, field, weight } from '../network/numbers.ts'

const random = new Random(8)
const block = (stride: 1 | 2, inputs: number, outputs: number): FaceNet['blocks'][number] => {
  const depthwise = { kernel: weight(random, 3, 3, inputs, 1), bias: weight(random, inputs) }
  return { depthwise, stride, pointwise: convWith(random, 1, 1, inputs, outputs) }
}
// Shades go up to 255: as they come every number would be clipped.
const small = weight(random, 3, 3, 3, 8)
const stem = {
  kernel: { ...small, values: Float32Array.from(small.values, (value) => value / 100) },
  bias: weight(random, 8),
}
// From 112 places a side down to 7, as the real one; twice in a row where two planes take turns.
const net: FaceNet = {
  stem,
  blocks: [
    block(2, 8, 8),
    block(2, 8, 16),
    block(1, 16, 16),
    block(1, 16, 16),
    block(2, 16, 24),
    block(2, 24, 32),
    block(1, 32, 32),
  ],
}

function picture(seed: number): Uint8ClampedArray {
  const shade = new Random(seed)
  return Uint8ClampedArray.from({ length: faceSide ** 2 * 4 }, () => shade.between(0, 255))
}

function workedOut(pixels: Uint8ClampedArray): number[] {
  const upTo6 = (of: Field) => field(of.side, of.channels, (y, x, c) => clipped(of.at(y, x, c), 6))
  const input = field(faceSide, 3, (y, x, c) => pixels[(y * faceSide + x) * 4 + c] ?? 0)
  let at = upTo6(convolved(net.stem, input, 2))
  for (const { depthwise, stride, pointwise } of net.blocks)
    at = upTo6(convolved(pointwise, upTo6(eachChannel(depthwise, at, stride)), 1))
  return Array.from({ length: at.channels }, (_, c) => {
    let sum = 0
    for (let y = 0; y < at.side; y += 1) for (let x = 0; x < at.side; x += 1) sum += at.at(y, x, c)
    return sum / at.side ** 2
  })
}

describe('a network that tells faces apart', () => {
  const pictures = [1, 2].map((seed) => {
    const pixels = picture(seed)
    return { pixels, wanted: workedOut(pixels) }
  })

  it.each([true, false])(
    'gives what its definition says, picture after picture (relaxed: %s)',
    async (relaxed) => {
      const runner = await FaceRunner.of(net, relaxed)
      const [first, second] = pictures.map(({ wanted }) => wanted)
      expect(first).not.toEqual(second)
      // The first comes again: nothing is left over of another.
      for (const { pixels, wanted } of [...pictures, ...pictures]) {
        const told = runner.run(pixels)
        expect(told).toHaveLength(wanted.length)
        // Neither all clipped away nor all clipped off.
        expect(wanted.filter((value) => value > 0.01 && value < 5.99).length).toBeGreaterThan(8)
        const farthest = Math.max(...wanted.map((want, at) => Math.abs((told[at] ?? Number.NaN) - want)))
        expect(farthest).toBeLessThan(1e-4)
      }
    },
  )

  it('gives numbers that the next picture does not overwrite', async () => {
    const runner = await FaceRunner.of(net, true)
    const [one, other] = pictures
    if (one === undefined || other === undefined) throw new Error('two pictures are wanted')
    const told = runner.run(one.pixels)
    const kept = [...told]
    runner.run(other.pixels)
    expect([...told]).toEqual(kept)
  })
})
