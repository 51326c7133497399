/** Lays weights out as the kernels read them, one number after the other; what is missing to whole vectors is 0. */
import type { Conv, Weight } from './graph.ts'
import { together, unrolled } from './kernels.ts'
import type { Workspace } from './workspace.ts'

export function up(value: number, to: number): number {
  return Math.ceil(value / to) * to
}

/** Numbers of one row of a kernel, as many as `conv` takes. */
export function tapsOf({ shape: [, columns = 0, inputs = 0] }: Weight): number {
  return up(columns * inputs, unrolled)
}

/** A kernel of rows × columns × in × out, for `conv`. */
export function packedKernel(kernel: Weight): Float32Array {
  const [rows = 0, columns = 0, inputs = 0, channels = 0] = kernel.shape
  const [perRow, taps] = [columns * inputs, tapsOf(kernel)]
  const packed = new Float32Array(rows * taps * up(channels, together))
  for (let row = 0; row < rows; row += 1)
    for (let tap = 0; tap < perRow; tap += 1)
      for (let channel = 0; channel < channels; channel += 1) {
        const group = Math.floor(channel / together)
        const to = ((group * rows + row) * taps + tap) * together + (channel % together)
        packed[to] = kernel.values[(row * perRow + tap) * channels + channel] ?? 0
      }
  return packed
}

export function packedBias({ values }: Weight): Float32Array {
  return Float32Array.from({ length: up(values.length, together) }, (_, at) => values[at] ?? 0)
}

/** A kernel of 3 × 3 × channels and its bias, for `depthwise`. */
export function packedDepthwise({ kernel, bias }: Conv): Float32Array {
  const channels = kernel.shape[2] ?? 0
  return Float32Array.from({ length: 10 * channels }, (_, to) => {
    const [group, vector, lane] = [Math.floor(to / 40), Math.floor(to / 4) % 10, to % 4]
    const channel = group * 4 + lane
    return (vector === 9 ? bias.values[channel] : kernel.values[vector * channels + channel]) ?? 0
  })
}

/** The addresses of its weights and of its bias. */
export function filled(space: Workspace, { kernel, bias }: Conv): [number, number] {
  return [space.fill(packedKernel(kernel)), space.fill(packedBias(bias))]
}
