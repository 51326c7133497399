/** A link to an OpenEye server: figures by its socket, or by asking while there is none; faces, cameras and people by asking. */
import { Fault } from '../../../../contract/fault.ts'
import type { LinkState } from '../../../../contract/links.ts'
import { HttpClient } from '../../../io/http-client.ts'
import { KeepOpen } from '../../../io/keep-open.ts'
import type { Peer, PeerDoors } from '../../../io/peer.ts'
import type { CameraSource, FaceLibrary, LinkContext, RunningLink } from '../../../link.ts'
import { LinkBook } from '../../../link-book.ts'
import type { Delivery, Order } from '../../../order.ts'
import { tap } from '../../../tap.ts'
import { Alarms } from './alarms.ts'
import { CameraList } from './camera-list.ts'
import { ClockOffset } from './clock-offset.ts'
import { Dialer } from './dialer.ts'
import { Faces } from './faces.ts'
import { Intake } from './intake.ts'
import { Library } from './library.ts'
import { mode, pollAfterMs, type Ways } from './mode.ts'
import { deliver } from './orders.ts'
import { Poller } from './poller.ts'
import { jobsOf } from './polls.ts'
import type { ClientProfile } from './profile.ts'
import { Redactor } from './redact.ts'
import { RequestBudget } from './request-budget.ts'
import { Rest } from './rest.ts'
import { Refused, Session } from './session.ts'
import { ClientSocket, quietAfterMs } from './socket.ts'
import { NewestStatistics } from './statistics-fact.ts'
import { Streams } from './streams.ts'

const mostSockets = 6
/** A socket that is open and says nothing is opened anew. */
const redialSilentMs = 30_000

export class Client implements RunningLink {
  readonly cameras: CameraSource
  readonly library: FaceLibrary
  readonly #context: LinkContext<ClientProfile>
  readonly #http = new HttpClient(mostSockets)
  readonly #redactor = new Redactor()
  readonly #book: LinkBook
  readonly #alarms: Alarms
  readonly #rest: Rest
  readonly #session: Session
  readonly #streams: Streams
  readonly #faces: Faces
  readonly #intake: Intake
  readonly #keep: KeepOpen
  readonly #dialer: Dialer
  readonly #poller: Poller
  #socket: ClientSocket | null = null
  #httpIs: 'answers' | 'unknown' | 'down' = 'unknown'
  #liveMono: number
  #lastReason = ''
  #cancelRedial: () => void = () => {}
  #closed = false

