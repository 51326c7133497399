/** One client's socket: who it is, what it wants, how fast it may talk, and what it is answered. */

import { never } from '../../../contract/fault.ts'
import type { Role } from '../../../contract/roles.ts'
import type { Pass } from '../../accounts/tokens.ts'
import { Budget } from '../../io/budget.ts'
import type { Peer } from '../../io/peer.ts'
import { type Asked, isStop } from './command-words.ts'
import { type Choice, type Heard, hear } from './hear.ts'
import { Outbox } from './outbox.ts'
import { type Parts, show } from './parts.ts'
import { everything, type Topic, topics, type Wish } from './topics.ts'
import { time } from './wire-words.ts'

const badWindowMs = 10_000
const badLimit = 20

/** What a client asks of the whole gateway. */
export interface House {
  frame(key: string): Buffer | null
  /** Things a wish is about, in the order a newcomer is told of them. */
  keys(wish: Wish): string[]
  vehicles(): Iterable<string>
  /** What it wants has changed, from the wish of before. */
  moved(client: Client, before: Wish | null): void
  /** Its first message was, or was not, a good token. */
  admit(client: Client, token: string): void
  command(client: Client, asked: Asked): void
  /** It ended, or is about to: it no longer counts. */
  left(client: Client): void
}

export class Client {
  readonly kind = 'socket'
  readonly peer: Peer
  readonly outbox: Outbox
  readonly commands: Budget
  /** Commands that have not been answered. */
  underWay = 0
  readonly #parts: Parts
  readonly #house: House
  readonly #budget: Budget
  #who: { readonly pass: Pass; letGo(): void } | null = null
  /** Null: it is told nothing yet. */
  #wish: Wish | null = null
  #hasChosen = false
  #isJudged = false
  #badAt: number[] = []
  #isOver = false

  constructor(peer: Peer, parts: Parts, house: House) {
    const { limits, context, book } = parts
    this.peer = peer
    this.#parts = parts
    this.#house = house
    this.#budget = new Budget(limits.messagesPerSecond, limits.messageBurst)
    this.commands = new Budget(limits.commandsPerSecond, limits.commandBurst)
    this.outbox = new Outbox({
      peer,
      clock: context.clock,
      behindBytes: limits.behindBytes,
      frame: (key) => house.frame(key),
      sent: (messages) => {
        book.counters.messagesOut += messages
      },
    })
  }

  get isOver(): boolean {
    return this.#isOver
  }

  get wish(): Wish | null {
    return this.#wish
  }

  get name(): string | null {
    return this.#who?.pass.user.user ?? null
  }

