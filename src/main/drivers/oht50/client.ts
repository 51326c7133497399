/** A link to a vehicle over the network: its socket, its HTTP, its backend's topics, and the orders it takes. */
import type { LinkState } from '../../../contract/links.ts'
import type { VehicleVerb } from '../../../contract/vehicles.ts'
import type { LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery, Order } from '../../order.ts'
import { tap } from '../../tap.ts'
import { Alarms } from './alarms.ts'
import { Courier } from './courier.ts'
import { Intake } from './intake.ts'
import { LidarRow } from './lidar-row.ts'
import { bestOf, isSame, mode, type Ways } from './mode.ts'
import { Modules } from './modules.ts'
import { noteWords } from './note.ts'
import { deliverByHttp } from './orders.ts'
import {
  type BackendTopic,
  backendTopics,
  mayShowToken,
  type Origin,
  questions,
  type VehicleProfile,
  withoutSlash,
} from './profile.ts'
import { budgetOf, Rounds, stateEveryMs, type Wanted } from './rounds.ts'
import { VehicleRow } from './row.ts'
import type { Said } from './said.ts'
import { Redactor, tokenOf } from './secret.ts'
import { quickPings, Stream } from './stream.ts'

/** The slowest of the firmware's own messages comes every 2 s; the backend's lists come every 5 s. */
const quietAfterMs = 6000
const backendQuietMs = 15_000
const budgetMs = 5000
/** Without an answer for so long HTTP counts as down; one lost answer is nothing to stop for. */
const downAfterMs = 3000

export class Client implements RunningLink {
  readonly #context: LinkContext<VehicleProfile>
  readonly #redactor = new Redactor()
  readonly #book: LinkBook
  readonly #courier: Courier
  readonly #row: VehicleRow
  readonly #modules: Modules
  readonly #lidar: LidarRow
  readonly #alarms: Alarms
  readonly #intake: Intake
  readonly #socket: Stream | null
  readonly #backend: readonly Stream[]
  #rounds: Rounds | null = null
  #token: string | null = null
  #answeredMono = Number.NEGATIVE_INFINITY
  #failures = 0
  #lastFailure = ''
  #wasUp = false
  #tokenTrouble = ''
  #stopUpdates: () => void = () => {}
  #closed = false

