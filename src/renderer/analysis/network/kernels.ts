/**
 * The three computations our networks are made of, each written for one shape: its distances and counts stand in the code, so that
 * no address is worked out twice. Numbers are 32-bit floats, channels innermost; distances are bytes.
 */
import { Routine } from './assembler.ts'

const float = 4
const vector = 16
/** Output channels that are worked out together, in two vectors. */
export const together = 8
/** Pixels that are worked out together: with `together` channels that is what 16 vector registers hold. One more fits. */
const abreast = 4
/** Numbers of the kernel that one turn of the innermost loop takes. */
export const unrolled = 8

/** What is left of a sum: all, what is not below 0, or what is from 0 to 6. */
export type Clip = null | 'relu' | 'relu6'

export interface ConvShape {
  /** Of the kernel; 1 for 1 × 1. */
  readonly rows: number
  /** Numbers of one such row that lie side by side, a multiple of `unrolled`. */
  readonly taps: number
  readonly pixelStep: number
  readonly rowStep: number
  /** Worked out per call: lines of so many pixels. */
  readonly pixels: number
  readonly lines: number
  readonly lineStep: number
  /** A multiple of `together`. */
  readonly channels: number
  readonly outStep: number
  readonly outLineStep: number
  /** Something is added before clipping; it lies as the output does. */
  readonly adds: boolean
  readonly clip: Clip
}

/**
 * Called with the addresses of the first pixel's first number, weights, bias, what is added, and the output. Weights lie as
 * `together` channels for each number of the kernel, one group of channels after the other.
 */
export function conv(shape: ConvShape, relaxed: boolean): Routine {
  const { rows, taps, pixelStep, rowStep, pixels, lines, lineStep, channels, adds, clip } = shape
  if (pixels < 1 || channels % together !== 0 || taps % unrolled !== 0)
    throw new Error(`no kernel for ${pixels} pixels, ${channels} channels and ${taps} numbers in a row`)
  const to = new Routine(5)
  const [input, weights, bias, residual, out] = [0, 1, 2, 3, 4] as const
  const [groups, linesLeft, turns, rowsLeft, tapsLeft] = to.locals('i32', 5) as Five
  const [from, add, put, weight] = to.locals('i32', 4) as [number, number, number, number]
  const pixel = to.locals('i32', abreast + 1)
  const sums = pixel.map(() => to.locals('v128', 2) as [number, number])
  const [low, high, one] = to.locals('v128', 3) as [number, number, number]
  const clipped = clipper(to, clip)

  /** So many pixels side by side, `abreast` or one more. */
  const block = (width: number) => {
    const [pixelsOf, sumsOf] = [pixel.slice(0, width), sums.slice(0, width)]
    for (const [first, second] of sumsOf) {
      to.load(bias, 0)
      to.set(first)
      to.load(bias, vector)
      to.set(second)
    }
    to.copy(weights, weight)
    pixelsOf.forEach((address, n) => {
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
          sumsOf.forEach(([first, second], n) => {
            to.loadSplat(pixel[n] as number, tap * float)
            to.set(one)
            to.multiplyAdd(one, low, first, relaxed)
            to.multiplyAdd(one, high, second, relaxed)
          })
        }
        for (const address of pixelsOf) to.move(address, unrolled * float)
        to.move(weight, unrolled * together * float)
      })
      if (rows > 1) for (const address of pixelsOf) to.move(address, rowStep - taps * float)
    })
    sumsOf.forEach((pair, n) => {
      pair.forEach((sum, half) => {
        const at = n * shape.outStep + half * vector
        if (adds) {
          to.get(sum)
          to.load(add, at)
          to.add()
          to.set(sum)
        }
        clipped(sum)
        to.store(put, at, sum)
      })
    })
    to.move(from, width * pixelStep)
    to.move(put, width * shape.outStep)
    if (adds) to.move(add, width * shape.outStep)
  }

  to.repeat(channels / together, groups, () => {
    to.copy(input, from)
    to.copy(residual, add)
    to.copy(out, put)
    to.repeat(lines, linesLeft, () => {
      for (const { width, times } of blocksOf(pixels)) to.repeat(times, turns, () => block(width))
      to.move(from, lineStep - pixels * pixelStep)
      const outGap = shape.outLineStep - pixels * shape.outStep
      to.move(put, outGap)
      if (adds) to.move(add, outGap)
    })
    to.move(weights, rows * taps * together * float)
    to.move(bias, together * float)
    to.move(out, together * float)
    if (adds) to.move(residual, together * float)
  })
  return to
}

