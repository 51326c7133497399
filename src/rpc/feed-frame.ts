/** A header and bytes in one binary message: a frame of a feed on its way to a screen, or of an upload on its way from one. */
import { FrameError, parseJson } from './json-text.ts'

export interface FeedFrame {
  readonly is: 'frame'
  readonly id: number
  readonly header: unknown
  readonly bytes: Uint8Array
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

/** Throws `FrameError` and nothing else. */
export function decodeFeedFrame(message: Uint8Array, longest: number, deepest: number): FeedFrame {
  if (message.length > longest) throw new FrameError(1009, 'frame too large')
  if (message.length < prefixBytes) throw new FrameError(1002, 'frame too short')
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const headEnd = prefixBytes + view.getUint32(4)
  if (headEnd > message.length) throw new FrameError(1002, 'frame shorter than its header')
  const header = parseJson(utf8(message.subarray(prefixBytes, headEnd)), longest, deepest)
  return { is: 'frame', id: view.getUint32(0), header, bytes: message.subarray(headEnd) }
}

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new FrameError(1007, 'not UTF-8')
  }
}
