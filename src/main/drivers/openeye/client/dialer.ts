/** The way to an open socket: a token, the handshake, and, when it is refused, the question why. */
import { Fault } from '../../../../contract/fault.ts'
import type { Clock } from '../../../io/clock.ts'
import { dial } from '../../../io/dial.ts'
import type { Peer, PeerDoors } from '../../../io/peer.ts'
import { isFields, numberIn } from '../fields.ts'
import { Refused, type Session } from './session.ts'

/** Somebody has to close a socket first, so there is no hurry. */
const heldMs = 15_000

export interface Hold {
  readonly retryAt: number
  readonly reason: string
}

interface DialDoors {
  opened(peer: Peer): PeerDoors
  lost(reason: string): void
  refused(reason: string): void
  changed(): void
}

interface Parts {
  readonly url: string
  readonly session: Session
  readonly clock: Clock
  readonly doors: DialDoors
}

export class Dialer {
  readonly #parts: Parts
  /** Answers to an attempt that is no longer the present one are not for us. */
  #attempt = 0
  #hangUp: () => void = () => {}
  #hold: Hold | null = null
  #cancelHold: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get hold(): Hold | null {
    return this.#hold
  }

  open(): void {
    this.#attempt += 1
    const attempt = this.#attempt
    if (this.#hold === null) {
      void this.#dial(attempt)
      return
    }
    const { clock } = this.#parts
    this.#cancelHold()
    this.#cancelHold = clock.after(Math.max(0, this.#hold.retryAt - clock.now()), () => {
      this.#hold = null
      if (attempt === this.#attempt) void this.#dial(attempt)
    })
  }

  /** Somebody wants it now. */
  retry(): void {
    if (this.#hold === null) return
    this.#hold = null
    this.#cancelHold()
    void this.#dial(this.#attempt)
  }

  close(): void {
    this.#attempt += 1
    this.#cancelHold()
    this.#hangUp()
    this.#hangUp = () => {}
  }

  async #dial(attempt: number): Promise<void> {
    const { session, doors, clock, url } = this.#parts
    try {
      const token = await session.token()
      if (attempt !== this.#attempt) return
      const address = url.replace(/^http/, 'ws').replace(/\/+$/, '')
      this.#hangUp = dial({
        url: `${address}/api/ws/statistics?token=${encodeURIComponent(token)}`,
        shownAs: url,
        clock,
        opened: (peer) => doors.opened(peer),
        failed: (reason, refused) => {
          if (attempt !== this.#attempt) return
          if (refused) void this.#whyRefused(attempt, token)
          else doors.lost(reason)
        },
      })
    } catch (error) {
      this.#failed(attempt, error)
    }
  }

  /** The server ended an open socket as it would refuse one. The link is already known to be lost. */
  async closedByPolicy(): Promise<void> {
    const token = this.#parts.session.present
    if (token !== null) await this.#ask(token)
  }

  #failed(attempt: number, error: unknown): void {
    if (attempt !== this.#attempt) return
    const { doors } = this.#parts
    if (error instanceof Refused) doors.refused(error.message)
    else doors.lost(error instanceof Fault ? error.message : String(error))
  }

  async #whyRefused(attempt: number, token: string): Promise<void> {
    try {
      const reason = await this.#ask(token)
      if (attempt === this.#attempt) this.#parts.doors.lost(reason)
    } catch (error) {
      this.#failed(attempt, error)
    }
  }

  /** 403 says neither whether it is the token nor whether there are too many sockets; a question with the token does. */
  async #ask(token: string): Promise<string> {
    const { session, clock, doors } = this.#parts
    const { status, value } = await session.ask({ path: '/api/ws/status', by: 'login' })
    if (session.present !== token) return 'the token was no longer good: logged in anew'
    const count = isFields(value) ? numberIn(value, 'user_connections') : null
    const open = count === null ? '' : ` (${count} open)`
    const reason =
      status === 200
        ? `the server allows 5 sockets per user; close one${open}`
        : `the server refused the socket: too many for this user, or the token (HTTP ${status})`
    this.#hold = { retryAt: clock.now() + heldMs, reason }
    doors.changed()
    return reason
  }
}
