/** Modbus RTU frames: requests as bytes, and the one shape an answer to each may have (Modbus Application Protocol v1.1b3 §6). */
import { crcFits, seal } from './crc.ts'
import type { ModbusRequest, NoAnswer } from './transaction.ts'

/** What an answer said, without how long it took. */
export type Answer =
  | { readonly is: 'words'; readonly words: readonly number[] }
  | { readonly is: 'bits'; readonly bits: readonly boolean[] }
  | { readonly is: 'written' }
  | { readonly is: 'exception'; readonly code: number }

export type Reading =
  | { readonly is: 'fits'; readonly answer: Answer }
  /** As far as it goes it may become an answer. */
  | { readonly is: 'short' }
  | { readonly is: 'misfit'; readonly why: Extract<NoAnswer, 'crc' | 'shape' | 'stray'> }

/** Most that one request may ask or write, §6.1–6.12. */
const most = { readBits: 2000, readWords: 125, writeBits: 1968, writeWords: 123 }
const exceptionLength = 5

function whole(value: number, from: number, to: number, what: string): number {
  if (!Number.isInteger(value) || value < from || value > to)
    throw new RangeError(`Modbus ${what} must be a whole number from ${from} to ${to}, not ${value}`)
  return value
}

/** How many registers or bits a request is about. */
export function quantityOf(request: ModbusRequest): number {
  if ('quantity' in request) return request.quantity
  return 'bits' in request ? request.bits.length : request.words.length
}

/** Throws RangeError for what no frame can carry. Unit 0, a broadcast nobody answers, is not offered. */
export function encodeRequest(request: ModbusRequest): Uint8Array {
  const { unit, fn, address } = request
  whole(unit, 1, 247, 'unit address')
  whole(address, 0, 0xffff, 'data address')
  const quantity = quantityOf(request)
  const limit =
    fn <= 2 ? most.readBits : fn <= 4 ? most.readWords : fn === 15 ? most.writeBits : most.writeWords
  whole(quantity, 1, limit, 'quantity')
  if (address + quantity > 0x10000)
    throw new RangeError(`Modbus addresses end at 65535, not at ${address + quantity - 1}`)
  switch (fn) {
    case 1:
    case 2:
    case 3:
    case 4:
      return head(8, request, quantity)
    case 5:
      return head(8, request, request.bits[0] ? 0xff00 : 0)
    case 6:
      return head(8, request, whole(request.words[0], 0, 0xffff, 'register value'))
    case 15: {
      const count = Math.ceil(quantity / 8)
      const frame = head(9 + count, request, quantity)
      frame[6] = count
      for (const [at, bit] of request.bits.entries())
        if (bit) frame[7 + (at >> 3)] = (frame[7 + (at >> 3)] ?? 0) | (1 << (at & 7))
      return seal(frame)
    }
    case 16: {
      const frame = head(9 + 2 * quantity, request, quantity)
      frame[6] = 2 * quantity
      for (const [at, word] of request.words.entries()) {
        whole(word, 0, 0xffff, 'register value')
        frame[7 + 2 * at] = word >>> 8
        frame[8 + 2 * at] = word & 0xff
      }
      return seal(frame)
    }
  }
}

/** Sealed as it is, which is right for the eight-byte requests. */
function head(length: number, { unit, fn, address }: ModbusRequest, fifth: number): Uint8Array {
  const frame = new Uint8Array(length)
  frame.set([unit, fn, address >>> 8, address & 0xff, fifth >>> 8, fifth & 0xff])
  return seal(frame)
}

/** Bytes of a good answer that is no exception. */
export function answerLength(request: ModbusRequest): number {
  return request.fn <= 4 ? 5 + dataLength(request) : 8
}

function dataLength(request: ModbusRequest): number {
  return request.fn <= 2 ? Math.ceil(quantityOf(request) / 8) : 2 * quantityOf(request)
}

/** `bytes` against the answer to `request`, whose frame is `frame`. Only a whole, exact one fits. */
export function readReply(request: ModbusRequest, frame: Uint8Array, bytes: Uint8Array): Reading {
  const length = bytes.length
  if (length > 0 && bytes[0] !== request.unit) return misfit(bytes, length)
  if (length > 1 && bytes[1] === (request.fn | 0x80)) return readException(bytes)
  if (length > 1 && bytes[1] !== request.fn) return misfit(bytes, length)
  const expected = answerLength(request)
  const fixed =
    'quantity' in request
      ? [request.unit, request.fn, dataLength(request)]
      : frame.subarray(0, fixedOf(request.fn))
  for (let at = 2; at < Math.min(length, fixed.length); at++)
    if (bytes[at] !== fixed[at]) return misfit(bytes, expected)
  if (length < expected) return { is: 'short' }
  if (length > expected || !crcFits(bytes)) return misfit(bytes, expected)
  const answer = answerOf(request, bytes)
  return answer === null ? { is: 'misfit', why: 'shape' } : { is: 'fits', answer }
}

/** How many bytes of its request a write's answer repeats: all of a single write, address and quantity of the others. */
function fixedOf(fn: 5 | 6 | 15 | 16): number {
  return fn <= 6 ? 8 : 6
}

function readException(bytes: Uint8Array): Reading {
  if (bytes.length < exceptionLength) return { is: 'short' }
  if (bytes.length > exceptionLength || !crcFits(bytes)) return misfit(bytes, exceptionLength)
  const code = bytes[2] ?? 0
  return code === 0 ? { is: 'misfit', why: 'shape' } : { is: 'fits', answer: { is: 'exception', code } }
}

/** A right checksum makes it somebody's frame, which was not meant for this request. */
function misfit(bytes: Uint8Array, expected: number): Reading {
  if (crcFits(bytes)) return { is: 'misfit', why: 'stray' }
  return { is: 'misfit', why: bytes.length === expected ? 'crc' : 'shape' }
}

/** Null: the bits that fill up the last byte are not zero, as §6.1 wants them. */
function answerOf(request: ModbusRequest, bytes: Uint8Array): Answer | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (request.fn) {
    case 1:
    case 2: {
      const { quantity } = request
      const spare = quantity % 8
      if (spare > 0 && view.getUint8(bytes.length - 3) >>> spare !== 0) return null
      const bits = Array.from(
        { length: quantity },
        (_, at) => ((view.getUint8(3 + (at >> 3)) >>> (at & 7)) & 1) === 1,
      )
      return { is: 'bits', bits }
    }
    case 3:
    case 4:
      return {
        is: 'words',
        words: Array.from({ length: request.quantity }, (_, at) => view.getUint16(3 + 2 * at)),
      }
    case 5:
    case 6:
    case 15:
    case 16:
      return { is: 'written' }
  }
}
