/**
 * One camera's frames onto one surface, outside React. JPEGs are decoded one at a time, and the next is asked for when that begins;
 * video goes unit by unit through a decoder. What the screen may say of it is told at most twice a second.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import type { Fault } from '../../contract/fault.ts'
import { Cell } from '../data/cell.ts'
import { badPicture, noDecoder, tooSlow, unknownCodec } from './freshness.ts'
import { Rate } from './rate.ts'
import { type Decoded, type DecoderTrouble, type MakeDecoder, UnitDecoder } from './unit-decoder.ts'

export type OpenFrames = (
  onFrame: (header: FrameHeader, bytes: Uint8Array) => Promise<void>,
  onFault: (fault: Fault) => void,
) => () => void

/** What decodes and shows; the canvas in the page, something countable in a test. */
export interface Surface<P> {
  decode(bytes: Uint8Array): Promise<P>
  /** For video; null where the browser has none. */
  readonly decoder: MakeDecoder<P> | null
  /** `shown` is called when it is on the canvas; never, when a newer one took its place before. */
  show(picture: P, shown: () => void, header: FrameHeader): void
  /** Frees a picture that came too late to be shown. */
  drop(picture: P): void
  /** The picture that is shown, where more than it is painted. */
  plain?(): P | null
  /** Pictures that counted as shown and never reached the screen, since the beginning. */
  missed?(): number
}

/** The frame on the canvas as it came. */
export interface ShownFrame {
  readonly header: FrameHeader
  /** A JPEG, or a unit of video that is no picture by itself. */
  readonly bytes: Uint8Array
}

export interface Standing {
  readonly openedAt: number | null
  readonly receivedAt: number | null
  readonly trouble: string
  /** Frames per second put on this canvas; null before there were any. */
  readonly shownFps: number | null
  /** Frames per second that reach the app. */
  readonly sourceFps: number | null
  /** To its being on the canvas, the last one: from `latencyFrom`. */
  readonly latencyMs: number | null
  /** The camera's own time of the picture where it can be believed, else the frame's arrival at the app. */
  readonly latencyFrom: 'captured' | 'received'
  /** As the stream says it; null for JPEGs and before the first frame. */
  readonly codec: string | null
  /** Frames this screen did not get, since it began to look. */
  readonly dropped: number
  /** Frames that were no picture. */
  readonly bad: number
  readonly widthPx: number
  readonly heightPx: number
}

export const nothingSeen: Standing = {
  openedAt: null,
  receivedAt: null,
  trouble: '',
  shownFps: null,
  sourceFps: null,
  latencyMs: null,
  latencyFrom: 'received',
  codec: null,
  dropped: 0,
  bad: 0,
  widthPx: 0,
  heightPx: 0,
}

export interface Clock {
  now(): number
  /** Calls once, later; the answer cancels. */
  after(ms: number, call: () => void): () => void
}

const troubles: Readonly<Record<DecoderTrouble, string>> = {
  unsupported: unknownCodec,
  broken: badPicture,
  stalled: tooSlow,
}
/** All tiles at the same moments, so that the page is laid out once for them and not once for each. */
const tellEveryMs = 500
/** A picture is decoded but not shown when more units than this wait behind it: it would only delay the one of now. */
const mostBehind = 3
/** Nor when one this much younger has gone into the decoder meanwhile. */
const overtakenMs = 150
/** But where every picture is late, as on a machine that cannot keep up, late ones are better than none. */
const longestSkipMs = 250
/** A camera's clock this far behind the frame's arrival, or ahead of it, is wrong. */
const believedMs = 2000
/** A feed that ended by itself is asked for again after this. */
const reopenMs = 3000

export class Painter<P> {
  readonly standing = new Cell<Standing>(nothingSeen)
  readonly #open: OpenFrames
  readonly #surface: Surface<P>
  readonly #clock: Clock
  readonly #rate = new Rate()
  /** Grows with every opening: a frame of an earlier one is not shown. */
  #opening = 0
  /** Ends when the frame before is decoded. */
  #decoding: Promise<void> = Promise.resolve()
  #isOpen = false
  #close: () => void = () => {}
  #stopTelling: () => void = () => {}
  #stopWaiting: () => void = () => {}
  #openedAt: number | null = null
  #shown: ShownFrame | null = null
  #last: FrameHeader | null = null
  #trouble = ''
  #latencyMs: number | null = null
  #latencyFrom: Standing['latencyFrom'] = 'received'
  readonly #units: UnitDecoder<P> | null
  /** Since it was opened. */
  #hasShown = false
  #lastShownAt = 0
  /** When the newest unit that went into the decoder had reached the app. */
  #newestAt = 0
  #dropped = 0
  #bad = 0

  constructor(open: OpenFrames, surface: Surface<P>, clock: Clock) {
    this.#open = open
    this.#surface = surface
    this.#clock = clock
    this.#units = surface.decoder && new UnitDecoder(surface.decoder, this.#decoded(), clock)
  }

  get shown(): ShownFrame | null {
    return this.#shown
  }