  get pass(): Pass {
    if (this.#who === null) throw new Error('a client without a token is held by none')
    return this.#who.pass
  }

  get hasToken(): boolean {
    return this.#who !== null
  }

  /** As its account stands now, not as its token was given out. Null: it has no account, and may watch at most. */
  get role(): Role | null {
    const user = this.#who && this.#parts.vault.user(this.#who.pass.user.user)
    return user?.role ?? null
  }

  /** With whose token; null: without one, to watch. */
  enter(pass: Pass | null): void {
    if (pass !== null) {
      this.#who?.letGo()
      this.#who = { pass, letGo: () => {} }
      this.#who = { pass, letGo: this.#parts.sessions.hold(this) }
    }
    const { clock, profile } = this.#parts.context
    this.say({
      type: 'ready',
      timestamp: time(clock.now()),
      data: {
        server: 'watchfloor',
        gateway: profile.name,
        user: this.name,
        role: this.role ?? 'viewer',
        types: topics,
        vehicles: [...this.#house.vehicles()],
        heartbeat_ms: this.#parts.limits.heartbeatMs,
      },
    })
    if (this.#wish === null) this.#choose(everything)
  }

  askForToken(): void {
    this.say({
      type: 'auth_required',
      timestamp: time(this.#parts.context.clock.now()),
      data: { within_ms: this.#parts.limits.tokenWithinMs, how: 'send {"type":"auth","token":"…"}' },
    })
  }

  message(bytes: Buffer, isBinary: boolean): void {
    if (this.#isOver) return
    const { book, context, limits } = this.#parts
    const now = context.clock.monotonic()
    book.counters.messagesIn += 1
    book.counters.bytesIn += bytes.length
    const owesMs = this.#budget.take(now)
    if (owesMs > limits.owesMostMs) {
      this.end('too many messages')
      return
    }
    const { heard, text } = hear(bytes, isBinary)
    const trouble = troubleOf(heard)
    show(this.#parts, 'in', this.peer.address, bytes.length, text, trouble)
    const isCommand = heard.is === 'command' || heard.is === 'no-command'
    // Over its rate it is not listened to; a STOP REQUEST always is.
    if (owesMs > 0 && !(isCommand && isStop(heard))) {
      book.counters.pauses += 1
      if (isCommand) this.#house.command(this, tooMany(heard))
      return
    }
    if (trouble === '' && this.#wish !== null) book.useful(context.clock.now(), now)
    this.#act(heard)
  }

  #act(heard: Heard): void {
    const isCommand = heard.is === 'command' || heard.is === 'no-command'
    const isForAll = isCommand || heard.is === 'auth' || heard.is === 'ping' || heard.is === 'courtesy'
    if (this.#wish === null && !isForAll) {
      this.#complain('first {"type":"auth","token":"…"}: nothing else is taken before')
      return
    }
    switch (heard.is) {
      case 'ping':
        this.say({ type: 'pong', timestamp: heard.timestamp ?? time(this.#parts.context.clock.now()) })
        return
      case 'courtesy':
        return
      case 'auth':
        this.#auth(heard.token)
        return
      case 'subscribe':
      case 'unsubscribe':
        this.#subscribe(heard)
        return
      case 'command':
      case 'no-command':
        this.#house.command(this, heard)
        return
      case 'unknown':
        this.#parts.book.counters.unknownMessages += 1
        this.#complain(`there is no message of type ${heard.type}`)
        return
      case 'bad': {
        this.#parts.book.counters.badMessages += 1
        const now = this.#parts.context.clock.monotonic()
        this.#badAt = [...this.#badAt.filter((at) => now - at < badWindowMs), now]
        this.#complain(heard.reason)
        if (this.#badAt.length >= badLimit) this.end('too many messages that make no sense')
        return
      }
      default:
        never(heard, 'message')
    }
  }

  #auth(token: string): void {
    if (this.hasToken || this.#isJudged) {
      this.#complain('a token has been brought already: connect again to change it')
      return
    }
    this.#isJudged = true
    this.#house.admit(this, token)
  }

  #subscribe({ is, topics: named, unknown, vehicle, subscription }: Choice): void {
    const before = this.#wish ?? everything
    const next = new Set<Topic>(is === 'unsubscribe' || this.#hasChosen ? before.topics : [])
    for (const topic of named) {
      if (is === 'subscribe') next.add(topic)
      else next.delete(topic)
    }
    const isFirst = !this.#hasChosen
    this.#hasChosen = true
    const wish = { topics: next, vehicle: vehicle === undefined ? before.vehicle : vehicle }
    this.say({
      type: is === 'subscribe' ? 'subscription_confirmed' : 'unsubscription_confirmed',
      timestamp: time(this.#parts.context.clock.now()),
      ...(subscription === null ? {} : { subscription_type: subscription }),
      data: {
        types: topics.filter((topic) => next.has(topic)),
        vehicle: wish.vehicle,
        ...(unknown.length === 0 ? {} : { unknown }),
      },
    })
    const added = is === 'subscribe' && !isFirst ? new Set(named) : new Set<Topic>()
    this.#choose(wish, vehicle === undefined || wish.vehicle === before.vehicle ? added : undefined)
  }

  /** `told`: only what is new of these is told; without, all of it. */
  #choose(wish: Wish, told?: ReadonlySet<Topic>): void {
    const before = this.#wish
    this.#wish = wish
    this.#house.moved(this, before)
    this.outbox.refresh(this.#house.keys(told === undefined ? wish : { ...wish, topics: told }))
  }

  #complain(message: string): void {
    this.say({ type: 'error', timestamp: time(this.#parts.context.clock.now()), message })
  }

  say(message: object): void {
    if (this.#isOver) return
    const text = JSON.stringify(message)
    if (!this.peer.send(text)) return
    this.#parts.book.counters.messagesOut += 1
    show(this.#parts, 'out', this.peer.address, text.length, text)
  }

  /** Its token is over, or it is not wanted. */
  end(reason: string, code = 1008): void {
    this.closed()
    this.peer.close(code, reason)
  }

  /** Whoever closed it: it no longer counts and nothing is held for it. */
  closed(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#who?.letGo()
    this.#house.left(this)
  }
}

function troubleOf(heard: Heard): string {
  if (heard.is === 'bad' || heard.is === 'no-command') return heard.reason
  return heard.is === 'unknown' ? `unknown type ${heard.type}` : ''
}

function tooMany({ id, name, vehicle }: Asked): Asked {
  return { is: 'no-command', id, name, vehicle, reason: 'too many messages: send fewer, then try again' }
}
