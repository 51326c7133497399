/** The device hub: listens for cameras and monitors, turns what they say into facts, and delivers orders to them. */

import { never } from '../../../contract/fault.ts'
import type { LinkProfile } from '../../../contract/links.ts'
import type { Peer, PeerDoors } from '../../io/peer.ts'
import { KeepListening } from '../../keep-listening.ts'
import type { LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery, Order } from '../../order.ts'
import { AlertIntake } from './alert-intake.ts'
import { type Decoded, decode } from './codec.ts'
import { Connection } from './connection.ts'
import { encodeError, ownId } from './encode.ts'
import type { HubLimits } from './hub-limits.ts'
import { tapIn, tapOut } from './inspector.ts'
import { orderText, refusal } from './order-text.ts'
import { Roster } from './roster.ts'
import type { RosterDevice } from './roster-device.ts'
import { type Action, type DeviceMessage, step } from './session.ts'

export type HubProfile = Extract<LinkProfile, { driver: 'blue-light-hub' }>

export class Hub implements RunningLink {
  readonly #context: LinkContext<HubProfile>
  readonly #limits: HubLimits
  readonly #book: LinkBook
  readonly #roster: Roster
  readonly #intake: AlertIntake
  readonly #connections = new Set<Connection>()
  /** The newest connection of each device. */
  readonly #reach = new Map<string, Connection>()
  readonly #door: KeepListening
  #closed = false