  /** What is shown, without what is painted over it; null where nothing ever is. */
  get plain(): P | null {
    return this.#surface.plain?.() ?? null
  }

  start(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#openedAt = this.#clock.now()
    this.#hasShown = false
    this.#lastShownAt = this.#openedAt
    this.#trouble = ''
    this.#rate.clear()
    this.#ask()
    this.#tell()
  }

  /** The picture stays, and ages; nothing is asked for or decoded any more. */
  stop(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#opening++
    this.#openedAt = null
    this.#latencyMs = null
    this.#rate.clear()
    this.#dropped += this.#units?.lost ?? 0
    this.#units?.close()
    this.#stopTelling()
    this.#stopWaiting()
    this.#close()
    this.#close = () => {}
    this.standing.set(this.#now())
  }

  #ask(): void {
    const opening = ++this.#opening
    this.#close = this.#open(
      (header, bytes) => this.#paint(opening, header, bytes),
      (fault) => this.#ended(opening, fault),
    )
  }

  #ended(opening: number, fault: Fault): void {
    if (opening !== this.#opening) return
    this.#trouble = [fault.message, fault.tip].filter(Boolean).join(' ')
    this.#stopWaiting = this.#clock.after(reopenMs, () => {
      if (this.#isOpen && opening === this.#opening) this.#ask()
    })
  }

  async #paint(opening: number, header: FrameHeader, bytes: Uint8Array): Promise<void> {
    if (opening !== this.#opening) return
    this.#last = header
    this.#dropped += header.dropped
    if (header.trouble !== '' || bytes.byteLength === 0) {
      this.#trouble = header.trouble
      this.#units?.broken()
      return
    }
    if (header.video !== null) return this.#unit(header, bytes)
    await this.#decoding
    if (opening === this.#opening) this.#decoding = this.#decode(opening, header, bytes)
  }

  async #unit(header: FrameHeader, bytes: Uint8Array): Promise<void> {
    this.#newestAt = header.receivedAt
    if (this.#units === null) this.#trouble = noDecoder
    else await this.#units.take(header, bytes)
  }

  #decoded(): Decoded<P> {
    return {
      picture: (picture, header, bytes) => {
        const opening = this.#opening
        const isOvertaken = this.#newestAt - header.receivedAt > overtakenMs
        const isLate = isOvertaken || (header.behind ?? 0) > mostBehind
        if (!isLate || this.#clock.now() - this.#lastShownAt > longestSkipMs)
          return this.#surface.show(picture, () => this.#showed(opening, header, bytes), header)
        this.#surface.drop(picture)
        // Those from before anybody looked are only there to be decoded.
        if (this.#hasShown) this.#dropped++
      },
      failed: (trouble) => {
        // A machine that is too busy says nothing of the picture.
        if (trouble !== 'stalled') this.#bad++
        this.#trouble = troubles[trouble]
      },
      drop: (picture) => this.#surface.drop(picture),
    }
  }

  async #decode(opening: number, header: FrameHeader, bytes: Uint8Array): Promise<void> {
    let picture: P
    try {
      picture = await this.#surface.decode(bytes)
    } catch {
      if (opening !== this.#opening) return
      this.#bad++
      this.#trouble = badPicture
      return
    }
    if (opening !== this.#opening) return this.#surface.drop(picture)
    this.#surface.show(picture, () => this.#showed(opening, header, bytes), header)
  }

  #showed(opening: number, header: FrameHeader, bytes: Uint8Array): void {
    if (opening !== this.#opening) return
    const now = this.#clock.now()
    this.#shown = { header, bytes }
    this.#hasShown = true
    this.#lastShownAt = now
    this.#trouble = ''
    const { receivedAt, capturedAt } = header
    // The app had this one ready when it was asked: it is of this opening, and as old as it says.
    if (this.#openedAt !== null) this.#openedAt = Math.min(this.#openedAt, receivedAt)
    const isBelieved =
      capturedAt !== null && receivedAt >= capturedAt && receivedAt - capturedAt <= believedMs
    this.#latencyFrom = isBelieved ? 'captured' : 'received'
    this.#latencyMs = Math.max(0, now - (isBelieved ? capturedAt : receivedAt))
    this.#rate.count(now)
  }

  #tell(): void {
    this.standing.set(this.#now())
    const wait = tellEveryMs - (this.#clock.now() % tellEveryMs)
    this.#stopTelling = this.#clock.after(wait, () => this.#tell())
  }

  #now(): Standing {
    const shown = this.#shown?.header
    return {
      openedAt: this.#openedAt,
      receivedAt: shown?.receivedAt ?? null,
      trouble: this.#trouble,
      shownFps: this.#rate.perSecond(this.#clock.now()),
      sourceFps: this.#last?.fps ?? null,
      latencyMs: this.#latencyMs,
      latencyFrom: this.#latencyFrom,
      codec: shown?.video?.codec ?? null,
      dropped: this.#dropped + (this.#units?.lost ?? 0) + (this.#surface.missed?.() ?? 0),
      bad: this.#bad,
      widthPx: shown?.widthPx ?? 0,
      heightPx: shown?.heightPx ?? 0,
    }
  }
}
