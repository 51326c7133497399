/** Random weights, and networks worked out one number at a time: slow, and plain enough to be believed. */
import type { Conv, Weight } from '../../../../../src/renderer/analysis/network/graph.ts'
import type { Random } from '../../../../fakes/random.ts'

export function someNumbers(random: Random, many: number): Float32Array {
  return Float32Array.from({ length: many }, () => 2 * random.next() - 1)
}

export function weight(random: Random, ...shape: number[]): Weight {
  const many = shape.reduce((product, side) => product * side, 1)
  return { shape, values: someNumbers(random, many) }
}

export function convWith(random: Random, ...shape: number[]): Conv {
  return { kernel: weight(random, ...shape), bias: weight(random, shape.at(-1) ?? 0) }
}

/** side × side × channels, 0 beyond its edge. */
export interface Field {
  readonly side: number
  readonly channels: number
  at(y: number, x: number, channel: number): number
}

export function field(
  side: number,
  channels: number,
  of: (y: number, x: number, c: number) => number,
): Field {
  const values = new Float64Array(side * side * channels)
  for (let y = 0, n = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) for (let c = 0; c < channels; c += 1, n += 1) values[n] = of(y, x, c)
  const isIn = (place: number) => place >= 0 && place < side
  return {
    side,
    channels,
    at: (y, x, c) => (isIn(y) && isIn(x) && c < channels ? (values[(y * side + x) * channels + c] ?? 0) : 0),
  }
}

export const clipped = (value: number, most = Number.POSITIVE_INFINITY): number =>
  Math.min(most, Math.max(0, value))

/** How far before a place its kernel begins so that both edges have as much beyond them, the last edge one more. */
function before(input: number, kernel: number, stride: number): number {
  return Math.floor((Math.ceil(input / stride - 1) * stride + kernel - input) / 2)
}

export function convolved({ kernel, bias }: Conv, input: Field, stride: number): Field {
  const [size = 0, , inputs = 0, channels = 0] = kernel.shape
  const lead = before(input.side, size, stride)
  return field(input.side / stride, channels, (y, x, c) => {
    let sum = bias.values[c] ?? 0
    for (let dy = 0; dy < size; dy += 1)
      for (let dx = 0; dx < size; dx += 1)
        for (let from = 0; from < inputs; from += 1)
          sum +=
            input.at(y * stride + dy - lead, x * stride + dx - lead, from) *
            (kernel.values[((dy * size + dx) * inputs + from) * channels + c] ?? 0)
    return sum
  })
}

export function eachChannel(
  { kernel: { shape, values }, bias }: { kernel: Weight; bias?: Weight },
  input: Field,
  stride: number,
): Field {
  const [size = 0, , channels = 0] = shape
  const lead = before(input.side, size, stride)
  return field(input.side / stride, channels, (y, x, c) => {
    let sum = bias?.values[c] ?? 0
    for (let dy = 0; dy < size; dy += 1)
      for (let dx = 0; dx < size; dx += 1)
        sum +=
          input.at(y * stride + dy - lead, x * stride + dx - lead, c) *
          (values[(dy * size + dx) * channels + c] ?? 0)
    return sum
  })
}
