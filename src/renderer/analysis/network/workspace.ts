/** The memory that kernels work in, and the kernels: planned first, then made at once. */
import { moduleOf, type Routine } from './assembler.ts'
import { depthwise } from './kernels.ts'

const float = 4
const page = 65_536
/** A line of the processor's cache. */
const line = 64

type Call = (...addresses: number[]) => void

export class Workspace {
  readonly #relaxed: boolean
  readonly #routines: Routine[] = []
  readonly #known = new Map<string, number>()
  readonly #fills: { readonly at: number; readonly values: Float32Array }[] = []
  #end = line
  #calls: readonly Call[] = []
  #memory: ArrayBuffer | null = null

  /** `relaxed`: with multiplying and adding in one instruction, which not every browser has. */
  constructor(relaxed: boolean) {
    this.#relaxed = relaxed
  }

  /** Space for so many numbers, 0 until something is put there. */
  room(numbers: number): number {
    const at = this.#end
    this.#end += Math.ceil((numbers * float) / line) * line
    return at
  }

  /** Space with numbers in it. */
  fill(values: Float32Array): number {
    const at = this.room(values.length)
    this.#fills.push({ at, values })
    return at
  }

  /** The kernel of this shape, to be called once `start` is done. */
  kernel<T>(make: (shape: T, relaxed: boolean) => Routine, shape: T): Call {
    const key = `${make.name} ${JSON.stringify(shape)}`
    const number = this.#known.get(key) ?? this.#routines.push(make(shape, this.#relaxed)) - 1
    this.#known.set(key, number)
    return (...addresses) => this.#calls[number]?.(...addresses)
  }

  /** Makes the memory, of which nothing moves any more, and the kernels. Rejects when this browser cannot. */
  async start(): Promise<void> {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(this.#end / page) })
    for (const { at, values } of this.#fills) new Float32Array(memory.buffer, at, values.length).set(values)
    const { instance } = await WebAssembly.instantiate(moduleOf(this.#routines), { own: { memory } })
    this.#calls = this.#routines.map((_, number) => instance.exports[number] as Call)
    this.#memory = memory.buffer
    this.#fills.length = 0
  }

  /** What lies there, once `start` is done: the memory itself, no copy. */
  numbers(at: number, many: number): Float32Array {
    if (this.#memory === null) throw new Error('a network is asked before its memory is there')
    return new Float32Array(this.#memory, at, many)
  }
}

/** Whether this browser multiplies and adds in one instruction: a third faster where it does. */
export function canRelax(): boolean {
  const small = { pixels: 2, channels: 4, stride: 1, rowStep: 64, clip: null } as const
  return WebAssembly.validate(moduleOf([depthwise(small, true)]))
}
