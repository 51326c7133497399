/** A small network of each kind of block, beside the same worked out one number at a time; and one picture after the other. */
import { describe, expect, it } from 'vitest'
import type { BlazeNet, Block } from '../../../../../src/renderer/analysis/blazeface/graph.ts'
import { BlazeRunner, blazeSide, type Seen } from '../../../../../src/renderer/analysis/blazeface/runner.ts'
import { Random } from '../../../../fakes/random.ts'
import { clipped, convolved, convWith, eachChannel, type Field, field, weight } from '../network/numbers.ts'

const random = new Random(7)
const net: BlazeNet = {
  stem: convWith(random, 5, 5, 3, 8),
  blocks: [
    {
      depthwise: weight(random, 3, 3, 8, 1),
      stride: 2,
      pointwise: convWith(random, 1, 1, 8, 8),
      adds: 'pooled',
      heads: [],
    },
    // Three in a row: the two planes take turns.
    ...[1, 2, 3].map(() => ({
      depthwise: weight(random, 3, 3, 8, 1),
      stride: 1 as const,
      pointwise: convWith(random, 1, 1, 8, 8),
      adds: 'input' as const,
      heads: [],
    })),
    {
      depthwise: weight(random, 3, 3, 8, 1),
      stride: 2,
      pointwise: convWith(random, 1, 1, 8, 16),
      adds: 'pooled',
      heads: [convWith(random, 1, 1, 16, 2), convWith(random, 1, 1, 16, 32)],
    },
    {
      depthwise: weight(random, 3, 3, 16, 1),
      stride: 2,
      pointwise: convWith(random, 1, 1, 16, 16),
      adds: 'nothing',
      heads: [convWith(random, 1, 1, 16, 6)],
    },
  ],
}

function picture(seed: number): Uint8ClampedArray {
  const shade = new Random(seed)
  return Uint8ClampedArray.from({ length: blazeSide ** 2 * 4 }, () => shade.between(0, 255))
}

function blockOf({ depthwise, stride, pointwise, adds }: Block, input: Field): Field {
  const mixed = convolved(pointwise, eachChannel({ kernel: depthwise }, input, stride), 1)
  const pooled = (y: number, x: number, c: number) =>
    Math.max(...[0, 1].flatMap((dy) => [0, 1].map((dx) => input.at(2 * y + dy, 2 * x + dx, c))))
  const added = { nothing: () => 0, input: input.at, pooled }[adds]
  return field(mixed.side, mixed.channels, (y, x, c) => clipped(mixed.at(y, x, c) + added(y, x, c)))
}

function workedOut(pixels: Uint8ClampedArray): Field[] {
  const input = field(blazeSide, 3, (y, x, c) => (pixels[(y * blazeSide + x) * 4 + c] ?? 0) / 127.5 - 1)
  const stem = convolved(net.stem, input, 2)
  let at = field(stem.side, stem.channels, (y, x, c) => clipped(stem.at(y, x, c)))
  return net.blocks.flatMap((block) => {
    at = blockOf(block, at)
    return block.heads.map((head) => convolved(head, at, 1))
  })
}

function expectAlike(seen: readonly Seen[], wanted: readonly Field[]): void {
  expect(seen.map(({ side, channels }) => [side, channels])).toEqual([
    [32, 2],
    [32, 32],
    [16, 6],
  ])
  seen.forEach(({ side, channels, step, values }, n) => {
    let [farthest, largest] = [0, 0]
    for (let place = 0; place < side * side; place += 1)
      for (let c = 0; c < channels; c += 1) {
        const want = wanted[n]?.at(Math.floor(place / side), place % side, c) ?? Number.NaN
        farthest = Math.max(farthest, Math.abs((values[place * step + c] ?? Number.NaN) - want))
        largest = Math.max(largest, Math.abs(want))
      }
    expect(largest).toBeGreaterThan(1)
    expect(farthest / largest).toBeLessThan(1e-5)
  })
}

describe('a network of blocks', () => {
  const pictures = [1, 2].map((seed) => {
    const pixels = picture(seed)
    return { pixels, wanted: workedOut(pixels) }
  })

  it.each([true, false])(
    'gives what its definition says, picture after picture (relaxed: %s)',
    async (relaxed) => {
      const runner = await BlazeRunner.of(net, relaxed)
      // The first comes again: nothing is left over of another.
      for (const { pixels, wanted } of [...pictures, ...pictures]) expectAlike(runner.run(pixels), wanted)
    },
  )
})
