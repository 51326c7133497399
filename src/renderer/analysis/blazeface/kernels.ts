/**
 * The three computations the detector is made of, each written for one shape: its distances and counts stand in the code, so that
 * no address is worked out twice. Numbers are 32-bit floats, channels innermost; distances are bytes.
 */
import { Routine } from './assembler.ts'

const float = 4
const vector = 16
/** Output channels that are worked out together, in two vectors. */
export const together = 8
/** Pixels that are worked out together: with `together` channels that is what 16 vector registers hold. */
export const abreast = 4
/** Numbers of the kernel that one turn of the innermost loop takes. */
export const unrolled = 8

export interface ConvShape {
  /** Of the kernel; 1 for 1 × 1. */
  readonly rows: number
  /** Numbers of one such row that lie side by side, a multiple of `unrolled`. */
  readonly taps: number
  readonly pixelStep: number
  readonly rowStep: number
  /** Worked out per call, a multiple of `abreast`. */
  readonly pixels: number
  /** A multiple of `together`. */
  readonly channels: number
  readonly outStep: number
  /** From pixel to pixel of what is added before clipping; null: nothing is. */
  readonly residualStep: number | null
  /** Nothing below 0 is left. */
  readonly clipped: boolean
}

/**
 * Called with the addresses of the first pixel's first number, weights, bias, what is added, and the output. Weights lie as
 * `together` channels for each number of the kernel, one group of channels after the other.
 */
export function conv(shape: ConvShape, relaxed: boolean): Routine {
  const { rows, taps, pixelStep, rowStep, pixels, channels, outStep, residualStep, clipped } = shape
  if (pixels % abreast !== 0 || channels % together !== 0 || taps % unrolled !== 0)
    throw new Error(`no kernel for ${pixels} pixels, ${channels} channels and ${taps} numbers in a row`)
  const to = new Routine(5)
  const [input, weights, bias, residual, out] = [0, 1, 2, 3, 4] as const
  const [groups, turns, rowsLeft, tapsLeft] = to.locals('i32', 4) as [number, number, number, number]
  const [from, add, put, weight] = to.locals('i32', 4) as [number, number, number, number]
  const pixel = to.locals('i32', abreast)
  const sums = pixel.map(() => to.locals('v128', 2) as [number, number])
  const [low, high, one, zero] = to.locals('v128', 4) as [number, number, number, number]

  to.repeat(channels / together, groups, () => {
    to.copy(input, from)
    to.copy(residual, add)
    to.copy(out, put)
    to.repeat(pixels / abreast, turns, () => {
      for (const [first, second] of sums) {
        to.load(bias, 0)
        to.set(first)
        to.load(bias, vector)
        to.set(second)
      }
      to.copy(weights, weight)
      pixel.forEach((address, n) => {
        to.copy(from, address)
        to.move(address, n * pixelStep)
      })
      to.repeat(rows, rowsLeft, () => {
        to.repeat(taps / unrolled, tapsLeft, () => {
          for (let tap = 0; tap < unrolled; tap += 1) {
            to.load(weight, tap * together * float)
            to.set(low)
            to.load(weight, tap * together * float + vector)
            to.set(high)
            sums.forEach(([first, second], n) => {
              to.loadSplat(pixel[n] as number, tap * float)
              to.set(one)
              to.multiplyAdd(one, low, first, relaxed)
              to.multiplyAdd(one, high, second, relaxed)
            })
          }
          for (const address of pixel) to.move(address, unrolled * float)
          to.move(weight, unrolled * together * float)
        })
        if (rows > 1) for (const address of pixel) to.move(address, rowStep - taps * float)
      })
      sums.forEach((pair, n) => {
        pair.forEach((sum, half) => {
          to.get(sum)
          if (residualStep !== null) {
            to.load(add, n * residualStep + half * vector)
            to.add()
          }
          if (clipped) {
            to.get(zero)
            to.max()
          }
          to.set(sum)
          to.store(put, n * outStep + half * vector, sum)
        })
      })
      to.move(from, abreast * pixelStep)
      to.move(put, abreast * outStep)
      if (residualStep !== null) to.move(add, abreast * residualStep)
    })
    to.move(weights, rows * taps * together * float)
    to.move(bias, together * float)
    to.move(out, together * float)
    if (residualStep !== null) to.move(residual, together * float)
  })
  return to
}

interface DepthwiseShape {
  /** Of the output, per call. */
  readonly pixels: number
  readonly channels: number
  /** 1 or 2. */
  readonly stride: number
  /** Of the input. */
  readonly rowStep: number
}

/**
 * 3 × 3, each channel by itself. Called with the addresses of the upper left number that is looked at, the weights and the output,
 * whose pixels lie side by side. Weights lie as nine vectors for each four channels.
 */
export function depthwise({ pixels, channels, stride, rowStep }: DepthwiseShape, relaxed: boolean): Routine {
  const to = new Routine(3)
  const [input, weights, out] = [0, 1, 2] as const
  const [groups, turns, from, put] = to.locals('i32', 4) as [number, number, number, number]
  const weight = to.locals('v128', 9)
  const [first, second, seen] = to.locals('v128', 3) as [number, number, number]
  const pixelStep = channels * float
  /** Two pixels side by side look at these columns, each at three of them. */
  const columns = stride + 3

  to.repeat(channels / 4, groups, () => {
    weight.forEach((local, at) => {
      to.load(weights, at * vector)
      to.set(local)
    })
    to.copy(input, from)
    to.copy(out, put)
    to.repeat(pixels / 2, turns, () => {
      const begun = new Set<number>()
      const take = (sum: number, by: number) => {
        if (begun.has(sum)) to.multiplyAdd(seen, by, sum, relaxed)
        else {
          to.get(seen)
          to.get(by)
          to.mul()
          to.set(sum)
          begun.add(sum)
        }
      }
      for (let row = 0; row < 3; row += 1)
        for (let column = 0; column < columns; column += 1) {
          to.load(from, row * rowStep + column * pixelStep)
          to.set(seen)
          if (column < 3) take(first, weight[row * 3 + column] as number)
          if (column >= stride) take(second, weight[row * 3 + column - stride] as number)
        }
      to.store(put, 0, first)
      to.store(put, pixelStep, second)
      to.move(from, 2 * stride * pixelStep)
      to.move(put, 2 * pixelStep)
    })
    to.move(input, vector)
    to.move(out, vector)
    to.move(weights, 9 * vector)
  })
  return to
}

interface PoolShape {
  readonly pixels: number
  readonly channels: number
  readonly rowStep: number
  readonly outStep: number
}

/** The largest of 2 × 2. Called with the addresses of the input and the output. */
export function pool({ pixels, channels, rowStep, outStep }: PoolShape): Routine {
  const to = new Routine(2)
  const [input, out] = [0, 1] as const
  const turns = to.local('i32')
  const most = to.local('v128')
  const pixelStep = channels * float
  to.repeat(pixels, turns, () => {
    for (let at = 0; at < pixelStep; at += vector) {
      to.load(input, at)
      for (const other of [pixelStep, rowStep, rowStep + pixelStep]) {
        to.load(input, at + other)
        to.max()
      }
      to.set(most)
      to.store(out, at, most)
    }
    to.move(input, 2 * pixelStep)
    to.move(out, outStep)
  })
  return to
}
