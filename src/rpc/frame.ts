/** The messages that cross a wire: JSON text, and binary for feed frames. Pure; checks by hand, as zod may not reach a page. */
import { type FaultCode, faultCodes } from '../contract/fault.ts'
import type { Role } from '../contract/kinds.ts'
import { FrameError, fitsIn, parseJson } from './json-text.ts'
import type { WireMessage } from './wire.ts'

export type Request =
  | { readonly is: 'hello'; readonly version: number; readonly token?: string; readonly name?: string }
  | { readonly is: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly is: 'cancel'; readonly id: number }
  /** A table, a journal or a feed. Asks for the first message of it as well. */
  | {
      readonly is: 'open'
      readonly id: number
      readonly name: string
      readonly after?: number | 'now'
      readonly input?: unknown
    }
  | { readonly is: 'close'; readonly id: number }
  /** The reader of a table, a journal or a feed is done with what it got and wants one more message. */
  | { readonly is: 'credit'; readonly id: number }
  | { readonly is: 'ping' }

export interface FaultText {
  readonly code: FaultCode
  readonly message: string
  readonly tip: string
}

export type RefusedReason = 'token' | 'version'

export type Reply =
  | { readonly is: 'welcome'; readonly session: string; readonly role: Role; readonly user: string }
  | { readonly is: 'refused'; readonly reason: RefusedReason }
  | { readonly is: 'result'; readonly id: number; readonly value: unknown }
  | ({ readonly is: 'fault'; readonly id: number } & FaultText)
  /** `snapshot` frames replace all rows together; they go on until one comes without `more`. */
  | {
      readonly is: 'rows'
      readonly id: number
      readonly rows: readonly { readonly id: string }[]
      readonly gone: readonly string[]
      readonly snapshot: boolean
      readonly more: boolean
    }
  /** `seq` is where the next page starts, also when the page is empty. */
  | {
      readonly is: 'page'
      readonly id: number
      readonly entries: readonly unknown[]
      readonly seq: number
      readonly more: boolean
    }
  | { readonly is: 'end'; readonly id: number; readonly fault: FaultText | null }
  | { readonly is: 'pong' }

export interface FeedFrame {
  readonly is: 'frame'
  readonly id: number
  readonly header: unknown
  readonly bytes: Uint8Array
}

export const longestRequestBytes = 256 * 1024
export const longestReplyBytes = 4 * 1024 * 1024
const deepestRequest = 32
/** What came in 32 deep may go out again inside rows of a page. */
const deepestReply = 64
const longestName = 100
const longestToken = 512
const roles: readonly Role[] = ['viewer', 'operator', 'admin']

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fieldsOf(value: unknown): Fields {
  if (!isFields(value)) throw new FrameError(1002, 'a message is a JSON object')
  return value
}

function wholeIn(fields: Fields, key: string, highest: number): number {
  const value = fields[key]
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > highest) {
    throw new FrameError(1002, `${key} is not a whole number in range`)
  }
  return value
}

const idIn = (fields: Fields) => wholeIn(fields, 'id', 2 ** 32 - 1)

function textIn(fields: Fields, key: string, longest = longestReplyBytes): string {
  const value = fields[key]
  if (typeof value !== 'string' || value.length > longest)
    throw new FrameError(1002, `${key} is not a short text`)
  return value
}

function listIn(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key]
  if (!Array.isArray(value)) throw new FrameError(1002, `${key} is not a list`)
  return value
}

function oneOf<T extends string>(fields: Fields, key: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === fields[key])
  if (found === undefined) throw new FrameError(1002, `${key} is not one of ${allowed.join(', ')}`)
  return found
}

function faultIn(fields: Fields): FaultText {
  return {
    code: oneOf(fields, 'code', faultCodes),
    message: textIn(fields, 'message'),
    tip: textIn(fields, 'tip'),
  }
}

function helloIn(fields: Fields): Request {
  return {
    is: 'hello',
    version: wholeIn(fields, 'version', 2 ** 31),
    ...(fields.token === undefined ? {} : { token: textIn(fields, 'token', longestToken) }),
    ...(fields.name === undefined ? {} : { name: textIn(fields, 'name', longestName) }),
  }
}

function openIn(fields: Fields): Request {
  const { after, input } = fields
  return {
    is: 'open',
    id: idIn(fields),
    name: textIn(fields, 'name', longestName),
    ...(after === undefined
      ? {}
      : { after: after === 'now' ? after : wholeIn(fields, 'after', Number.MAX_SAFE_INTEGER) }),
    ...(input === undefined ? {} : { input }),
  }
}

