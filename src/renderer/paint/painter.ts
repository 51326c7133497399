/**
 * One camera's frames onto one surface, outside React: decodes one frame at a time and asks for the next when it begins to, so that
 * the next is on its way meanwhile and never more than that one. What the screen may say of it is told at most twice a second.
 */
import type { FrameHeader } from '../../contract/cameras.ts'
import type { Fault } from '../../contract/fault.ts'
import { Cell } from '../data/cell.ts'
import { badPicture } from './freshness.ts'
import { Rate } from './rate.ts'

export type OpenFrames = (
  onFrame: (header: FrameHeader, bytes: Uint8Array) => Promise<void>,
  onFault: (fault: Fault) => void,
) => () => void

/** What decodes and shows; the canvas in the page, something countable in a test. */
export interface Surface<P> {
  decode(bytes: Uint8Array): Promise<P>
  /** `shown` is called when it is on the canvas; never, when a newer one took its place before. */
  show(picture: P, shown: () => void): void
  /** Frees a picture that came too late to be shown. */
  drop(picture: P): void
  /** Pictures that counted as shown and never reached the screen, since the beginning. */
  missed?(): number
}

/** The frame on the canvas as it came. */
export interface ShownFrame {
  readonly header: FrameHeader
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
  /** From the app's having the frame to its being on the canvas, the last one. */
  readonly latencyMs: number | null
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

const tellEveryMs = 500
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
  #dropped = 0
  #bad = 0

  constructor(open: OpenFrames, surface: Surface<P>, clock: Clock) {
    this.#open = open
    this.#surface = surface
    this.#clock = clock
  }

  get shown(): ShownFrame | null {
    return this.#shown
  }

  start(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#openedAt = this.#clock.now()
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
      return
    }
    await this.#decoding
    if (opening === this.#opening) this.#decoding = this.#decode(opening, header, bytes)
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
    this.#surface.show(picture, () => this.#showed(opening, header, bytes))
  }

  #showed(opening: number, header: FrameHeader, bytes: Uint8Array): void {
    if (opening !== this.#opening) return
    const now = this.#clock.now()
    this.#shown = { header, bytes }
    this.#trouble = ''
    this.#latencyMs = Math.max(0, now - header.receivedAt)
    this.#rate.count(now)
  }

  #tell(): void {
    this.standing.set(this.#now())
    this.#stopTelling = this.#clock.after(tellEveryMs, () => this.#tell())
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
      dropped: this.#dropped + (this.#surface.missed?.() ?? 0),
      bad: this.#bad,
      widthPx: shown?.widthPx ?? 0,
      heightPx: shown?.heightPx ?? 0,
    }
  }
}
