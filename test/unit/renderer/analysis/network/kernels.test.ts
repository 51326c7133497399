/** Each kernel beside the same sums worked out one by one, with both ways of multiplying. */
import { describe, expect, it } from 'vitest'
import { moduleOf, type Routine } from '../../../../../src/renderer/analysis/network/assembler.ts'
import {
  type Clip,
  type ConvShape,
  conv,
  type DepthwiseShape,
  depthwise,
  pool,
} from '../../../../../src/renderer/analysis/network/kernels.ts'
import {
  packedBias,
  packedDepthwise,
  packedKernel,
} from '../../../../../src/renderer/analysis/network/packing.ts'
import { Random } from '../../../../fakes/random.ts'
import { someNumbers, weight } from './numbers.ts'

const ways = [
  { way: 'rounding once', relaxed: true },
  { way: 'rounding twice', relaxed: false },
]
const float = 4

/** Puts each list into a memory, calls the routine with their addresses, and gives back the last of them. */
async function called(routine: Routine, ...lists: Float32Array[]): Promise<number[]> {
  const memory = new WebAssembly.Memory({ initial: 4 })
  let at = 64
  const views = lists.map((list) => {
    const view = new Float32Array(memory.buffer, at, list.length)
    view.set(list)
    at += Math.ceil(list.byteLength / 64) * 64
    return view
  })
  const { instance } = await WebAssembly.instantiate(moduleOf([routine]), { own: { memory } })
  ;(instance.exports[0] as (...addresses: number[]) => void)(...views.map(({ byteOffset }) => byteOffset))
  return [...(views.at(-1) ?? [])]
}

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  const farthest = Math.max(...found.map((value, at) => Math.abs(value - (wanted[at] ?? Number.NaN))))
  expect(farthest).toBeLessThan(1e-5)
}

describe.each(ways)('kernels, $way', ({ relaxed }) => {
  it('convolve rows of a picture, add, and clip', async () => {
    const random = new Random(1)
    // 5 × 5 of 3 colours, every second pixel; 24 of 32 channels' worth of vectors are real, the rest is filled up.
    const [pixels, width, channels] = [8, 21, 14]
    const kernel = weight(random, 5, 5, 3, channels)
    const bias = weight(random, channels)
    const input = someNumbers(random, 5 * width * 3 + 8)
    const added = someNumbers(random, pixels * 16)
    const shape: ConvShape = {
      rows: 5,
      taps: 16,
      pixelStep: 2 * 3 * float,
      rowStep: width * 3 * float,
      pixels,
      lines: 1,
      lineStep: 0,
      channels: 16,
      outStep: 16 * float,
      outLineStep: 0,
      adds: true,
      clip: 'relu',
    }
    const sumAt = (pixel: number, channel: number) => {
      let sum = bias.values[channel] ?? 0
      for (let row = 0; row < 5; row += 1)
        for (let tap = 0; tap < 15; tap += 1)
          sum +=
            (input[row * width * 3 + pixel * 6 + tap] ?? 0) *
            (kernel.values[(row * 15 + tap) * channels + channel] ?? 0)
      return channel < channels ? sum : 0
    }
    const wanted = (clip: boolean, adds: boolean) =>
      Array.from({ length: pixels * 16 }, (_, at) => {
        const sum = sumAt(Math.floor(at / 16), at % 16) + (adds ? (added[at] ?? 0) : 0)
        return clip ? Math.max(0, sum) : sum
      })
    const run = (one: ConvShape) =>
      called(
        conv(one, relaxed),
        input,
        packedKernel(kernel),
        packedBias(bias),
        added,
        new Float32Array(pixels * 16),
      )
    expectNear(await run(shape), wanted(true, true))
    expectNear(await run({ ...shape, clip: null }), wanted(false, true))
    expectNear(await run({ ...shape, adds: false }), wanted(true, false))
    expect(wanted(false, true).some((value) => value < 0)).toBe(true)
  })

  it('convolve with rows that overlap in memory, so that the next begins before the last one ended', async () => {
    const random = new Random(2)
    const kernel = weight(random, 3, 1, 8, 8)
    const input = someNumbers(random, 64)
    const out = await called(
      conv(
        {
          rows: 3,
          taps: 8,
          pixelStep: 8 * float,
          rowStep: 4 * float,
          pixels: 4,
          lines: 1,
          lineStep: 0,
          channels: 8,
          outStep: 8 * float,
          outLineStep: 0,
          adds: false,
          clip: null,
        },
        relaxed,
      ),
      input,
      packedKernel(kernel),
      new Float32Array(8),
      new Float32Array(1),
      new Float32Array(32),
    )
    const wanted = out.map((_, at) => {
      let sum = 0
      for (let row = 0; row < 3; row += 1)
        for (let tap = 0; tap < 8; tap += 1)
          sum +=
            (input[Math.floor(at / 8) * 8 + row * 4 + tap] ?? 0) *
            (kernel.values[(row * 8 + tap) * 8 + (at % 8)] ?? 0)
      return sum
    })
    expectNear(out, wanted)
  })

  // Lines are cut into blocks of four and five pixels, or of what is left: these are all ways.
  it.each([1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 15])(
    'work out lines of %i pixels, with gaps between them',
    async (pixels) => {
      const random = new Random(5)
      const [lines, inputs, outputs] = [3, 8, 16]
      const gap = 3
      const kernel = weight(random, 1, 1, inputs, outputs)
      const bias = weight(random, outputs)
      const input = someNumbers(random, lines * (pixels + gap) * inputs)
      const added = someNumbers(random, lines * (pixels + gap) * outputs)
      const untouched = new Float32Array(added.length).fill(9)
      const out = await called(
        conv(
          {
            rows: 1,
            taps: inputs,
            pixelStep: inputs * float,
            rowStep: 0,
            pixels,
            lines,
            lineStep: (pixels + gap) * inputs * float,
            channels: outputs,
            outStep: outputs * float,
            outLineStep: (pixels + gap) * outputs * float,
            adds: true,
            clip: 'relu6',
          },
          relaxed,
        ),
        input,
        packedKernel(kernel),
        packedBias(bias),
        // So that some of it is more than 6.
        added.map((value) => value * 8),
        untouched,
      )
      const wanted = out.map((_, at) => {
        const [place, channel] = [Math.floor(at / outputs), at % outputs]
        if (place % (pixels + gap) >= pixels) return 9
        let sum = (bias.values[channel] ?? 0) + (added[at] ?? 0) * 8
        for (let n = 0; n < inputs; n += 1)
          sum += (input[place * inputs + n] ?? 0) * (kernel.values[n * outputs + channel] ?? 0)
        return Math.min(6, Math.max(0, sum))
      })
      expectNear(out, wanted)
      expect([...new Set(out)].filter((value) => value === 0 || value === 6).sort()).toEqual([0, 6])
    },
  )

  const alone: readonly [pixels: number, stride: number, clip: Clip][] = [
    [6, 1, null],
    [6, 2, null],
    [7, 1, 'relu6'],
    [7, 2, 'relu6'],
    [1, 1, 'relu'],
  ]
  it.each(alone)(
    'convolve each channel by itself: %i pixels, stride %i, %s',
    async (pixels, stride, clip) => {
      const random = new Random(3)
      const [channels, width] = [12, pixels * stride + 2]
      const kernel = weight(random, 3, 3, channels, 1)
      // Some sums are below 0, some above 6.
      const bias = { shape: [channels], values: someNumbers(random, channels).map((value) => 3 + 6 * value) }
      const input = someNumbers(random, 3 * width * channels)
      const out = await called(
        depthwise({ pixels, channels, stride, rowStep: width * channels * float, clip }, relaxed),
        input,
        packedDepthwise({ kernel, bias }),
        new Float32Array(pixels * channels),
      )
      const sums = out.map((_, at) => {
        const [pixel, channel] = [Math.floor(at / channels), at % channels]
        let sum = bias.values[channel] ?? 0
        for (let row = 0; row < 3; row += 1)
          for (let column = 0; column < 3; column += 1)
            sum +=
              (input[(row * width + pixel * stride + column) * channels + channel] ?? 0) *
              (kernel.values[(row * 3 + column) * channels + channel] ?? 0)
        return sum
      })
      expect(sums.some((sum) => sum < 0)).toBe(true)
      expect(sums.some((sum) => sum > 6)).toBe(true)
      const [least, most] = [
        clip === null ? Number.NEGATIVE_INFINITY : 0,
        clip === 'relu6' ? 6 : Number.POSITIVE_INFINITY,
      ]
      expectNear(
        out,
        sums.map((sum) => Math.min(most, Math.max(least, sum))),
      )
    },
  )
})

