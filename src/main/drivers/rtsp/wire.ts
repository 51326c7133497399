/**
 * Bytes of an RTSP connection (RFC 2326, chapters 4 to 7 and 10.12) into replies, requests of the server, and packets. Takes
 * any split. What is neither is passed over and counted, until a whole packet or message begins again. Everything is bounded.
 */

export interface Reply {
  readonly is: 'reply'
  readonly status: number
  readonly reason: string
  readonly headers: Headers
  readonly body: string
}

export interface ServerRequest {
  readonly is: 'request'
  readonly method: string
  readonly headers: Headers
}

export interface Packet {
  readonly is: 'packet'
  readonly channel: number
  readonly bytes: Buffer
}

export type Item = Reply | ServerRequest | Packet
/** By name in lower case; of one that came several times every value, in order. */
export type Headers = ReadonlyMap<string, readonly string[]>

export const wireLimits = { headBytes: 16_384, headers: 100, bodyBytes: 65_536, junkBytes: 1_048_576 }

const dollar = 0x24
const blank = Buffer.from('\r\n\r\n')
const replyStart = Buffer.from('RTSP/1.')
const requestStart = /^(OPTIONS|ANNOUNCE|GET_PARAMETER|SET_PARAMETER|REDIRECT|TEARDOWN|DESCRIBE|PLAY|PAUSE) /
const longestStart = 14

export class WireParser {
  #held = Buffer.alloc(0)
  #inJunk = false
  #junk = 0
  /** Why nothing more can be read; empty while it can. */
  trouble = ''
  /** Bytes passed over since the start. */
  skipped = 0

  /** `channels` are the ones that were agreed on: between stray bytes only their packets are believed. */
  push(chunk: Buffer, channels: (channel: number) => boolean): Item[] {
    if (this.trouble !== '') return []
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const items: Item[] = []
    let at = 0
    while (at < bytes.length && this.trouble === '') {
      const step = this.#read(bytes, at, channels, items)
      if (step === 0) break
      at += step
    }
    // A copy: what is left must not keep a whole chunk alive.
    this.#held = this.trouble === '' ? Buffer.from(bytes.subarray(at)) : Buffer.alloc(0)
    return items
  }

  /** How many bytes were used; 0: more are needed. */
  #read(bytes: Buffer, at: number, channels: (channel: number) => boolean, items: Item[]): number {
    if (bytes[at] === dollar) {
      const used = this.#packet(bytes, at, channels, items)
      if (used !== null) return used
    } else {
      const start = startOf(bytes, at)
      if (start === 'unknown') return 0
      if (start !== 'no') return this.#message(bytes, at, start, items)
    }
    return this.#pass(bytes, at)
  }

  /** Null: it only looks like one. */
  #packet(bytes: Buffer, at: number, channels: (channel: number) => boolean, items: Item[]): number | null {
    if (bytes.length < at + 4) return 0
    const channel = bytes[at + 1] ?? 0
    const length = bytes.readUInt16BE(at + 2)
    if (!channels(channel)) {
      // In step, a stream nobody asked for is only passed by.
      if (this.#inJunk) return null
    } else {
      if (length > 0 && bytes.length < at + 5) return 0
      // RTP and RTCP both begin with version 2.
      const isVersion2 = length >= 8 && ((bytes[at + 4] ?? 0) & 0xc0) === 0x80
      if (!isVersion2) return null
    }
    if (bytes.length < at + 4 + length) return 0
    items.push({ is: 'packet', channel, bytes: bytes.subarray(at + 4, at + 4 + length) })
    this.#found()
    return 4 + length
  }

  #message(bytes: Buffer, at: number, start: 'reply' | 'request', items: Item[]): number {
    const end = bytes.indexOf(blank, at)
    if (end < 0 || end - at > wireLimits.headBytes) {
      if (bytes.length - at > wireLimits.headBytes) this.trouble = 'the header of its answer does not end'
      return 0
    }
    const lines = unfolded(bytes.toString('utf8', at, end)).split('\r\n')
    const headers = headersOf(lines.slice(1, 1 + wireLimits.headers))
    const length = lengthOf(headers)
    if (length === null || length > wireLimits.bodyBytes) {
      this.trouble = 'the length of its answer makes no sense'
      return 0
    }
    const bodyAt = end + blank.length
    if (bytes.length < bodyAt + length) return 0
    const first = lines[0] ?? ''
    if (start === 'request') items.push({ is: 'request', method: first.split(' ')[0] ?? '', headers })
    else {
      const [, status = '0', reason = ''] = /^RTSP\/1\.\d (\d{3})(?: (.*))?$/.exec(first) ?? []
      const body = bytes.toString('utf8', bodyAt, bodyAt + length)
      items.push({ is: 'reply', status: Number(status), reason: reason.slice(0, 200), headers, body })
    }
    this.#found()
    return bodyAt + length - at
  }

  #found(): void {
    this.#inJunk = false
    this.#junk = 0
  }

  #pass(bytes: Buffer, from: number): number {
    this.#inJunk = true
    let at = from + 1
    while (at < bytes.length && bytes[at] !== dollar && startOf(bytes, at) === 'no') at += 1
    const used = at - from
    this.skipped += used
    this.#junk += used
    if (this.#junk > wireLimits.junkBytes) this.trouble = 'what it sends is no RTSP'
    return used
  }
}

function startOf(bytes: Buffer, at: number): 'reply' | 'request' | 'no' | 'unknown' {
  const first = bytes[at] ?? 0
  // Capital letters only.
  if (first < 0x41 || first > 0x5a) return 'no'
  const seen = bytes.subarray(at, at + longestStart)
  const compared = Math.min(seen.length, replyStart.length)
  if (seen.subarray(0, compared).equals(replyStart.subarray(0, compared)))
    return compared === replyStart.length ? 'reply' : 'unknown'
  const word = /^[A-Z_]+ ?/.exec(seen.toString('latin1'))?.[0] ?? ''
  if (requestStart.test(word)) return 'request'
  return word.length === seen.length && seen.length < longestStart ? 'unknown' : 'no'
}

/** A header goes on in the next line where that begins with a blank (RFC 2326, 4.2). */
function unfolded(head: string): string {
  return head.replaceAll(/\r\n[ \t]+/g, ' ')
}

function headersOf(lines: readonly string[]): Headers {
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const values = headers.get(name) ?? []
    values.push(line.slice(colon + 1).trim())
    headers.set(name, values)
  }
  return headers
}

/** Null when it is no length. */
function lengthOf(headers: Headers): number | null {
  const text = headers.get('content-length')?.[0]
  if (text === undefined) return 0
  return /^\d{1,10}$/.test(text) ? Number(text) : null
}

export function header(headers: Headers, name: string): string | undefined {
  return headers.get(name)?.[0]
}