  constructor(context: LinkContext<ClientProfile>) {
    const { profile, clock, secret } = context
    this.#context = context
    const zones = { zone: profile.zone, recognitionZone: profile.recognitionZone }
    this.#liveMono = clock.monotonic()
    this.#book = new LinkBook(context, profile.id, profile.url, quietAfterMs)
    this.#alarms = new Alarms(context, this.#book.counters, 2 * quietAfterMs)
    const budget = new RequestBudget()
    const http = this.#http
    const redactor = this.#redactor
    const offset = new ClockOffset()
    const { counters } = this.#book
    this.#rest = new Rest({ context, http, budget, redactor, offset, counters })
    const refused = (reason: string) => this.#refused(reason)
    this.#session = new Session({ rest: this.#rest, secret, clock, redactor, url: profile.url, refused })
    const session = this.#session
    const cameras = new CameraList(context, redactor)
    const noted = (camera: string, trouble: string) => cameras.trouble(camera, trouble)
    this.#streams = new Streams({ context, http, rest: this.#rest, session, budget, noted })
    const faces = new Faces({ context, cameras, streams: this.#streams, budget, offset })
    this.#faces = faces
    const statistics = new NewestStatistics()
    this.#intake = new Intake({
      context,
      book: this.#book,
      zones,
      redactor,
      offset,
      statistics,
      faces,
      alarms: this.#alarms,
      useful: () => this.#useful(),
    })
    this.cameras = this.#streams
    this.library = new Library(session, zones)
    this.#dialer = new Dialer({
      url: profile.url,
      session,
      clock,
      doors: {
        opened: (peer) => this.#opened(peer),
        lost: (reason) => this.#keep.on({ type: 'lost', reason }),
        refused: (reason) => this.#keep.on({ type: 'refused', reason }),
        changed: () => this.#update(),
      },
    })
    this.#keep = new KeepOpen(profile.ladder, clock, {
      open: () => this.#dialer.open(),
      close: () => this.#drop(),
      changed: (state) => this.#changed(state),
    })
    const jobs = jobsOf({
      context,
      session,
      cameras,
      streams: this.#streams,
      faces,
      statistics,
      offset,
      needsFigures: () => this.#withoutSocketMs() >= pollAfterMs,
      mayAsk: () => session.isLoggedIn && this.#keep.link.is !== 'refused' && this.#rest.limitedMs === 0,
      answered: () => this.#answered(),
      failed: (fault) => this.#failed(fault),
      bad: () => {
        counters.badMessages += 1
      },
    })
    this.#poller = new Poller(clock, jobs, () => this.#update())
  }

  start(): void {
    this.#keep.on({ type: 'start' })
  }

  #withoutSocketMs(): number {
    return this.#keep.link.is === 'live' ? 0 : this.#context.clock.monotonic() - this.#liveMono
  }

  /** The socket's own state moved. */
  #changed(state: LinkState): void {
    const { log, profile, clock } = this.#context
    if (state.is === 'refused') log.warn('link-refused', { link: profile.id, reason: state.reason })
    if (state.is === 'waiting') this.#lastReason = state.reason
    if (state.is === 'live') this.#lastReason = ''
    this.#cancelRedial()
    if (state.is === 'silent')
      this.#cancelRedial = clock.after(redialSilentMs, () => this.#keep.on({ type: 'retry' }))
    this.#update()
  }

  #ways(): Ways['http'] {
    const { limitedMs } = this.#rest
    if (limitedMs > 0) return { is: 'limited', until: this.#context.clock.now() + Math.round(limitedMs) }
    return { is: this.#httpIs }
  }

  #update(): void {
    if (this.#closed) return
    const { link } = this.#keep
    if (link.is === 'live') this.#liveMono = this.#context.clock.monotonic()
    const previous = this.#book.state
    const next = mode({
      socket: link,
      withoutSocketMs: this.#withoutSocketMs(),
      held: this.#dialer.hold,
      http: this.#ways(),
      lastReason: this.#lastReason,
      previous,
      now: this.#context.clock.now(),
    })
    if (isSame(previous, next)) return
    this.#book.become(next)
    this.#alarms.state(next)
  }

  #answered(): void {
    if (this.#closed) return
    const { clock } = this.#context
    this.#httpIs = 'answers'
    // Of the socket's own silence the answers to polls say nothing.
    if (this.#book.state.is === 'polling') this.#book.useful(clock.now(), clock.monotonic())
    this.#update()
  }

  #failed(fault: Fault): void {
    if (this.#closed) return
    if (fault instanceof Refused) this.#refused(fault.message)
    // Too many requests: the server is there.
    else if (fault.code !== 'busy') this.#httpIs = 'down'
    this.#update()
  }

  /** Our account is no longer good. Without a socket the next attempt to open one finds out the same. */
  #refused(reason: string): void {
    if (!this.#closed) this.#keep.on({ type: 'refused', reason })
  }

  #opened(peer: Peer): PeerDoors {
    const { clock, profile } = this.#context
    this.#book.peers = 1
    const socket = new ClientSocket(peer, clock, {
      sent: (text) => {
        this.#book.counters.messagesOut += 1
        tap(this.#context, 'out', profile.url, Buffer.byteLength(text), text)
      },
      quiet: () => this.#keep.on({ type: 'quiet' }),
    })
    this.#socket = socket
    this.#keep.on({ type: 'opened' })
    return {
      message: (bytes, isBinary) => {
        if (this.#socket === socket) this.#intake.take(bytes, isBinary)
      },
      closed: (code, reason) => {
        // One that we gave up ourselves has nothing more to say.
        if (this.#socket !== socket) return
        this.#clear()
        const words = reason === '' ? `the server hung up (${code})` : `the server hung up: ${reason}`
        this.#keep.on({ type: 'lost', reason: this.#redactor.clean(words) })
        if (code === 1008) this.#dialer.closedByPolicy().catch((error: unknown) => this.#policy(error))
      },
    }
  }

  #policy(error: unknown): void {
    if (error instanceof Fault) this.#failed(error)
    else this.#context.log.error('policy-check-failed', { error: String(error) })
  }

  #clear(): void {
    this.#socket?.close()
    this.#socket = null
    this.#book.peers = 0
  }

  #drop(): void {
    this.#dialer.close()
    this.#clear()
  }

  #useful(): void {
    const { clock } = this.#context
    this.#socket?.useful()
    this.#keep.on({ type: 'useful' })
    this.#update()
    this.#book.useful(clock.now(), clock.monotonic())
  }

  async deliver(order: Order): Promise<Delivery> {
    const { clock } = this.#context
    const { link } = this.#keep
    if (link.is === 'refused') return { is: 'unreachable', reason: link.reason }
    const delivery = await deliver(order, { session: this.#session, clock })
    if (order.type === 'activate-camera') {
      this.#poller.soon('cameras')
      this.#poller.soon('status')
      this.#streams.changed(order.camera.slice(this.#context.profile.id.length + 1))
    } else if (order.type === 'change-library') this.#poller.soon('people')
    if (delivery.is === 'delivered') {
      const { said } = delivery
      return said === undefined ? delivery : { ...delivery, said: this.#redactor.clean(said) }
    }
    return { ...delivery, reason: this.#redactor.clean(delivery.reason) }
  }

  retry(): void {
    if (this.#keep.link.is === 'refused') this.#session.drop()
    this.#dialer.retry()
    this.#poller.allSoon()
    this.#keep.on({ type: 'retry' })
  }

  /** A camera of the server, not a device of ours: the list says what there is. */
  forget(): void {}

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelRedial()
    this.#poller.close()
    this.#streams.close()
    this.#faces.close()
    this.#session.close()
    this.#keep.on({ type: 'stop' })
    this.#alarms.close()
    this.#http.close()
    this.#book.close()
  }
}

function isSame(a: LinkState, b: LinkState): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