describe('kernels', () => {
  it('take the largest of 2 × 2 and leave channels beyond their own alone', async () => {
    const random = new Random(4)
    const input = someNumbers(random, 2 * 8 * 4)
    const out = await called(
      pool({ pixels: 4, channels: 4, rowStep: 8 * 4 * float, outStep: 8 * float }),
      input,
      new Float32Array(4 * 8),
    )
    const wanted = out.map((_, at) => {
      const [pixel, channel] = [Math.floor(at / 8), at % 8]
      const four = [0, 1, 8, 9].map((place) => input[(2 * pixel + place) * 4 + channel] ?? 0)
      return channel < 4 ? Math.max(...four) : 0
    })
    expect(out).toEqual(wanted)
  })

  it('are not made for shapes they would do wrong', () => {
    const shape: ConvShape = {
      rows: 1,
      taps: 8,
      pixelStep: 32,
      rowStep: 0,
      pixels: 4,
      lines: 1,
      lineStep: 0,
      channels: 8,
      outStep: 32,
      outLineStep: 0,
      adds: false,
      clip: null,
    }
    expect(WebAssembly.validate(moduleOf([conv(shape, true)]))).toBe(true)
    for (const odd of [{ pixels: 0 }, { channels: 12 }, { taps: 15 }])
      expect(() => conv({ ...shape, ...odd }, true), JSON.stringify(odd)).toThrow(/^no kernel for/)
    const alone: DepthwiseShape = { pixels: 1, channels: 4, stride: 1, rowStep: 48, clip: null }
    expect(WebAssembly.validate(moduleOf([depthwise(alone, true)]))).toBe(true)
    for (const odd of [{ pixels: 0 }, { channels: 6 }])
      expect(() => depthwise({ ...alone, ...odd }, true), JSON.stringify(odd)).toThrow(/^no kernel for/)
  })
})
