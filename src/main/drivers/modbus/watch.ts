/** Shows the frames of a bus to whoever watches or records it, in batches, and to the message inspector; costs nothing while nobody does. */
import type { BusFrame } from '../../../contract/modules.ts'
import type { LinkContext } from '../../link.ts'
import { tap } from '../../tap.ts'
import type { Module } from './module.ts'
import { decode, sensible, widthOf } from './values.ts'

type Context = Pick<LinkContext, 'clock' | 'tell' | 'inspected' | 'profile' | 'vehicles'>

const batchMs = 50
const mostFrames = 400
const lookMs = 250
const tables = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input' } as const

export class Watch {
  readonly #context: Context
  readonly #listen: (listener: (frame: BusFrame) => void) => () => void
  readonly #module: (unit: number) => Module | null
  readonly #stopLooking: () => void
  #unlisten: (() => void) | null = null
  #cancelBatch: (() => void) | null = null
  #batch: BusFrame[] = []
  #asked: {
    readonly unit: number
    readonly fn: 1 | 2 | 3 | 4
    readonly address: number
    readonly quantity: number
  } | null = null

  constructor(
    context: Context,
    listen: (listener: (frame: BusFrame) => void) => () => void,
    module: (unit: number) => Module | null,
  ) {
    this.#context = context
    this.#listen = listen
    this.#module = module
    this.#stopLooking = context.clock.every(lookMs, () => this.#look())
    this.#look()
  }

  close(): void {
    this.#stopLooking()
    this.#unlisten?.()
    this.#cancelBatch?.()
    this.#flush()
  }

  #look(): void {
    const isWanted = this.#context.vehicles?.monitored() === true || this.#context.inspected()
    if (isWanted === (this.#unlisten !== null)) return
    if (isWanted) this.#unlisten = this.#listen((frame) => this.#frame(frame))
    else {
      this.#unlisten?.()
      this.#unlisten = null
      this.#asked = null
    }
  }

  #frame(bare: BusFrame): void {
    const values = this.#valuesOf(bare)
    const frame = values === null ? bare : { ...bare, values }
    const { direction, unit, text, hex, trouble } = frame
    const isOut = direction === 'request'
    tap(
      this.#context,
      isOut ? 'out' : 'in',
      unit === null ? 'bus' : `unit ${unit}`,
      hex.length / 2,
      `${text}\n${hex}`,
      trouble,
    )
    if (this.#context.vehicles?.monitored() !== true) return
    this.#batch.push(frame)
    if (this.#batch.length >= mostFrames) this.#flush()
    else this.#cancelBatch ??= this.#context.clock.after(batchMs, () => this.#flush())
  }

  /** Of an answer to a read, by the map of the module that was asked. */
  #valuesOf({ direction, hex, trouble, unit }: BusFrame): BusFrame['values'] | null {
    if (direction === 'request') {
      const bytes = Buffer.from(hex, 'hex')
      const fn = bytes[1]
      this.#asked =
        unit !== null && (fn === 1 || fn === 2 || fn === 3 || fn === 4) && bytes.length >= 6
          ? { unit, fn, address: bytes.readUInt16BE(2), quantity: bytes.readUInt16BE(4) }
          : null
      return null
    }
    const asked = this.#asked
    if (direction !== 'reply' || trouble !== '' || asked === null || asked.unit !== unit) return null
    this.#asked = null
    const data = Buffer.from(hex, 'hex').subarray(3, -2)
    const raw =
      asked.fn <= 2
        ? [...data]
            .flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
            .slice(0, asked.quantity)
        : Array.from({ length: data.length >> 1 }, (_, at) => data.readUInt16BE(2 * at))
    const values: Record<string, number | null> = {}
    for (const register of this.#module(asked.unit)?.map?.registers ?? []) {
      const at = register.address - asked.address
      if (register.table !== tables[asked.fn] || at < 0 || at + widthOf(register) > raw.length) continue
      values[register.name] = sensible(register, decode(register, raw.slice(at, at + widthOf(register))))
    }
    return Object.keys(values).length === 0 ? null : values
  }

  #flush(): void {
    this.#cancelBatch?.()
    this.#cancelBatch = null
    if (this.#batch.length === 0) return
    const frames = this.#batch
    this.#batch = []
    this.#context.tell({ type: 'bus-frames-seen', link: this.#context.profile.id, frames })
  }
}