  constructor(context: LinkContext<HubProfile>, limits: HubLimits) {
    const { profile, settings } = context
    this.#context = context
    this.#limits = limits
    this.#book = new LinkBook(
      context,
      profile.id,
      `ws://${profile.host}:${profile.port}`,
      2 * profile.heartbeatMs,
    )
    this.#roster = new Roster(context, {
      link: profile.id,
      linkName: profile.name,
      heartbeatMs: profile.heartbeatMs,
      alertsPerMinute: settings.alertsPerMinute,
      alertBurst: limits.alertBurst,
      raisesSilence: true,
    })
    this.#intake = new AlertIntake(context, this.#book, ownId, {
      send: (connection, text) => this.#send(connection, text),
      stored: (connection, device, text) => this.#relay(connection, device, text),
    })
    this.#door = new KeepListening(
      { context, profile, book: this.#book, address: (host, port) => `ws://${host}:${port}`, name: 'hub' },
      {
        limits: limits.peer,
        maxPeers: limits.maxPeers,
        maxPeersPerAddress: limits.maxPeersPerAddress,
        peer: (peer) => this.#welcome(peer),
      },
    )
  }

  start(): Promise<void> {
    return this.#door.start()
  }

  #welcome(peer: Peer): PeerDoors {
    const { clock, settings, log } = this.#context
    const connection = new Connection(peer, clock, settings.alertsPerMinute, this.#limits, () => {
      this.#book.counters.pauses += 1
    })
    this.#connections.add(connection)
    this.#book.peers = this.#connections.size
    log.debug('peer-connected', { peer: peer.address })
    return {
      message: (bytes, isBinary) => this.#message(connection, bytes, isBinary),
      closed: (code, reason) => {
        connection.close()
        if (this.#closed) return
        this.#connections.delete(connection)
        this.#book.peers = this.#connections.size
        log.debug('peer-gone', { peer: peer.address, code, reason })
        for (const id of connection.session.devices) this.#unreach(id, connection)
      },
    }
  }

  /** Unless a newer connection took over. */
  #unreach(id: string, connection: Connection): void {
    if (this.#reach.get(id) !== connection) return
    this.#reach.delete(id)
    const device = this.#roster.get(id)
    if (device !== undefined) this.#roster.lost(device)
  }

  #message(connection: Connection, bytes: Buffer, isBinary: boolean): void {
    const { clock } = this.#context
    this.#book.counters.messagesIn += 1
    this.#book.counters.bytesIn += bytes.length
    const monotonic = clock.monotonic()
    const decoded = decode(bytes, isBinary)
    const { session, actions } = step(connection.session, decoded.message, monotonic)
    connection.session = session
    tapIn(this.#context, connection.peer.address, decoded, bytes.length)
    if (decoded.message.is !== 'alert') connection.spendStatus(monotonic)
    let bound: string | null = null
    for (const action of actions) {
      if (action.do === 'bind') bound = action.device
      this.#act(connection, action, decoded, monotonic)
    }
    if (bound !== null)
      this.#context.tell({ type: 'target-reachable', link: this.#context.profile.id, target: bound })
  }

  #act(connection: Connection, action: Action, decoded: Decoded, monotonic: number): void {
    const { log, clock } = this.#context
    switch (action.do) {
      case 'bind': {
        const before = this.#reach.get(action.device)
        if (before !== undefined && before !== connection)
          log.warn('device-on-two-sockets', { device: action.device, newest: connection.peer.address })
        this.#roster.meet(action.device)
        this.#reach.set(action.device, connection)
        return
      }
      case 'unbind':
        this.#unreach(action.device, connection)
        return
      case 'handle':
        this.#handle(connection, action.message, decoded, monotonic)
        return
      case 'count-unknown':
        this.#book.counters.unknownMessages += 1
        return
      case 'complain':
        this.#book.counters.badMessages += 1
        this.#send(connection, encodeError(action.code, action.message, clock.now()))
        return
      case 'close':
        log.warn('peer-closed', { peer: connection.peer.address, reason: action.reason })
        connection.peer.close(action.code, action.reason)
        return
      default:
        never(action, 'action')
        return
    }
  }

  #handle(connection: Connection, message: DeviceMessage, decoded: Decoded, monotonic: number): void {
    const now = this.#context.clock.now()
    const device = this.#roster.meet(message.deviceId)
    // Forgotten by a person, and speaking again on the same connection.
    if (!this.#reach.has(message.deviceId)) this.#reach.set(message.deviceId, connection)
    this.#book.useful(now, monotonic)
    this.#roster.heard(device, message, now, monotonic)
    switch (message.is) {
      case 'alert':
        // The text of a picture is a megabyte: kept until the commit only where somebody will get it.
        void this.#intake.take(
          connection,
          device,
          message,
          decoded,
          now,
          monotonic,
          this.#hasMonitor(connection),
        )
        return
      case 'status':
      case 'heartbeat':
        this.#intake.status(device, message.blueIntensity, message.at, now)
        if (message.is === 'status') this.#relay(connection, device, decoded.text)
        return
      case 'register':
      case 'settings':
        this.#relay(connection, device, decoded.text)
        return
      case 'ack': {
        const target = message.target === null ? undefined : this.#reach.get(message.target)
        if (
          target !== undefined &&
          target !== connection &&
          target.session.group === connection.session.group
        )
          this.#send(target, decoded.text)
        return
      }
      default:
        never(message, 'message')
        return
    }
  }

  #hasMonitor(sender: Connection): boolean {
    for (const one of this.#connections) if (one !== sender && one.session.role === 'monitor') return true
    return false
  }

  #relay(sender: Connection, device: RosterDevice, text: string): void {
    if (text !== '') this.#toMonitors(sender, device.row.group, text)
  }

  /** To the monitors of the device's group, never back to the sender. */
  #toMonitors(sender: Connection | null, group: string | null, text: string): void {
    let encoded: Buffer | null = null
    for (const one of this.#connections) {
      if (one === sender || one.session.role !== 'monitor' || one.session.group !== group) continue
      encoded ??= Buffer.from(text)
      if (one.peer.send(encoded)) this.#book.counters.messagesOut += 1
    }
  }

  #send(connection: Connection, text: string): boolean {
    if (!connection.peer.send(text)) return false
    this.#book.counters.messagesOut += 1
    tapOut(this.#context, connection.peer.address, text)
    return true
  }

  async deliver(order: Order): Promise<Delivery> {
    const cannot = refusal(order)
    if (cannot !== null) return { is: 'refused', reason: cannot }
    const { clock } = this.#context
    // Like what a connected camera says: for whoever monitors here now.
    if (order.type === 'announce-own') {
      this.#toMonitors(null, null, orderText(order, new Map(), clock.now()) ?? '')
      return { is: 'delivered', roundTripMs: 0 }
    }
    const connection = this.#reach.get(order.device)
    if (connection === undefined) return { is: 'unreachable', reason: `${order.device} is not connected` }
    const device = this.#roster.get(order.device)
    const text = orderText(order, device?.written ?? new Map(), clock.now())
    if (text !== null && !this.#send(connection, text))
      return { is: 'unreachable', reason: `the connection of ${order.device} is closing` }
    // The protocol has no answer to these: the pong proves that its WebSocket layer read what came before the ping.
    const roundTripMs = await connection.peer.ping(() => clock.monotonic())
    if (roundTripMs === null) return { is: 'unreachable', reason: `${order.device} did not answer in time` }
    if (order.type === 'change-device-settings' && device !== undefined) {
      device.row.settings = order.settings
      device.row.settingsVersion = order.version
      this.#roster.touched(device)
    }
    return { is: 'delivered', roundTripMs }
  }

  retry(): void {
    this.#door.retry()
  }

  forget(device: string): void {
    this.#roster.forget(device)
    this.#reach.delete(device)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#door.close()
    this.#roster.close()
    this.#book.close()
  }
}
