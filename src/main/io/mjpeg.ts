/**
 * Bytes of a multipart/x-mixed-replace body to whole JPEGs, for any split into chunks. Pure: no sockets, no clock.
 * Every byte is looked at a bounded number of times, and a part is copied into one growing buffer, never joined anew per chunk.
 */
import { Matcher } from './matcher.ts'

export const mjpegLimits = { partBytes: 12 * 1024 * 1024, headerBytes: 8192 }

const dash = 0x2d
const lf = 0x0a
const cr = 0x0d
const space = 0x20
const tab = 0x09
const firstBuffer = 64 * 1024

/** The boundary of a Content-Type without its leading dashes, or null when it is no multipart. */
export function boundaryOf(contentType: string | undefined): string | null {
  const match = /^\s*multipart\/[\w.-]+\s*;.*?\bboundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/is.exec(
    contentType ?? '',
  )
  const name = (match?.[1] ?? match?.[2] ?? '').replace(/^-+/, '').trim()
  return name === '' ? null : name
}

export interface MjpegCounters {
  /** Whole pictures given out. */
  frames: number
  /** Parts that were no whole JPEG: truncated, not a picture, headers without end. */
  bad: number
  oversize: number
  /** Bytes looked at or copied, to prove that the work grows with the input and not faster. */
  work: number
}

export interface MjpegFrame {
  /** A buffer of its own. */
  readonly bytes: Buffer
  /** The `at` of the chunk its first byte came with: without a length a picture is known to be whole only when the next begins. */
  readonly firstByteAt: number
}

export class MjpegParser {
  readonly counters: MjpegCounters = { frames: 0, bad: 0, oversize: 0, work: 0 }
  readonly #matcher: Matcher
  readonly #markLength: number
  #state: 'seek' | 'after' | 'headers' | 'counted' | 'scan' = 'seek'
  /** Where to go on when what looked like a boundary was none. */
  #before: 'seek' | 'scan' = 'seek'
  /** The part so far; behind `#bodyEnd` may stand what looks like a boundary. */
  #part = Buffer.allocUnsafe(firstBuffer)
  #length = 0
  #bodyEnd = 0
  /** Bytes of a counted part still to come. */
  #missing = 0
  /** The header line so far, and what the headers said. */
  #line = ''
  #headerBytes = 0
  #contentLength: number | null = null
  #afterText = ''
  #now = 0
  #firstByteAt = 0

  constructor(boundary: string) {
    // The first dashes of a boundary line are part of the name in some servers and not in others: two are enough to find it.
    const mark = Buffer.from(`--${boundary}`, 'latin1')
    this.#matcher = new Matcher(mark)
    this.#markLength = mark.length
  }

