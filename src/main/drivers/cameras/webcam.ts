/**
 * A screen's own webcam as a camera of the site. The screen is asked for a picture only while somebody looks; of several screens the
 * newest is the camera, and the one before is told who took its place.
 */
import { Fault } from '../../../contract/fault.ts'
import type { Picture } from '../../fact.ts'
import { jpegSize } from '../../io/picture.ts'
import type {
  CameraSource,
  LinkContext,
  PictureHeader,
  PictureSender,
  PictureSink,
  RunningLink,
} from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { tap } from '../../tap.ts'
import {
  cameraRow,
  FrameRate,
  mainCamera,
  NextPicture,
  noOrders,
  pictureOf,
  type WebcamProfile,
} from './camera-row.ts'

/** The row is ours to know, and is confirmed this often. */
const reportEveryMs = 5000
const budgetMs = 15_000
/** A screen that was asked for a picture and brings none for this long. */
const stallMs = 5000
/** One on its way while the next is made: a round trip then costs no frame. */
const creditAhead = 2
const snapshotWithinMs = 8000
/** A frame crosses to a screen in one message of at most 4 MiB. */
const longestFrameBytes = 4 * 1024 * 1024 - 8192

export const noSender =
  'no screen sends this webcam: open Cameras on the machine that has it and choose “Webcam”'
const stalled = 'the screen with this webcam sends no picture'

interface Sending {
  readonly sender: PictureSender
  /** Pictures asked for and not come yet. */
  due: number
}

export class Webcam implements RunningLink, CameraSource, PictureSink {
  readonly cameras: CameraSource = this
  readonly pictureSink: PictureSink = this
  readonly #context: LinkContext<WebcamProfile>
  readonly #book: LinkBook
  readonly #rate = new FrameRate()
  readonly #next = new NextPicture()
  readonly #stopReporting: () => void
  #stopStall: () => void = () => {}
  #sending: Sending | null = null
  #viewers = 0
  #lastFrameAt: number | null = null
  #trouble = ''

  constructor(context: LinkContext<WebcamProfile>) {
    const { profile, clock } = context
    this.#context = context
    this.#book = new LinkBook(context, profile.id, '', budgetMs)
    this.#stopReporting = clock.every(reportEveryMs, () => this.#report())
  }

  start(): void {
    this.#book.become({ is: 'listening' })
    this.#trouble = noSender
    this.#report()
  }

  get isWatched(): boolean {
    return this.#viewers > 0 || this.#next.isWanted
  }

  open(): () => void {
    this.#viewers += 1
    if (this.#trouble !== '') this.#tellTrouble()
    this.#ask()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#viewers -= 1
      if (!this.isWatched) this.#rest()
    }
  }

  async snapshot(): Promise<Picture> {
    if (this.#sending === null) throw new Fault('link-down', noSender)
    const waiting = this.#next.wait(this.#context.clock, snapshotWithinMs)
    this.#ask()
    const bytes = await waiting
    if (!this.isWatched) this.#rest()
    if (bytes === null) throw new Fault('timed-out', stalled, 'Look at that screen.')
    return pictureOf(bytes)
  }

  attach(sender: PictureSender): { take(header: PictureHeader, bytes: Uint8Array): void; close(): void } {
    this.#sending?.sender.replaced(sender.name)
    const sending: Sending = { sender, due: 0 }
    this.#sending = sending
    this.#book.peers = 1
    this.#become('')
    tap(this.#context, 'in', sender.name, 0, 'this screen sends its webcam from now on')
    this.#ask()
    return {
      take: (header, bytes) => {
        if (this.#sending === sending) this.#took(sending, header, bytes)
      },
      close: () => {
        if (this.#sending !== sending) return
        this.#sending = null
        this.#book.peers = 0
        this.#stopStall()
        tap(this.#context, 'in', sender.name, 0, 'this screen no longer sends its webcam')
        this.#book.become({ is: 'listening' })
        this.#become(noSender)
        this.#next.settle(null)
      },
    }
  }

  #took(sending: Sending, { capturedAt }: PictureHeader, given: Uint8Array): void {
    const { clock, tell, profile } = this.#context
    const { counters } = this.#book
    sending.due = Math.max(0, sending.due - 1)
    counters.messagesIn += 1
    counters.bytesIn += given.length
    const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    const size = bytes.length > longestFrameBytes ? null : jpegSize(bytes)
    const now = clock.now()
    const monotonic = clock.monotonic()
    if (size === null) counters.badMessages += 1
    else if (this.isWatched) {
      this.#stopStall()
      this.#lastFrameAt = now
      this.#rate.count(monotonic)
      this.#book.useful(now, monotonic)
      this.#become('')
      tell({
        type: 'frame-arrived',
        camera: mainCamera(profile),
        bytes,
        ...size,
        capturedAt,
        receivedAt: now,
      })
      this.#next.settle(bytes)
    }
    if (this.isWatched) this.#ask()
    else this.#rest()
  }

  /** So many pictures as may be on their way, and not one more. */
  #ask(): void {
    const sending = this.#sending
    if (sending === null || !this.isWatched) return
    const more = creditAhead - sending.due
    this.#stopStall()
    this.#stopStall = this.#context.clock.after(stallMs, () => this.#become(stalled))
    if (more <= 0) return
    sending.due += more
    sending.sender.more(more)
  }

  /** Nobody looks: nothing comes, and that is no trouble. */
  #rest(): void {
    this.#stopStall()
    if (this.#trouble === stalled) this.#become('')
    if (this.#book.state.is !== 'listening') this.#book.become({ is: 'listening' })
  }

  #become(trouble: string): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    if (trouble === stalled) this.#book.become({ is: 'silent', since: this.#context.clock.now() })
    if (trouble !== '') this.#tellTrouble()
    this.#report()
  }

  #tellTrouble(): void {
    const camera = mainCamera(this.#context.profile)
    this.#context.tell({ type: 'stream-troubled', camera, trouble: this.#trouble })
  }

  #report(): void {
    const { profile, clock, tell } = this.#context
    const camera = cameraRow(profile, 'webcam', {
      isRunning: this.#sending !== null,
      fps: this.isWatched ? this.#rate.perSecond(clock.monotonic()) : null,
      lastFrameAt: this.#lastFrameAt,
      trouble: this.#trouble,
      heardAt: clock.now(),
      budgetMs,
    })
    tell({ type: 'cameras-reported', link: profile.id, cameras: [camera] })
  }

  async deliver(): Promise<Delivery> {
    return noOrders
  }

  retry(): void {}

  forget(): void {}

  async close(): Promise<void> {
    this.#stopReporting()
    this.#stopStall()
    this.#sending?.sender.ended()
    this.#sending = null
    this.#next.settle(null)
    this.#book.close()
  }
}
