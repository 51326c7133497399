/**
 * Units of video into pictures: in order, from a key frame on, never more than a few on their way. After any loss or error it waits for
 * the next key frame, since a picture decoded from a gap is a wrong picture that looks right. Which header a picture belongs to is
 * told by its timestamp.
 */
import type { FrameHeader } from '../../contract/cameras.ts'

/** The browser's decoder, or one by hand in a test. */
export interface Decoder {
  decode(unit: { readonly isKey: boolean; readonly timestamp: number; readonly bytes: Uint8Array }): void
  /** Units it was given and has not begun with. */
  readonly waiting: number
  close(): void
}

export interface DecoderEvents<P> {
  /** In the order of showing. */
  picture(picture: P, timestamp: number): void
  /** It is of no use any more. */
  failed(isUnsupported: boolean): void
  /** It has begun with one of those that waited. */
  room(): void
}

/** Throws when there can be none for this codec. */
export type MakeDecoder<P> = (codec: string, on: DecoderEvents<P>) => Decoder

/** `unsupported`: there is no decoder for it; `broken`: the decoder says so; `stalled`: it began with nothing for too long. */
export type DecoderTrouble = 'unsupported' | 'broken' | 'stalled'

/** Between the painter and a decoder. */
export interface Decoded<P> {
  picture(picture: P, header: FrameHeader, bytes: Uint8Array): void
  failed(trouble: DecoderTrouble): void
  /** Never to be shown: frees it. */
  drop(picture: P): void
}

interface After {
  after(ms: number, call: () => void): () => void
}

/** Two wait while one is decoded; the rest waits in the app, which knows when it has been too long. */
const mostWaiting = 2
/** A decoder that begins with nothing for this long is given up: it hangs, or the machine is too busy for what waits in it to be of use. */
const hangsMs = 1000
/** Headers kept of units whose picture has not come: a decoder may hold back some, and swallow broken ones. */
const mostPending = 64

export class UnitDecoder<P> {
  readonly #make: MakeDecoder<P>
  readonly #on: Decoded<P>
  readonly #clock: After
  #decoder: Decoder | null = null
  /** A decoder that was given up may still speak. */
  #generation = 0
  #kind = ''
  #needsKey = true
  #lastFrame = 0
  #timestamp = 0
  readonly #pending = new Map<number, { readonly header: FrameHeader; readonly bytes: Uint8Array }>()
  #goOn: () => void = () => {}
  /** Units that could not be decoded, as one before them is missing. */
  lost = 0

  constructor(make: MakeDecoder<P>, on: Decoded<P>, clock: After) {
    this.#make = make
    this.#on = on
    this.#clock = clock
  }

  /** Settles when the next may come. */
  async take(header: FrameHeader, bytes: Uint8Array): Promise<void> {
    const { video, frame } = header
    if (video === null) return
    const follows = frame === this.#lastFrame + 1 && header.dropped === 0
    this.#lastFrame = frame
    if (video.isKey) this.#prepare(header, video.codec)
    else if (!follows) this.#needsKey = true
    if (this.#needsKey || this.#decoder === null) {
      this.lost++
      return
    }
    const timestamp = this.#nextTimestamp()
    this.#pending.set(timestamp, { header, bytes })
    if (this.#pending.size > mostPending)
      for (const [oldest] of this.#pending) {
        this.#pending.delete(oldest)
        break
      }
    try {
      this.#decoder.decode({ isKey: video.isKey, timestamp, bytes })
    } catch {
      this.#fail('broken')
      return
    }
    if (this.#decoder.waiting > mostWaiting) await this.#room()
  }

  /** What comes next does not continue what was: a trouble was told, or the feed was opened anew. */
  broken(): void {
    this.#needsKey = true
  }

  close(): void {
    this.#end()
    this.lost = 0
  }

  /** A key frame begins anew: with the decoder there is, or with a new one when what comes is of another kind. */
  #prepare({ widthPx, heightPx }: FrameHeader, codec: string): void {
    const kind = `${codec} ${widthPx}×${heightPx}`
    this.#needsKey = false
    if (this.#decoder !== null && kind === this.#kind) return
    this.#end()
    this.#needsKey = false
    this.#kind = kind
    const generation = this.#generation
    const isCurrent = () => generation === this.#generation
    try {
      this.#decoder = this.#make(codec, {
        picture: (picture, timestamp) => {
          if (isCurrent()) this.#picture(picture, timestamp)
          else this.#on.drop(picture)
        },
        failed: (isUnsupported) => {
          if (isCurrent()) this.#fail(isUnsupported ? 'unsupported' : 'broken')
        },
        room: () => {
          if (isCurrent() && (this.#decoder?.waiting ?? 0) <= mostWaiting) this.#goOn()
        },
      })
    } catch {
      this.#fail('unsupported')
    }
  }

  #picture(picture: P, timestamp: number): void {
    const unit = this.#pending.get(timestamp)
    this.#pending.delete(timestamp)
    if (unit === undefined) this.#on.drop(picture)
    else this.#on.picture(picture, unit.header, unit.bytes)
  }

  #fail(trouble: DecoderTrouble): void {
    this.#end()
    this.#on.failed(trouble)
  }

  #end(): void {
    this.#generation++
    this.#needsKey = true
    this.#kind = ''
    this.#pending.clear()
    const decoder = this.#decoder
    this.#decoder = null
    decoder?.close()
    this.#goOn()
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(hangsMs, () => this.#fail('stalled'))
      this.#goOn = () => {
        this.#goOn = () => {}
        cancel()
        resolve()
      }
    })
  }

  /** Microseconds that only ever grow: two units of one moment must not be one. */
  #nextTimestamp(): number {
    this.#timestamp = Math.max(this.#timestamp + 1, Math.round(performance.now() * 1000))
    return this.#timestamp
  }
}
