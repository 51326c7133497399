/** One dashboard's socket: what it asked for, how fast it may talk, what it is sent and what it misses when it reads slowly. */
import { randomUUID } from 'node:crypto'
import type { CameraId } from '../../../../contract/cameras.ts'
import { never } from '../../../../contract/fault.ts'
import type { Pass } from '../../../accounts/tokens.ts'
import { Budget } from '../../../io/budget.ts'
import type { Peer } from '../../../io/peer.ts'
import { type Choice, type Heard, hear, type Topic } from './hear.ts'
import { wireLimits } from './limits.ts'
import { type Parts, show } from './parts.ts'
import { cameraOf, time } from './site-words.ts'
import { Subscriptions } from './subscriptions.ts'
import { Video } from './video.ts'

const badWindowMs = 10_000
const badLimit = 20
const pausedWindowMs = 600_000

/** What a dashboard asks of the whole server. */
export interface House {
  /** To everybody, one user, or one user by id; how many sockets got it. Null: there is no such user. */
  notify(text: string, from: string, to: Extract<Heard, { is: 'broadcast' }>['to']): number | null
  /** It ended, or is about to: it no longer counts. */
  left(dashboard: Dashboard): void
}

export class Dashboard {
  readonly kind = 'socket'
  readonly pass: Pass
  readonly peer: Peer
  readonly #parts: Parts
  readonly #house: House
  readonly #subscriptions = new Subscriptions()
  readonly #video: Video
  readonly #budget: Budget
  readonly #letGo: () => void
  #badAt: number[] = []
  #owesUntil = 0
  #pausedMs = 0
  #pausedSince = 0
  #cancelResume: (() => void) | null = null
  #isOver = false

