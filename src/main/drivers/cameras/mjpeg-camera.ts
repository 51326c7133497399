/**
 * A camera that sends MJPEG over HTTP. Its stream is open while somebody looks; else one picture is taken now and then, so that the
 * link's state is something that was seen and not something that is hoped.
 */
import { Fault } from '../../../contract/fault.ts'
import type { LinkState } from '../../../contract/links.ts'
import type { Picture } from '../../fact.ts'
import { HttpClient } from '../../io/http-client.ts'
import { KeepOpen } from '../../io/keep-open.ts'
import type { MjpegPicture } from '../../io/mjpeg-stream.ts'
import type { CameraSource, LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { tap } from '../../tap.ts'
import {
  cameraRow,
  FrameRate,
  type MjpegProfile,
  mainCamera,
  NextPicture,
  noOrders,
  pictureOf,
} from './camera-row.ts'
import { MjpegDial } from './mjpeg-dial.ts'

const probeEveryMs = 20_000
/** Three probes that bring nothing. */
const budgetMs = 60_000
const reportEveryMs = 5000
const snapshotWithinMs = 8000
/** As good as a new picture. */
const freshMs = 1000

export class MjpegCamera implements RunningLink, CameraSource {
  readonly cameras: CameraSource = this
  readonly #context: LinkContext<MjpegProfile>
  readonly #http = new HttpClient(2)
  readonly #book: LinkBook
  readonly #keep: KeepOpen
  readonly #dial: MjpegDial
  readonly #rate = new FrameRate()
  readonly #next = new NextPicture()
  readonly #stopReporting: () => void
  #cancelProbe: () => void = () => {}
  #viewers = 0
  #isOpen = false
  #newest: MjpegPicture | null = null
  #newestMono = Number.NEGATIVE_INFINITY
  #heardAt: number | null = null
  #isClosed = false

  constructor(context: LinkContext<MjpegProfile>) {
    const { profile, clock, secret } = context
    this.#context = context
    this.#book = new LinkBook(context, profile.id, profile.url, budgetMs)
    this.#dial = new MjpegDial({
      clock,
      http: this.#http,
      url: profile.url,
      secret,
      doors: {
        opened: () => this.#opened(),
        frame: (picture) => this.#took(picture),
        bad: (count) => {
          this.#book.counters.badMessages += count
        },
        ended: (reason, isRefused) => this.#ended(reason, isRefused),
      },
    })
    this.#keep = new KeepOpen(profile.ladder, clock, {
      open: () => this.#openStream(),
      close: () => this.#closeStream(),
      changed: (state) => this.#changed(state),
    })
    this.#stopReporting = clock.every(reportEveryMs, () => this.#report())
  }

  start(): void {
    this.#report()
    this.#keep.on({ type: 'start' })
  }

  open(): () => void {
    this.#viewers += 1
    const { link } = this.#keep
    if (link.is === 'refused') this.#troubled(link.reason)
    this.#want()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#viewers -= 1
      this.#rest()
    }
  }

  async snapshot(): Promise<Picture> {
    const { clock } = this.#context
    if (this.#newest !== null && clock.monotonic() - this.#newestMono <= freshMs)
      return pictureOf(this.#newest.bytes)
    const { link } = this.#keep
    if (link.is === 'refused') throw new Fault('link-down', link.reason)
    const waiting = this.#next.wait(clock, snapshotWithinMs)
    this.#want()
    const bytes = await waiting
    this.#rest()
    if (bytes !== null) return pictureOf(bytes)
    const reason = 'reason' in this.#keep.link ? this.#keep.link.reason : 'no picture came in time'
    throw new Fault('link-down', reason, 'Look at the link, then try again.')
  }

  /** Somebody looks: now, whatever the ladder or the next probe says. */
  #want(): void {
    if (this.#keep.link.is === 'waiting') this.#keep.on({ type: 'retry' })
    else if (this.#keep.link.is === 'live' && !this.#isOpen) this.#openStream()
  }

  #openStream(): void {
    const { profile } = this.#context
    this.#cancelProbe()
    this.#isOpen = true
    this.#book.counters.messagesOut += 1
    tap(this.#context, 'out', profile.url, 0, 'GET')
    this.#dial.open()
  }

  #closeStream(): void {
    this.#cancelProbe()
    this.#isOpen = false
    this.#book.peers = 0
    this.#dial.close()
  }

  #opened(): void {
    this.#book.peers = 1
    tap(this.#context, 'in', this.#context.profile.url, 0, '200, a stream of pictures')
    this.#keep.on({ type: 'opened' })
  }

  #took(picture: MjpegPicture): void {
    const { clock, tell, profile } = this.#context
    const { counters } = this.#book
    counters.messagesIn += 1
    counters.bytesIn += picture.bytes.length
    const now = clock.now()
    const monotonic = clock.monotonic()
    this.#newest = picture
    this.#newestMono = monotonic
    this.#heardAt = now
    this.#rate.count(monotonic)
    this.#keep.on({ type: 'useful' })
    this.#book.useful(now, monotonic)
    tell({ type: 'frame-arrived', camera: mainCamera(profile), ...picture })
    this.#next.settle(picture.bytes)
    this.#rest()
  }

  /** Nobody looks: the stream costs the camera and the network for nothing. */
  #rest(): void {
    if (this.#viewers > 0 || this.#next.isWanted || this.#keep.link.is !== 'live' || !this.#isOpen) return
    this.#closeStream()
    this.#cancelProbe = this.#context.clock.after(probeEveryMs, () => this.#openStream())
  }

  #ended(reason: string, isRefused: boolean): void {
    this.#isOpen = false
    this.#book.peers = 0
    tap(this.#context, 'in', this.#context.profile.url, 0, 'no stream', reason)
    this.#troubled(reason)
    this.#keep.on(isRefused ? { type: 'refused', reason } : { type: 'lost', reason })
    this.#next.settle(null)
  }

  #troubled(trouble: string): void {
    this.#context.tell({ type: 'stream-troubled', camera: mainCamera(this.#context.profile), trouble })
  }

  #changed(state: LinkState): void {
    const { log, profile } = this.#context
    if (state.is === 'refused') log.warn('link-refused', { link: profile.id, reason: state.reason })
    if (this.#isClosed) return
    this.#book.become(state)
    this.#report()
  }

  #report(): void {
    const { profile, clock, tell } = this.#context
    const { link } = this.#keep
    const isLive = link.is === 'live'
    const camera = cameraRow(profile, 'mjpeg', {
      isRunning: isLive ? true : null,
      fps: this.#viewers > 0 ? this.#rate.perSecond(clock.monotonic()) : null,
      lastFrameAt: this.#newest?.receivedAt ?? null,
      trouble: 'reason' in link ? link.reason : '',
      heardAt: this.#heardAt,
      budgetMs,
    })
    tell({ type: 'cameras-reported', link: profile.id, cameras: [camera] })
  }

  async deliver(): Promise<Delivery> {
    return noOrders
  }

  retry(): void {
    this.#keep.on({ type: 'retry' })
  }

  /** A camera, no device. */
  forget(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopReporting()
    this.#cancelProbe()
    this.#keep.on({ type: 'stop' })
    this.#next.settle(null)
    this.#http.close()
    this.#book.close()
  }
}
