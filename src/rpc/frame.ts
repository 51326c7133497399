/** The messages that cross a wire: JSON text, and binary for feed frames. Pure; checks by hand, as zod may not reach a page. */
import { type FaultCode, faultCodes } from '../contract/fault.ts'
import type { Role } from '../contract/kinds.ts'
import { decodeFeedFrame, type FeedFrame } from './feed-frame.ts'
import { FrameError, fitsIn, parseJson } from './json-text.ts'
import type { WireMessage } from './wire.ts'

export type Request =
  | { readonly is: 'hello'; readonly version: number; readonly token?: string; readonly name?: string }
  | { readonly is: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly is: 'cancel'; readonly id: number }
  /** A table, a journal, a feed or an upload. Asks for the first message of it as well. */
  | {
      readonly is: 'open'
      readonly id: number
      readonly name: string
      readonly after?: number | 'now'
      readonly input?: unknown
      /** Of a feed: frames that may be on their way at a time, 1 to `mostAhead`; 1 when not said. */
      readonly ahead?: number
    }
  | { readonly is: 'close'; readonly id: number }
  /** The reader of a table, a journal or a feed is done with what it got and wants one more message; of a feed, so many `frames`. */
  | { readonly is: 'credit'; readonly id: number; readonly frames?: number }
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
  /** Of an upload: so many frames more may be sent. */
  | { readonly is: 'credit'; readonly id: number; readonly frames: number }
  | { readonly is: 'end'; readonly id: number; readonly fault: FaultText | null }
  | { readonly is: 'pong' }

export const longestRequestBytes = 256 * 1024
/** A frame that a screen sends up. */
export const longestUploadBytes = 1024 * 1024
export const longestReplyBytes = 4 * 1024 * 1024
/** What a reader that stalls finds waiting is old: so little of it that the eye does not see it. */
export const mostAhead = 4
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
  const { after, input, ahead } = fields
  return {
    is: 'open',
    id: idIn(fields),
    name: textIn(fields, 'name', longestName),
    ...(after === undefined
      ? {}
      : { after: after === 'now' ? after : wholeIn(fields, 'after', Number.MAX_SAFE_INTEGER) }),
    ...(input === undefined ? {} : { input }),
    ...(ahead === undefined ? {} : { ahead: wholeIn(fields, 'ahead', mostAhead) }),
  }
}

function creditIn(fields: Fields): Request {
  const { frames } = fields
  return {
    is: 'credit',
    id: idIn(fields),
    ...(frames === undefined ? {} : { frames: wholeIn(fields, 'frames', mostAhead) }),
  }
}

/** Throws `FrameError` and nothing else. */
export function decodeRequest(message: WireMessage): Request | FeedFrame {
  if (typeof message !== 'string') return decodeFeedFrame(message, longestUploadBytes, deepestRequest)
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
      return { is: fields.is, id: idIn(fields) }
    case 'credit':
      return creditIn(fields)
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
    case 'credit':
      return { is: 'credit', id: idIn(fields), frames: wholeIn(fields, 'frames', mostAhead) }
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
  if (typeof message !== 'string') return decodeFeedFrame(message, longestReplyBytes, deepestReply)
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

export function fitsReply(message: WireMessage): boolean {
  return typeof message === 'string'
    ? fitsIn(message, longestReplyBytes)
    : message.length <= longestReplyBytes
}