  constructor(peer: Peer, pass: Pass, parts: Parts, house: House) {
    this.peer = peer
    this.pass = pass
    this.#parts = parts
    this.#house = house
    const { messagesPerMinute, messageBurst } = parts.limits
    this.#budget = new Budget(messagesPerMinute / 60, messageBurst)
    this.#letGo = parts.sessions.hold(this)
    this.#video = new Video(peer, {
      frames: (camera, wake) => parts.context.site.frames(camera, wake),
      watch: (camera) => parts.presence.watch(camera, pass.user.user),
      sent: (sizeBytes) => this.#sent(sizeBytes),
    })
  }

  greet(): void {
    const { id, user: username } = this.pass.user
    this.#say({
      type: 'connection_status',
      status: 'connected',
      connection_id: randomUUID(),
      user: { id, username },
      message: 'WebSocket connection established successfully',
    })
  }

  message(bytes: Buffer, isBinary: boolean): void {
    if (this.#isOver) return
    const { book, sessions, context } = this.#parts
    const { clock } = context
    const usage = sessions.usage(this.pass.user.id)
    usage.messagesIn += 1
    usage.bytesIn += bytes.length
    book.counters.messagesIn += 1
    book.counters.bytesIn += bytes.length
    const { heard, text } = hear(bytes, isBinary)
    const trouble =
      heard.is === 'bad' ? heard.reason : heard.is === 'unknown' ? `unknown type ${heard.type}` : ''
    show(this.#parts, 'in', this.peer.address, bytes.length, text, trouble)
    this.#spend()
    if (this.#isOver) return
    if (trouble === '') book.useful(clock.now(), clock.monotonic())
    this.#act(heard)
  }

  #act(heard: Heard): void {
    const { clock } = this.#parts.context
    switch (heard.is) {
      case 'ping':
        this.#say({ type: 'pong', timestamp: heard.timestamp })
        return
      case 'subscribe':
      case 'unsubscribe':
        this.#choose(heard)
        return
      case 'broadcast':
        this.#broadcast(heard)
        return
      case 'unknown':
        this.#parts.book.counters.unknownMessages += 1
        this.#complain(`there is no message of type ${heard.type}`)
        return
      case 'bad': {
        this.#parts.book.counters.badMessages += 1
        const now = clock.monotonic()
        this.#badAt = [...this.#badAt.filter((at) => now - at < badWindowMs), now]
        this.#complain(heard.reason)
        if (this.#badAt.length >= badLimit) this.#close(1008, 'too many messages that make no sense')
        return
      }
      default:
        never(heard, 'message')
    }
  }

  #complain(message: string): void {
    this.#say({ type: 'error', timestamp: time(this.#parts.context.clock.now()), message })
  }

  #choose(choice: Choice): void {
    const { site } = this.#parts.context
    const wantsVideo = choice.is === 'subscribe' && choice.topics.includes('video_frame')
    if (wantsVideo && choice.cameras === null) {
      this.#complain('video_frame needs camera_ids: which cameras')
      return
    }
    const strange = choice.cameras?.filter((id) => cameraOf(site.cameras(), id) === undefined) ?? []
    this.#subscriptions.choose(choice)
    const left = this.#showVideo()
    this.#say({
      type: choice.is === 'subscribe' ? 'subscription_confirmed' : 'unsubscription_confirmed',
      event_types: choice.topics,
      ...(choice.cameras === null ? {} : { camera_ids: choice.cameras }),
      ...(choice.unknown.length === 0 ? {} : { unknown: choice.unknown }),
      ...(strange.length === 0 ? {} : { unknown_cameras: strange }),
    })
    if (left > 0)
      this.#complain(`at most ${wireLimits.videoCameras} cameras on one socket; ${left} are left out`)
    if (choice.is === 'subscribe' && choice.topics.includes('presence')) this.#say(this.presenceWords())
  }

  presenceWords(): object {
    const { presence, context } = this.#parts
    return { type: 'presence', timestamp: time(context.clock.now()), cameras: presence.words() }
  }

  /** How many cameras there was no room for. Called again when cameras come and go. */
  #showVideo(): number {
    const { site } = this.#parts.context
    const found = new Set<CameraId>()
    for (const id of this.#subscriptions.named('video_frame')) {
      const camera = cameraOf(site.cameras(), id)
      if (camera !== undefined) found.add(camera.id)
    }
    const cameras = [...found]
    this.#video.set(new Set(cameras.slice(0, wireLimits.videoCameras)))
    return Math.max(0, cameras.length - wireLimits.videoCameras)
  }

  camerasChanged(): void {
    if (!this.#isOver && this.#subscriptions.named('video_frame').length > 0) this.#showVideo()
  }

  #broadcast({ text, to }: Extract<Heard, { is: 'broadcast' }>): void {
    const { vault, attempts } = this.#parts
    const { user } = this.pass.user
    // As the user stands now, not as the token was given out.
    if (vault.user(user)?.role !== 'admin') {
      attempts.refused('broadcast', this.peer.address, user, 'not an admin')
      this.#complain('only an admin may write to others')
      return
    }
    const sockets = this.#house.notify(text, user, to)
    if (sockets === null) this.#complain('there is no such user')
    else this.#say({ type: 'broadcast_confirmed', connections: sockets })
  }

  /** `mayMiss`: the next one says all this one does, so a slow reader is spared it. True when it was queued. */
  offer(topic: Topic, camera: readonly string[], message: Buffer, mayMiss: boolean): boolean {
    if (this.#isOver || !this.#subscriptions.wants(topic, camera)) return false
    if (mayMiss && this.peer.bufferedBytes > wireLimits.figuresBytes) return false
    return this.send(message)
  }

  #say(message: object): void {
    const text = JSON.stringify(message)
    if (this.send(Buffer.from(text))) show(this.#parts, 'out', this.peer.address, text.length, text)
  }

  send(message: Buffer): boolean {
    if (!this.peer.send(message)) return false
    this.#sent(message.length)
    return true
  }

  #sent(sizeBytes: number): void {
    const usage = this.#parts.sessions.usage(this.pass.user.id)
    usage.messagesOut += 1
    usage.bytesOut += sizeBytes
    this.#parts.book.counters.messagesOut += 1
  }

  /** Over its rate it is not read for a while, so that its own network slows it down. */
  #spend(): void {
    const { clock } = this.#parts.context
    const now = clock.monotonic()
    const waitMs = this.#budget.take(now)
    if (waitMs === 0) return
    if (now - this.#pausedSince > pausedWindowMs) {
      this.#pausedSince = now
      this.#pausedMs = 0
    }
    const owesUntil = Math.max(this.#owesUntil, now + waitMs)
    this.#pausedMs += owesUntil - Math.max(now, this.#owesUntil)
    this.#owesUntil = owesUntil
    if (this.#pausedMs > this.#parts.limits.pausedForMs) {
      this.#close(1008, 'too many messages')
      return
    }
    if (this.#cancelResume !== null) return
    this.#parts.book.counters.pauses += 1
    this.peer.pause()
    this.#resumeLater()
  }

  #resumeLater(): void {
    const { clock } = this.#parts.context
    const leftMs = Math.max(0, this.#owesUntil - clock.monotonic())
    this.#cancelResume = clock.after(leftMs, () => {
      this.#cancelResume = null
      if (this.#owesUntil > clock.monotonic()) this.#resumeLater()
      else this.peer.resume(clock.monotonic())
    })
  }

  /** Whether it is still there. One that is not read for its haste cannot answer, and counts as there. */
  async prove(withinMs: number): Promise<boolean> {
    if (this.peer.isPaused) return true
    const { clock } = this.#parts.context
    let cancel: () => void = () => {}
    const late = new Promise<null>((resolve) => {
      cancel = clock.after(withinMs, () => resolve(null))
    })
    const roundTripMs = await Promise.race([this.peer.ping(() => clock.monotonic()), late])
    cancel()
    return roundTripMs !== null
  }

  /** The token is over, or the place is needed. */
  end(reason: string): void {
    this.#close(1008, reason)
  }

  #close(code: number, reason: string): void {
    this.closed()
    this.peer.close(code, reason)
  }

  /** Whoever closed it: it no longer counts and nothing is held for it. */
  closed(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelResume?.()
    this.#letGo()
    this.#video.close()
    this.#house.left(this)
  }
}
