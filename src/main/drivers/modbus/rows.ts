/** Frames as people read them: `read holding 0x0000 ×12`, `exception 2: illegal data address`. */
import { never } from '../../../contract/fault.ts'
import type { BusFrame } from '../../../contract/modules.ts'
import { type Answer, quantityOf } from './frame.ts'
import type { ModbusRequest, NoAnswer } from './transaction.ts'

const exceptions: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target silent',
}

export function exceptionWords(code: number): string {
  return `exception ${code}: ${exceptions[code] ?? 'not in the standard'}`
}

function requestWords(request: ModbusRequest): string {
  const at = `0x${request.address.toString(16).padStart(4, '0')}`
  switch (request.fn) {
    case 1:
      return `read coils ${at} ×${request.quantity}`
    case 2:
      return `read discrete ${at} ×${request.quantity}`
    case 3:
      return `read holding ${at} ×${request.quantity}`
    case 4:
      return `read input ${at} ×${request.quantity}`
    case 5:
      return `write coil ${at} ${request.bits[0] ? 'on' : 'off'}`
    case 6:
      return `write holding ${at} = ${request.words[0]}`
    case 15:
      return `write coils ${at} ×${quantityOf(request)}`
    case 16:
      return `write holding ${at} ×${quantityOf(request)}`
    default:
      return never(request)
  }
}

function answerWords(answer: Answer): string {
  switch (answer.is) {
    case 'words':
      return answer.words.length === 1 ? '1 word' : `${answer.words.length} words`
    case 'bits':
      return answer.bits.length === 1 ? '1 bit' : `${answer.bits.length} bits`
    case 'written':
      return 'written'
    case 'exception':
      return exceptionWords(answer.code)
    default:
      return never(answer)
  }
}

const longestHex = 256

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestHex)).toString('hex')
}

export function requestRow(at: number, request: ModbusRequest, frame: Uint8Array): BusFrame {
  const { unit, fn } = request
  const text = requestWords(request)
  return { at, direction: 'request', unit, fn, hex: hexOf(frame), text, trouble: '', tookMs: null }
}

export function replyRow(
  at: number,
  { unit, fn }: ModbusRequest,
  heard: Uint8Array,
  answer: Answer,
  tookMs: number,
): BusFrame {
  const trouble = answer.is === 'exception' ? 'exception' : ''
  return { at, direction: 'reply', unit, fn, hex: hexOf(heard), text: answerWords(answer), trouble, tookMs }
}

/** No answer: what was heard instead, if anything. */
export function failedRow(at: number, request: ModbusRequest, heard: Uint8Array, why: NoAnswer): BusFrame {
  const { unit, fn } = request
  const hex = hexOf(heard)
  const none = { at, direction: 'reply', unit, fn, hex, tookMs: null } as const
  switch (why) {
    case 'silence':
      return { ...none, text: 'no answer', trouble: 'timeout' }
    case 'noise':
      return { ...none, text: 'not sent: the line is never quiet', trouble: 'timeout' }
    case 'echo':
      return { ...none, text: 'one copy of the write: answer or our own echo, not known', trouble: 'echo' }
    case 'crc':
      return { ...none, text: 'checksum wrong', trouble: 'crc' }
    case 'shape':
      return { ...none, text: 'not the answer asked for', trouble: 'shape' }
    case 'stray':
      return { ...strayRow(at, heard, false) }
    default:
      return never(why)
  }
}

/** Our own bytes, heard back. */
export function echoRow(at: number, { unit, fn }: ModbusRequest, heard: Uint8Array): BusFrame {
  const text = 'our own request, heard back'
  return { at, direction: 'noise', unit, fn, hex: hexOf(heard), text, trouble: 'echo', tookMs: null }
}

/** A whole frame nothing waits for. */
export function strayRow(at: number, heard: Uint8Array, late: boolean): BusFrame {
  const unit = heard[0] ?? null
  const fn = heard[1] === undefined ? null : heard[1] & 0x7f
  const text = late ? 'too late, not used' : 'asked by nobody, not used'
  const trouble = late ? 'late' : 'stray'
  return { at, direction: 'reply', unit, fn, hex: hexOf(heard), text, trouble, tookMs: null }
}

/** Bytes that are no frame; `count` when there were more than are kept. */
export function noiseRow(at: number, heard: Uint8Array, count: number): BusFrame {
  const text = count === 1 ? '1 byte that is no frame' : `${count} bytes that are no frame`
  return {
    at,
    direction: 'noise',
    unit: null,
    fn: null,
    hex: hexOf(heard),
    text,
    trouble: 'shape',
    tookMs: null,
  }
}
