/**
 * A link to one RTSP camera. Its stream is played while somebody looks; else it is asked for a sign of life now and then, so that
 * the link's state is something that was seen.
 */
import { type Camera, CameraId } from '../../../contract/cameras.ts'
import { Fault } from '../../../contract/fault.ts'
import type { LinkState } from '../../../contract/links.ts'
import type { Picture } from '../../fact.ts'
import type { Login } from '../../io/digest.ts'
import { KeepOpen } from '../../io/keep-open.ts'
import type { CameraSource, LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { tap } from '../../tap.ts'
import { type Address, addressOf } from './address.ts'
import { type Crossed, Refused } from './connection.ts'
import { loginFrom } from './login.ts'
import { type PlayedFrame, Player } from './player.ts'
import { probe } from './probe.ts'
import type { RtspProfile } from './profile.ts'

const probeEveryMs = 30_000
/** Two probes that bring nothing, and what the second may take. */
const budgetMs = 75_000
const reportEveryMs = 5000

export class RtspCamera implements RunningLink, CameraSource {
  readonly cameras: CameraSource = this
  readonly #context: LinkContext<RtspProfile>
  readonly #id: CameraId
  readonly #address: Address | null
  readonly #book: LinkBook
  readonly #keep: KeepOpen
  readonly #stopReporting: () => void
  /** Ends what is open: a player or a probe. */
  #end: () => void = () => {}
  #isPlaying = false
  #cancelProbe: () => void = () => {}
  #viewers = 0
  /** Each opening; what belongs to an earlier one has nothing more to say. */
  #turn = 0
  #trouble = ''
  #heardAt: number | null = null
  #frameAt: number | null = null
  #isClosed = false

  constructor(context: LinkContext<RtspProfile>) {
    const { profile, clock } = context
    this.#context = context
    this.#id = CameraId.parse(`${profile.id}/main`)
    this.#address = addressOf(profile.url)
    this.#book = new LinkBook(context, profile.id, this.#address?.url ?? '', budgetMs)
    this.#keep = new KeepOpen(profile.ladder, clock, {
      open: () => this.#open(),
      close: () => this.#drop(),
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
    if (this.#viewers === 1) this.#want()
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#viewers -= 1
      if (this.#viewers === 0) this.#rest()
    }
  }

  async snapshot(): Promise<Picture> {
    throw new Fault(
      'wrong-state',
      'An RTSP camera gives no single pictures',
      'Show the camera: the picture is then taken from what the screen shows.',
    )
  }

  /** Somebody looks: now, whatever the ladder or the next probe says. */
  #want(): void {
    const { link } = this.#keep
    if (link.is === 'refused') this.#troubled(link.reason)
    else if (link.is === 'waiting') this.#keep.on({ type: 'retry' })
    else if (link.is !== 'stopped' && !this.#isPlaying) this.#open()
  }

  /** Nobody looks: the stream costs the camera and the network for nothing. */
  #rest(): void {
    if (!this.#isPlaying) return
    this.#drop()
    const { link } = this.#keep
    if (link.is === 'live') this.#probeLater()
    else if (link.is === 'opening' || link.is === 'greeting') this.#open()
  }

  #open(): void {
    this.#drop()
    this.#turn += 1
    const turn = this.#turn
    const isPlaying = this.#viewers > 0
    this.#isPlaying = isPlaying
    loginFrom(this.#context.secret).then(
      (login) => {
        if (this.#turn === turn) this.#begin(login, isPlaying)
      },
      (error: unknown) => {
        if (this.#turn === turn) this.#failed(new Fault('bug', `the credentials cannot be read: ${error}`))
      },
    )
  }

  #begin(login: Login | null, isPlaying: boolean): void {
    const { clock } = this.#context
    if (this.#address === null) {
      this.#failed(
        new Refused('this is no address of an RTSP camera', 'It looks like rtsp://192.168.1.64/stream1.'),
      )
      return
    }
    const { url } = this.#address
    const parts = {
      clock,
      address: this.#address,
      login,
      received: (bytes: number) => {
        this.#book.counters.bytesIn += bytes
      },
      crossed: ({ direction, sizeBytes, text, trouble }: Crossed) => {
        if (direction === 'out') this.#book.counters.messagesOut += 1
        if (trouble !== '') this.#book.counters.badMessages += 1
        tap(this.#context, direction, url, sizeBytes, text, trouble)
      },
    }
    const turn = this.#turn
    const now = <A extends unknown[]>(run: (...given: A) => void) => {
      return (...given: A) => {
        if (this.#turn === turn) run(...given)
      }
    }
    const opened = now(() => this.#opened())
    const failed = now((fault: Fault) => this.#failed(fault))
    if (!isPlaying) {
      const isThorough = this.#keep.link.is !== 'live'
      const answered = now((trouble: string | null) => this.#answered(trouble))
      this.#end = probe(parts, isThorough, { opened, answered, failed })
      return
    }
    const player = new Player(parts, {
      opened,
      failed,
      frame: now((frame: PlayedFrame) => this.#frame(frame)),
      troubled: now((trouble: string) => this.#troubled(trouble)),
      lost: now((pictures: number) => {
        this.#book.counters.badMessages += pictures
      }),
    })
    this.#end = () => player.close()
    player.start()
  }

  #opened(): void {
    this.#book.peers = 1
    this.#keep.on({ type: 'opened' })
  }

  #answered(trouble: string | null): void {
    this.#drop()
    if (trouble !== null) this.#trouble = trouble
    this.#useful()
    this.#probeLater()
  }

  #probeLater(): void {
    this.#cancelProbe()
    this.#cancelProbe = this.#context.clock.after(probeEveryMs, () => this.#open())
  }

  #frame({ bytes, isKey, format, receivedAt, capturedAt }: PlayedFrame): void {
    const { codec, widthPx, heightPx } = format
    this.#book.counters.messagesIn += 1
    this.#frameAt = receivedAt
    this.#trouble = ''
    this.#useful()
    this.#context.tell({
      type: 'frame-arrived',
      camera: this.#id,
      video: { codec, isKey },
      ...(capturedAt === undefined ? {} : { capturedAt }),
      bytes,
      widthPx,
      heightPx,
      receivedAt,
    })
  }

  #useful(): void {
    const { clock } = this.#context
    const now = clock.now()
    this.#heardAt = now
    this.#keep.on({ type: 'useful' })
    this.#book.useful(now, clock.monotonic())
  }

  #failed(fault: Fault): void {
    this.#drop()
    // Whoever reads it, on a tile or in the list of links, is to know what to try.
    const reason = fault.tip === '' ? fault.message : `${fault.message}. ${fault.tip}`
    this.#trouble = reason
    this.#troubled(reason)
    this.#keep.on(fault instanceof Refused ? { type: 'refused', reason } : { type: 'lost', reason })
  }

  #troubled(trouble: string): void {
    if (this.#viewers > 0) this.#context.tell({ type: 'stream-troubled', camera: this.#id, trouble })
  }

  #drop(): void {
    this.#turn += 1
    this.#cancelProbe()
    this.#isPlaying = false
    this.#book.peers = 0
    const end = this.#end
    this.#end = () => {}
    end()
  }

  #changed(state: LinkState): void {
    const { log, profile } = this.#context
    if (state.is === 'refused') log.warn('link-refused', { link: profile.id, reason: state.reason })
    if (this.#isClosed) return
    this.#book.become(state)
    this.#report()
  }

  #report(): void {
    const { profile, tell } = this.#context
    const { link } = this.#keep
    const location = profile.location.trim()
    const camera: Camera = {
      id: this.#id,
      link: profile.id,
      camera: 'main',
      name: profile.name,
      location: location === '' ? null : location,
      kind: 'rtsp',
      can: ['stream'],
      isActive: null,
      isRunning: link.is === 'live' ? true : null,
      isRecording: null,
      findsFaces: null,
      fps: null,
      lastFrameAt: this.#frameAt,
      trouble: link.is === 'live' || 'reason' in link ? this.#trouble : '',
      heardAt: this.#heardAt,
      budgetMs,
    }
    tell({ type: 'cameras-reported', link: profile.id, cameras: [camera] })
  }

  async deliver(): Promise<Delivery> {
    return { is: 'refused', reason: 'this camera takes no orders' }
  }

  retry(): void {
    this.#keep.on({ type: 'retry' })
  }

  /** A camera, no device. */
  forget(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopReporting()
    this.#keep.on({ type: 'stop' })
    this.#drop()
    this.#book.close()
  }
}