type Five = [number, number, number, number, number]

/** As few and as even as can be: two sums a pixel are too few to keep a processor busy, and narrow blocks cost as much as wide ones. */
function blocksOf(pixels: number): { width: number; times: number }[] {
  const rest = pixels % abreast
  const wider = pixels >= rest * (abreast + 1) ? rest : 0
  const wide = Math.floor((pixels - wider * (abreast + 1)) / abreast)
  const narrow = pixels - wider * (abreast + 1) - wide * abreast
  return [
    { width: abreast + 1, times: wider },
    { width: abreast, times: wide },
    { width: narrow, times: 1 },
  ].filter(({ width, times }) => width * times > 0)
}

/** Clips a sum where it is. */
function clipper(to: Routine, clip: Clip): (sum: number) => void {
  if (clip === null) return () => {}
  const zero = to.local('v128')
  const six = clip === 'relu6' ? to.local('v128') : null
  if (six !== null) to.fill(six, 6)
  return (sum) => {
    to.get(sum)
    to.get(zero)
    to.max()
    if (six !== null) {
      to.get(six)
      to.min()
    }
    to.set(sum)
  }
}

export interface DepthwiseShape {
  /** Of the output, per call. */
  readonly pixels: number
  readonly channels: number
  /** 1 or 2. */
  readonly stride: number
  /** Of the input. */
  readonly rowStep: number
  readonly clip: Clip
}

/**
 * 3 × 3, each channel by itself. Called with the addresses of the upper left number that is looked at, the weights and the output,
 * whose pixels lie side by side. Weights lie as nine vectors and one of the bias for each four channels.
 */
export function depthwise(shape: DepthwiseShape, relaxed: boolean): Routine {
  const { pixels, channels, stride, rowStep, clip } = shape
  if (pixels < 1 || channels % 4 !== 0)
    throw new Error(`no kernel for ${pixels} pixels and ${channels} channels by themselves`)
  const to = new Routine(3)
  const [input, weights, out] = [0, 1, 2] as const
  const [groups, turns, from, put] = to.locals('i32', 4) as [number, number, number, number]
  const weight = to.locals('v128', 9)
  const [bias, first, second, seen] = to.locals('v128', 4) as [number, number, number, number]
  const pixelStep = channels * float
  const clipped = clipper(to, clip)

  /** One pixel or two side by side; those look at `stride` columns more, each at three of them. */
  const block = (sums: readonly number[]) => {
    for (const sum of sums) to.copy(bias, sum)
    const columns = (sums.length - 1) * stride + 3
    for (let row = 0; row < 3; row += 1)
      for (let column = 0; column < columns; column += 1) {
        to.load(from, row * rowStep + column * pixelStep)
        to.set(seen)
        sums.forEach((sum, n) => {
          const by = weight[row * 3 + column - n * stride]
          const isSeen = column >= n * stride && column < n * stride + 3
          if (isSeen && by !== undefined) to.multiplyAdd(seen, by, sum, relaxed)
        })
      }
    sums.forEach((sum, n) => {
      clipped(sum)
      to.store(put, n * pixelStep, sum)
    })
    to.move(from, sums.length * stride * pixelStep)
    to.move(put, sums.length * pixelStep)
  }

  to.repeat(channels / 4, groups, () => {
    weight.forEach((local, at) => {
      to.load(weights, at * vector)
      to.set(local)
    })
    to.load(weights, 9 * vector)
    to.set(bias)
    to.copy(input, from)
    to.copy(out, put)
    if (pixels > 1) to.repeat(Math.floor(pixels / 2), turns, () => block([first, second]))
    if (pixels % 2 === 1) block([first])
    to.move(input, vector)
    to.move(out, vector)
    to.move(weights, 10 * vector)
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
