/**
 * Writes WebAssembly: the few instructions our kernels are made of, as bytes. Numbers of instructions and sections are those of
 * the WebAssembly core specification with fixed-width and relaxed SIMD (webassembly.github.io/spec, "Binary Format").
 */

type LocalType = 'i32' | 'v128'

const typeCode = { i32: 0x7f, v128: 0x7b } as const
const simd = 0xfd
const emptyBlock = 0x40

/** A function that takes `parameters` addresses and gives nothing back. */
export class Routine {
  readonly parameters: number
  readonly #locals: LocalType[] = []
  readonly #code: number[] = []

  constructor(parameters: number) {
    this.parameters = parameters
  }

  /** Its number. All begin as 0. */
  local(type: LocalType): number {
    this.#locals.push(type)
    return this.parameters + this.#locals.length - 1
  }

  locals(type: LocalType, many: number): number[] {
    return Array.from({ length: many }, () => this.local(type))
  }

  get(local: number): void {
    this.#code.push(0x20, ...unsigned(local))
  }

  set(local: number): void {
    this.#code.push(0x21, ...unsigned(local))
  }

  i32(value: number): void {
    this.#code.push(0x41, ...signed(value))
  }

  /** `local += by`. */
  move(local: number, by: number): void {
    if (by === 0) return
    this.get(local)
    this.i32(by)
    this.#code.push(0x6a)
    this.set(local)
  }

  /** A vector of one number, four times. */
  fill(local: number, value: number): void {
    const four = new Uint8Array(Float32Array.of(value, value, value, value).buffer)
    this.#simd(0x0c, ...four)
    this.set(local)
  }

  copy(from: number, to: number): void {
    this.get(from)
    this.set(to)
  }

  /** Runs `body` so many times, at least once; `counter` is an i32 of its own. */
  repeat(times: number, counter: number, body: () => void): void {
    if (times === 1) {
      body()
      return
    }
    this.i32(times)
    this.set(counter)
    this.#code.push(0x03, emptyBlock)
    body()
    this.get(counter)
    this.i32(1)
    this.#code.push(0x6b, 0x22, ...unsigned(counter)) // sub, tee
    this.#code.push(0x0d, 0x00, 0x0b) // br_if to the loop, end
  }

  /** Four numbers from `address` + `offset` bytes. */
  load(address: number, offset: number): void {
    this.get(address)
    this.#simd(0x00, 2, ...unsigned(offset))
  }

  /** One number, four times. */
  loadSplat(address: number, offset: number): void {
    this.get(address)
    this.#simd(0x09, 2, ...unsigned(offset))
  }

  store(address: number, offset: number, vector: number): void {
    this.get(address)
    this.get(vector)
    this.#simd(0x0b, 2, ...unsigned(offset))
  }

  /** The two vectors on the stack become one. */
  add(): void {
    this.#simd(0xe4)
  }

  mul(): void {
    this.#simd(0xe6)
  }

  /** `to = a × b + to`; `relaxed` rounds once where the processor can, and is one instruction there. */
  multiplyAdd(a: number, b: number, to: number, relaxed: boolean): void {
    this.get(a)
    this.get(b)
    if (relaxed) {
      this.get(to)
      this.#simd(0x105)
    } else {
      this.mul()
      this.get(to)
      this.add()
    }
    this.set(to)
  }

  /** The larger of the two on the stack, number by number. */
  max(): void {
    this.#simd(0xeb)
  }

  /** The smaller of them. */
  min(): void {
    this.#simd(0xea)
  }

  #simd(instruction: number, ...rest: number[]): void {
    this.#code.push(simd, ...unsigned(instruction), ...rest)
  }

  bytes(): number[] {
    const locals = this.#locals.flatMap((type) => [1, typeCode[type]])
    const body = [...unsigned(this.#locals.length), ...locals, ...this.#code, 0x0b]
    return [...unsigned(body.length), ...body]
  }
}

/** A module with the memory `own.memory` of its caller, and each routine under its number. */
export function moduleOf(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const mostParameters = Math.max(...routines.map(({ parameters }) => parameters))
  // The type with the number n takes n addresses.
  const types = Array.from({ length: mostParameters + 1 }, (_, many) => [
    0x60,
    many,
    ...Array<number>(many).fill(typeCode.i32),
    0,
  ])
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [[...named('own'), ...named('memory'), 0x02, 0x00, 0x00]]),
    ...section(
      3,
      routines.map(({ parameters }) => unsigned(parameters)),
    ),
    ...section(
      7,
      routines.map((_, at) => [...named(String(at)), 0x00, ...unsigned(at)]),
    ),
    ...section(
      10,
      routines.map((routine) => routine.bytes()),
    ),
  ])
}

function section(number: number, entries: readonly (readonly number[])[]): number[] {
  const body = [...unsigned(entries.length), ...entries.flat()]
  return [number, ...unsigned(body.length), ...body]
}

function named(name: string): number[] {
  const bytes = [...new TextEncoder().encode(name)]
  return [...unsigned(bytes.length), ...bytes]
}

/** LEB128, as all numbers of the format are. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  const low = value & 0x7f
  const rest = value >> 7
  const isLast = (rest === 0 && low < 0x40) || (rest === -1 && low >= 0x40)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}