  /** The pictures that became whole with this chunk, which came at `now`. */
  push(chunk: Buffer, now = 0): MjpegFrame[] {
    const frames: MjpegFrame[] = []
    this.#now = now
    let at = 0
    while (at < chunk.length) {
      if (this.#state === 'counted') at = this.#counted(chunk, at, frames)
      else if (this.#state === 'after') at = this.#after(chunk, at, frames)
      else if (this.#state === 'headers') at = this.#headers(chunk, at)
      else at = this.#search(chunk, at)
    }
    this.counters.work += this.#matcher.takeWork()
    return frames
  }

  #search(chunk: Buffer, from: number): number {
    const end = this.#matcher.find(chunk, from)
    const to = end < 0 ? chunk.length : end
    if (this.#state === 'scan') {
      if (!this.#append(chunk, from, to)) return to
      if (end >= 0 && !this.#startsLine()) return to
    }
    if (end < 0) return to
    this.#before = this.#state === 'scan' ? 'scan' : 'seek'
    this.#state = 'after'
    this.#afterText = ''
    return to
  }

  /** Whether the mark at the end of the part stands at the start of a line; the picture ends before that line. */
  #startsLine(): boolean {
    let end = this.#length - this.#markLength
    while (end > 0 && this.#part[end - 1] === dash) end -= 1
    if (end > 0 && this.#part[end - 1] !== lf) return false
    if (end > 0) end -= this.#part[end - 2] === cr ? 2 : 1
    this.#bodyEnd = end
    return true
  }

  /** Behind a mark: the rest of its line tells whether it was a boundary. */
  #after(chunk: Buffer, from: number, frames: MjpegFrame[]): number {
    const byte = chunk[from] ?? 0
    this.counters.work += 1
    const text = this.#afterText
    if (byte === lf) {
      this.#endScan(frames)
      this.#startHeaders()
      return from + 1
    }
    if (byte === dash && text === '-') {
      // The closing boundary. Some servers go on behind it all the same.
      this.#endScan(frames)
      this.#seek()
      return from + 1
    }
    const blank = byte === space || byte === tab || byte === cr
    if ((blank && text !== '-' && text.length < 70) || (byte === dash && text === '')) {
      this.#afterText = byte === dash ? '-' : `${text} `
      if (this.#before === 'scan') this.#append(chunk, from, from + 1)
      return from + 1
    }
    // It was part of a picture, or of garbage.
    this.#state = this.#before
    return from
  }

  #endScan(frames: MjpegFrame[]): void {
    if (this.#before === 'scan') this.#finish(this.#bodyEnd, frames)
  }

  #startHeaders(): void {
    this.#state = 'headers'
    this.#line = ''
    this.#headerBytes = 0
    this.#contentLength = null
  }

  #headers(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(lf, from)
    const to = end < 0 ? chunk.length : end
    this.#headerBytes += to - from + 1
    this.counters.work += to - from + 1
    if (this.#headerBytes > mjpegLimits.headerBytes) {
      this.counters.bad += 1
      this.#seek()
      return end < 0 ? to : to + 1
    }
    this.#line += chunk.toString('latin1', from, to)
    if (end < 0) return to
    const line = this.#line.trim()
    this.#line = ''
    if (line !== '') this.#header(line)
    else this.#startBody()
    return to + 1
  }

  #header(line: string): void {
    if (line.startsWith('--') && this.#matcher.is(line)) {
      // The part before ended within its headers.
      this.counters.bad += 1
      this.#startHeaders()
      return
    }
    const match = /^content-length\s*:\s*(\d{1,15})$/i.exec(line)
    if (match !== null) this.#contentLength = Number(match[1])
  }

  #startBody(): void {
    this.#length = 0
    const length = this.#contentLength
    if (length === null || length === 0) {
      this.#state = 'scan'
      this.#matcher.reset()
      return
    }
    if (length > mjpegLimits.partBytes) {
      this.counters.oversize += 1
      this.#seek()
      return
    }
    this.#state = 'counted'
    this.#missing = length
  }

  #counted(chunk: Buffer, from: number, frames: MjpegFrame[]): number {
    const to = Math.min(chunk.length, from + this.#missing)
    this.#missing -= to - from
    if (this.#append(chunk, from, to) && this.#missing === 0) {
      this.#finish(this.#length, frames)
      this.#seek()
    }
    return to
  }

  #seek(): void {
    this.#state = 'seek'
    this.#length = 0
    this.#matcher.reset()
  }

  /** False when the part has grown too large and is given up. */
  #append(chunk: Buffer, from: number, to: number): boolean {
    const length = this.#length + to - from
    if (this.#length === 0) this.#firstByteAt = this.#now
    if (length > mjpegLimits.partBytes + this.#markLength + 80) {
      this.counters.oversize += 1
      // The mark that may be half read goes on counting.
      this.#state = 'seek'
      this.#length = 0
      return false
    }
    if (length > this.#part.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#part.length * 2))
      this.#part.copy(larger, 0, 0, this.#length)
      this.counters.work += this.#length
      this.#part = larger
    }
    chunk.copy(this.#part, this.#length, from, to)
    this.counters.work += to - from
    this.#length = length
    return true
  }

  #finish(length: number, frames: MjpegFrame[]): void {
    let end = length
    // Padding behind the picture's end.
    while (end > 0 && (this.#part[end - 1] === lf || this.#part[end - 1] === cr || this.#part[end - 1] === 0))
      end -= 1
    const part = this.#part
    const whole =
      end >= 4 && part[0] === 0xff && part[1] === 0xd8 && part[end - 2] === 0xff && part[end - 1] === 0xd9
    if (length > mjpegLimits.partBytes) this.counters.oversize += 1
    else if (!whole) this.counters.bad += 1
    else {
      this.counters.frames += 1
      this.counters.work += end
      frames.push({ bytes: Buffer.from(part.subarray(0, end)), firstByteAt: this.#firstByteAt })
    }
    this.#length = 0
    // One huge picture does not keep its memory for hours of small ones.
    if (part.length > 1024 * 1024 && length * 4 < part.length)
      this.#part = Buffer.allocUnsafe(part.length >> 1)
  }
}