  constructor(context: LinkContext<VehicleProfile>) {
    const { profile } = context
    this.#context = context
    const address = profile.httpUrl || profile.socketUrl || profile.backendUrl
    this.#book = new LinkBook(context, profile.id, address, budgetMs)
    const { counters } = this.#book
    this.#courier = new Courier({ context, counters, redactor: this.#redactor })
    this.#row = new VehicleRow(context)
    const knownModules = context.vehicles?.knownModules ?? []
    this.#modules = new Modules({ ...context, knownModules })
    this.#lidar = new LidarRow(context, budgetOf('all', profile.pollMs))
    this.#alarms = new Alarms(context, counters, context.vehicles?.view.alerts() ?? [])
    this.#intake = new Intake({
      context,
      book: this.#book,
      redactor: this.#redactor,
      row: this.#row,
      modules: this.#modules,
      lidar: this.#lidar,
      alarms: this.#alarms,
      socketBudgetMs: quietAfterMs,
      result: () => {},
    })
    this.#socket = profile.socketUrl === '' ? null : this.#streamTo(profile.socketUrl, 'socket')
    const base = withoutSlash(profile.backendUrl)
    this.#backend =
      base === '' ? [] : backendTopics.map((topic) => this.#streamTo(`${base}/ws/${topic}`, 'backend', topic))
  }

  start(): void {
    this.#book.become({ is: 'opening', attempt: 1 })
    void this.#readToken().then(() => {
      if (!this.#closed) this.#begin()
    })
  }

  #begin(): void {
    const { profile, clock } = this.#context
    this.#row.can = this.#can()
    this.#row.tell()
    if (profile.httpUrl !== '')
      this.#rounds = new Rounds({
        clock,
        courier: this.#courier,
        pollMs: profile.pollMs,
        doors: {
          said: (said, wanted) => this.#asked(said, wanted),
          answered: () => this.#answered(),
          failed: (reason) => this.#failed(reason),
          bad: () => {
            this.#book.counters.badMessages += 1
          },
          brought: (topic) =>
            this.#intake.brought(topic) && !(topic === 'telemetry' && this.#modules.lackUnits),
          tells: (name) => this.#intake.tells(name),
          units: () => this.#modules.units,
        },
      })
    this.#socket?.start()
    for (const stream of this.#backend) stream.start()
    this.#stopUpdates = clock.every(250, () => this.#update())
  }

  /** Kept at hand: a stop must not wait for a key chain. */
  async #readToken(): Promise<void> {
    try {
      this.#token = tokenOf(await this.#context.secret.read())
      this.#tokenTrouble = ''
    } catch (error) {
      this.#token = null
      this.#tokenTrouble = `the token cannot be read: ${error instanceof Error ? error.message : String(error)}`
    }
    this.#redactor.know(this.#token)
    this.#courier.token = this.#token
  }

  #streamTo(url: string, from: Origin, topic?: BackendTopic): Stream {
    const { profile } = this.#context
    const question = topic === undefined ? undefined : questions[topic]
    const stream: Stream = new Stream({
      context: this.#context,
      url,
      quietAfterMs: topic === undefined ? quietAfterMs : backendQuietMs,
      ...(topic === undefined && { limits: quickPings }),
      greeting: question === undefined ? [] : [question],
      ...(question !== undefined && { repeatMs: Math.max(2000, profile.pollMs) }),
      token: () => (from === 'socket' && mayShowToken(profile) ? this.#token : null),
      doors: {
        message: (bytes, isBinary) => {
          if (!this.#intake.hear(bytes, isBinary, from, url)) return
          stream.useful()
          this.#useful()
        },
        sent: (text) => {
          this.#book.counters.messagesOut += 1
          tap(this.#context, 'out', url, Buffer.byteLength(text), this.#redactor.clean(text))
        },
        changed: (state) => this.#streamChanged(stream, state),
      },
    })
    return stream
  }

  #streamChanged(stream: Stream, state: LinkState): void {
    if (this.#closed) return
    const { log, profile } = this.#context
    if (stream === this.#socket && state.is !== 'live') this.#intake.lost()
    if (state.is === 'refused') log.warn('socket-refused', { link: profile.id, reason: state.reason })
    this.#book.peers = [this.#socket, ...this.#backend].filter((one) => one?.isOpen === true).length
    this.#update()
  }

  /** State changes are told at once, and the link's budget starts anew. */
  #useful(): void {
    const { clock } = this.#context
    this.#update()
    this.#book.useful(clock.now(), clock.monotonic())
  }

  #asked(said: readonly Said[], wanted: Wanted): void {
    const budget = budgetOf(wanted, this.#context.profile.pollMs)
    let isUseful = false
    for (const one of said) {
      const rest = wanted === 'rest' && one.is === 'readings' ? this.#intake.rest(one) : one
      if (rest !== null && this.#intake.take(rest, 'http', budget)) isUseful = true
    }
    // Of the socket's own silence the answers to questions say nothing.
    if (isUseful && this.#book.state.is !== 'live') this.#useful()
  }

  #answered(): void {
    this.#answeredMono = this.#context.clock.monotonic()
    this.#failures = 0
    this.#update()
  }

  #failed(reason: string): void {
    this.#failures += 1
    this.#lastFailure = this.#redactor.clean(reason)
    this.#update()
  }

  #http(): Ways['http'] {
    const { profile, clock } = this.#context
    if (profile.httpUrl === '') return { is: 'none' }
    if (clock.monotonic() - this.#answeredMono < downAfterMs) return { is: 'answers' }
    if (this.#failures === 0) return { is: 'unknown' }
    const retryAt = clock.now() + stateEveryMs
    return { is: 'down', reason: this.#lastFailure, attempt: this.#failures, retryAt }
  }

  #update(): void {
    if (this.#closed) return
    const previous = this.#book.state
    const next = mode({
      socket: this.#socket?.state ?? null,
      backend: bestOf(this.#backend.map(({ state }) => state)),
      http: this.#http(),
      previous,
      now: this.#context.clock.now(),
    })
    this.#note()
    if (isSame(previous, next)) return
    this.#book.become(next)
    const isUp = next.is === 'live' || next.is === 'polling'
    if (this.#wasUp && !isUp) {
      this.#modules.lost()
      this.#lidar.lost()
      this.#row.tell()
    }
    this.#wasUp = isUp
  }

  #note(): void {
    const http = this.#http()
    this.#book.note = noteWords({
      tokenTrouble: this.#tokenTrouble,
      wantsToken: this.#context.profile.httpUrl !== '' && this.#token === null,
      http: http.is === 'down' ? http.reason : null,
      backend: this.#backend,
      others: this.#intake.others,
    })
  }

  /** What the deployed firmware takes. Docking it has under no path. */
  #can(): readonly VehicleVerb[] {
    return this.#context.profile.httpUrl === '' ? [] : ['stop-request', 'move', 'halt', 'reset', 'module']
  }

  async deliver(order: Order): Promise<Delivery> {
    if (order.type !== 'command-vehicle' && order.type !== 'request-stop')
      return { is: 'refused', reason: 'a vehicle takes no such order' }
    const { clock, profile } = this.#context
    if (clock.now() >= order.deadlineAt)
      return { is: 'unreachable', reason: 'its time was over before it could be sent, so it was not' }
    if (profile.httpUrl === '')
      return { is: 'refused', reason: 'this link has no HTTP address, and orders go by HTTP' }
    // A stop is worth trying whatever is believed of the link; it leaves now or never all the same.
    const { state } = this.#book
    if (order.type === 'command-vehicle' && state.is !== 'live' && state.is !== 'polling')
      return { is: 'unreachable', reason: 'the link is not live, so nothing was sent' }
    if (order.type === 'request-stop') this.#rounds?.hurry()
    const delivery = await deliverByHttp(order, { courier: this.#courier, clock })
    if (order.type === 'request-stop') this.#rounds?.hurry()
    else this.#rounds?.allSoon()
    if (delivery.is !== 'delivered') return { ...delivery, reason: this.#redactor.clean(delivery.reason) }
    return delivery.said === undefined ? delivery : { ...delivery, said: this.#redactor.clean(delivery.said) }
  }

  retry(): void {
    void this.#readToken().then(() => {
      if (this.#closed) return
      this.#socket?.retry()
      for (const stream of this.#backend) stream.retry()
      this.#rounds?.allSoon()
    })
  }

  /** `<link>/<unit>` or the unit alone. */
  forget(device: string): void {
    const unit = Number(device.slice(device.lastIndexOf('/') + 1))
    if (Number.isInteger(unit)) this.#modules.forget(unit)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopUpdates()
    this.#rounds?.close()
    this.#socket?.close()
    for (const stream of this.#backend) stream.close()
    this.#courier.close()
    this.#alarms.close()
    this.#modules.close()
    this.#lidar.lost()
    this.#row.close()
    this.#book.close()
  }
}
