/** The memory that kernels work in, and the kernels: planned first, then made at once. */
import { moduleOf, type Routine } from './assembler.ts'

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

  /** The memory, of which nothing moves any more. */
  async start(): Promise<ArrayBuffer> {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(this.#end / page) })
    for (const { at, values } of this.#fills) new Float32Array(memory.buffer, at, values.length).set(values)
    const { instance } = await WebAssembly.instantiate(moduleOf(this.#routines), { own: { memory } })
    this.#calls = this.#routines.map((_, number) => instance.exports[number] as Call)
    return memory.buffer
  }
}