/** Throws `FrameError` and nothing else. */
export function decodeRequest(message: WireMessage): Request {
  if (typeof message !== 'string') throw new FrameError(1003, 'requests are text')
  const fields = fieldsOf(parseJson(message, longestRequestBytes, deepestRequest))
  switch (fields.is) {
    case 'hello':
      return helloIn(fields)
    case 'call':
      return {
        is: 'call',
        id: idIn(fields),
        name: textIn(fields, 'name', longestName),
        input: fields.input,
      }
    case 'open':
      return openIn(fields)
    case 'cancel':
    case 'close':
    case 'credit':
      return { is: fields.is, id: idIn(fields) }
    case 'ping':
      return { is: 'ping' }
    default:
      throw new FrameError(1002, 'unknown kind of request')
  }
}

function rowIn(value: unknown): { readonly id: string } {
  if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string') {
    return { ...value, id: value.id }
  }
  throw new FrameError(1002, 'a row without an id')
}

function goneIn(value: unknown): string {
  if (typeof value === 'string') return value
  throw new FrameError(1002, 'gone is not a list of ids')
}

function replyIn(fields: Fields): Reply {
  switch (fields.is) {
    case 'welcome':
      return {
        is: 'welcome',
        session: textIn(fields, 'session'),
        role: oneOf(fields, 'role', roles),
        user: textIn(fields, 'user'),
      }
    case 'refused':
      return { is: 'refused', reason: oneOf(fields, 'reason', ['token', 'version'] as const) }
    case 'result':
      return { is: 'result', id: idIn(fields), value: fields.value }
    case 'fault':
      return { is: 'fault', id: idIn(fields), ...faultIn(fields) }
    case 'rows':
      return {
        is: 'rows',
        id: idIn(fields),
        rows: listIn(fields, 'rows').map(rowIn),
        gone: listIn(fields, 'gone').map(goneIn),
        snapshot: fields.snapshot === true,
        more: fields.more === true,
      }
    case 'page':
      return {
        is: 'page',
        id: idIn(fields),
        entries: listIn(fields, 'entries'),
        seq: wholeIn(fields, 'seq', Number.MAX_SAFE_INTEGER),
        more: fields.more === true,
      }
    case 'end':
      return {
        is: 'end',
        id: idIn(fields),
        fault: fields.fault === undefined ? null : faultIn(fieldsOf(fields.fault)),
      }
    case 'pong':
      return { is: 'pong' }
    default:
      throw new FrameError(1002, 'unknown kind of reply')
  }
}

/** Throws `FrameError` and nothing else. */
export function decodeReply(message: WireMessage): Reply | FeedFrame {
  if (typeof message !== 'string') return decodeFeedFrame(message)
  return replyIn(fieldsOf(parseJson(message, longestReplyBytes, deepestReply)))
}

export function encodeRequest(request: Request): string {
  return JSON.stringify(request)
}

/** Rows and pages are put together from rows already in JSON, so that a size can be kept without encoding twice. */
export function encodeReply(reply: Exclude<Reply, { is: 'rows' | 'page' }>): string {
  if (reply.is === 'end' && reply.fault === null) return JSON.stringify({ is: 'end', id: reply.id })
  return JSON.stringify(reply)
}

export function encodeRows(
  id: number,
  rows: readonly string[],
  gone: readonly string[],
  part: { readonly snapshot: boolean; readonly more: boolean },
): string {
  const flags = `${part.snapshot ? ',"snapshot":true' : ''}${part.more ? ',"more":true' : ''}`
  return `{"is":"rows","id":${id},"rows":[${rows.join()}],"gone":${JSON.stringify(gone)}${flags}}`
}

export function encodePage(id: number, entries: readonly string[], seq: number, more: boolean): string {
  return `{"is":"page","id":${id},"entries":[${entries.join()}],"seq":${seq}${more ? ',"more":true' : ''}}`
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const prefixBytes = 8

/** u32 id, u32 length of the header, the header as JSON in UTF-8, the bytes. Big-endian. */
export function encodeFeedFrame(id: number, header: unknown, bytes: Uint8Array): Uint8Array {
  const head = encoder.encode(JSON.stringify(header))
  const message = new Uint8Array(prefixBytes + head.length + bytes.length)
  const view = new DataView(message.buffer)
  view.setUint32(0, id)
  view.setUint32(4, head.length)
  message.set(head, prefixBytes)
  message.set(bytes, prefixBytes + head.length)
  return message
}

function decodeFeedFrame(message: Uint8Array): FeedFrame {
  if (message.length > longestReplyBytes) throw new FrameError(1009, 'frame too large')
  if (message.length < prefixBytes) throw new FrameError(1002, 'frame too short')
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const headEnd = prefixBytes + view.getUint32(4)
  if (headEnd > message.length) throw new FrameError(1002, 'frame shorter than its header')
  const header = parseJson(utf8(message.subarray(prefixBytes, headEnd)), longestReplyBytes, deepestReply)
  return { is: 'frame', id: view.getUint32(0), header, bytes: message.subarray(headEnd) }
}

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new FrameError(1007, 'not UTF-8')
  }
}

export function fitsReply(message: WireMessage): boolean {
  return typeof message === 'string'
    ? fitsIn(message, longestReplyBytes)
    : message.length <= longestReplyBytes
}
