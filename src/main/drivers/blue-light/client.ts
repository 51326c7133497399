/** Dials a relay or another control center as a monitor: receives the alerts of its group, keeps them, sends acknowledgements. */
import { DeviceId } from '../../../contract/devices.ts'
import type { LinkProfile, LinkState } from '../../../contract/links.ts'
import { dial } from '../../io/dial.ts'
import { KeepOpen } from '../../io/keep-open.ts'
import type { Peer, PeerDoors } from '../../io/peer.ts'
import type { LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import { type Delivery, type Order, ownTarget } from '../../order.ts'
import { AlertIntake } from './alert-intake.ts'
import { type Decoded, decode } from './codec.ts'
import { Connection, connectionLimits } from './connection.ts'
import { encodeHeartbeat, encodeJoin, encodeRegister } from './encode.ts'
import { tapIn, tapOut } from './inspector.ts'
import { orderText, refusal } from './order-text.ts'
import { Roster } from './roster.ts'
import { type DeviceMessage, step } from './session.ts'

export type ClientProfile = Extract<LinkProfile, { driver: 'blue-light-client' }>

/** What travels in its own time is not a sign of life: a relay is only useful when it relays. */
const quietAfterBudgets = 2

export class Client implements RunningLink {
  readonly #context: LinkContext<ClientProfile>
  readonly #heartbeatMs: number
  readonly #book: LinkBook
  readonly #roster: Roster
  readonly #intake: AlertIntake
  readonly #keep: KeepOpen
  #connection: Connection | null = null
  #hangUp: () => void = () => {}
  #stopBeating: () => void = () => {}
  #cancelQuiet: () => void = () => {}

  constructor(context: LinkContext<ClientProfile>) {
    const { profile, settings, clock } = context
    this.#context = context
    this.#heartbeatMs = settings.heartbeatMs
    this.#book = new LinkBook(context, profile.id, profile.url, quietAfterBudgets * settings.heartbeatMs)
    this.#roster = new Roster(context, {
      link: profile.id,
      linkName: profile.name,
      heartbeatMs: settings.heartbeatMs,
      alertsPerMinute: settings.alertsPerMinute,
      alertBurst: connectionLimits.alertBurst,
      // A relay does not forward heartbeats, so the silence of a camera behind it proves nothing.
      raisesSilence: false,
    })
    this.#intake = new AlertIntake(context, this.#book, profile.deviceId, {
      // The peer that relayed it is the only one there is.
      send: (_connection, text) => this.#send(text),
      stored: () => {},
    })
    this.#keep = new KeepOpen(profile.ladder, clock, {
      open: () => this.#dial(),
      close: () => this.#drop(),
      changed: (state) => this.#changed(state),
    })
  }

  start(): void {
    this.#keep.on({ type: 'start' })
  }

  #changed(state: LinkState): void {
    const { log, profile } = this.#context
    if (state.is === 'refused') log.warn('link-refused', { link: profile.id, reason: state.reason })
    this.#book.become(state)
  }

  #dial(): void {
    const { profile, clock } = this.#context
    this.#hangUp = dial({
      url: profile.url,
      clock,
      opened: (peer) => this.#opened(peer),
      failed: (reason, refused) => this.#keep.on({ type: refused ? 'refused' : 'lost', reason }),
    })
  }

  #opened(peer: Peer): PeerDoors {
    const { profile, clock, settings } = this.#context
    const { deviceId, group } = profile
    const connection = new Connection(peer, clock, settings.alertsPerMinute * 100, connectionLimits, () => {
      this.#book.counters.pauses += 1
    })
    this.#connection = connection
    this.#book.peers = 1
    this.#keep.on({ type: 'opened' })
    this.#send(encodeRegister(deviceId, '0.1.0', group, clock.now()))
    if (group !== '') this.#send(encodeJoin(deviceId, group))
    this.#stopBeating = clock.every(this.#heartbeatMs, () =>
      this.#send(encodeHeartbeat(deviceId, clock.now())),
    )
    this.#watch()
    // Orders address cameras behind the relay, each by its own name; what our own cameras say waits under one.
    for (const id of [ownTarget, ...this.#roster.ids()])
      this.#context.tell({ type: 'target-reachable', link: profile.id, target: id })
    return {
      message: (bytes, isBinary) => this.#message(connection, bytes, isBinary),
      closed: (code, reason) => {
        this.#clear()
        this.#keep.on({ type: 'lost', reason: reason === '' ? `the peer hung up (${code})` : reason })
      },
    }
  }

  /** Restarts the wait for something useful. */
  #watch(): void {
    this.#cancelQuiet()
    this.#cancelQuiet = this.#context.clock.after(quietAfterBudgets * this.#heartbeatMs, () =>
      this.#keep.on({ type: 'quiet' }),
    )
  }

  #clear(): void {
    this.#stopBeating()
    this.#cancelQuiet()
    this.#connection?.close()
    this.#connection = null
    this.#book.peers = 0
    for (const id of this.#roster.ids()) {
      const device = this.#roster.get(id)
      if (device !== undefined) this.#roster.lost(device)
    }
  }

  #drop(): void {
    this.#hangUp()
    this.#clear()
  }

  #message(connection: Connection, bytes: Buffer, isBinary: boolean): void {
    const { clock } = this.#context
    const { counters } = this.#book
    counters.messagesIn += 1
    counters.bytesIn += bytes.length
    const decoded = decode(bytes, isBinary)
    const monotonic = clock.monotonic()
    const { session, actions } = step(connection.session, decoded.message, monotonic)
    connection.session = session
    tapIn(this.#context, this.#context.profile.url, decoded, bytes.length)
    if (decoded.message.is !== 'alert') connection.spendStatus(monotonic)
    for (const action of actions) {
      if (action.do === 'handle') this.#handle(connection, action.message, decoded, monotonic)
      // A peer that answers with nonsense is not argued with: it may be a relay that echoes our own complaint.
      else if (action.do === 'complain') counters.badMessages += 1
      else if (action.do === 'count-unknown') counters.unknownMessages += 1
      else if (action.do === 'close') connection.peer.close(action.code, action.reason)
    }
  }

  #handle(connection: Connection, message: DeviceMessage, decoded: Decoded, monotonic: number): void {
    const { profile, clock } = this.#context
    // An echo server returns our own words: they prove nothing and must not become a device.
    if (message.deviceId === profile.deviceId || message.is === 'ack') return
    const now = clock.now()
    this.#keep.on({ type: 'useful' })
    this.#watch()
    this.#book.useful(now, monotonic)
    const isNew = this.#roster.get(message.deviceId) === undefined
    const device = this.#roster.meet(message.deviceId)
    this.#roster.heard(device, message, now, monotonic)
    if (isNew) {
      const target = message.deviceId
      this.#context.tell({ type: 'target-reachable', link: profile.id, target })
    }
    if (message.is === 'alert')
      void this.#intake.take(connection, device, message, decoded, now, monotonic, false)
    else if (message.is === 'status') this.#intake.status(device, message.blueIntensity, message.at, now)
  }

  #send(text: string): boolean {
    if (this.#connection?.peer.send(text) !== true) return false
    this.#book.counters.messagesOut += 1
    tapOut(this.#context, this.#context.profile.url, text)
    return true
  }

  async deliver(order: Order): Promise<Delivery> {
    const cannot = refusal(order)
    if (cannot !== null) return { is: 'refused', reason: cannot }
    const { clock, profile } = this.#context
    const connection = this.#connection
    if (connection === null) return { is: 'unreachable', reason: `${profile.name} is not connected` }
    const device = this.#roster.get(DeviceId.parse(order.device))
    const text = orderText(order, device?.written ?? new Map(), clock.now(), profile.deviceId, profile.group)
    if (text !== null && !this.#send(text)) return { is: 'unreachable', reason: 'the connection is closing' }
    const roundTripMs = await connection.peer.ping(() => clock.monotonic())
    if (roundTripMs === null) return { is: 'unreachable', reason: 'the relay did not answer in time' }
    return { is: 'delivered', roundTripMs }
  }

  retry(): void {
    this.#keep.on({ type: 'retry' })
  }

  forget(device: string): void {
    this.#roster.forget(device)
  }

  async close(): Promise<void> {
    this.#connection?.peer.close(1000, 'going away')
    this.#keep.on({ type: 'stop' })
    this.#roster.close()
    this.#book.close()
  }
}
