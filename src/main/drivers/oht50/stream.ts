/** One WebSocket that is kept open: the vehicle's own, or a topic of its backend. Says when it brings nothing. */
import type { LinkState } from '../../../contract/links.ts'
import { dial } from '../../io/dial.ts'
import { KeepOpen } from '../../io/keep-open.ts'
import type { Peer } from '../../io/peer.ts'
import type { LinkContext } from '../../link.ts'
import type { VehicleProfile } from './profile.ts'

/** The firmware drops whoever says nothing for 2 s, so a ping leaves at least every half second. */
export const quickPings = { sweepEveryMs: 100, pingEveryMs: 300, pongWithinMs: 3000 }
/** A socket that is open and brings nothing is opened anew: the firmware's server hangs like that. */
const redialSilentMs = 15_000

export interface StreamDoors {
  message(bytes: Buffer, isBinary: boolean): void
  sent(text: string): void
  changed(state: LinkState): void
}

interface Parts {
  readonly context: Pick<LinkContext<VehicleProfile>, 'profile' | 'clock'>
  readonly url: string
  /** How long nothing useful may come. */
  readonly quietAfterMs: number
  readonly limits?: typeof quickPings
  /** Said when it opens, and again and again where that is how the other side is asked. */
  readonly greeting: readonly string[]
  readonly repeatMs?: number
  readonly token: () => string | null
  readonly doors: StreamDoors
}

export class Stream {
  readonly url: string
  readonly #parts: Parts
  readonly #keep: KeepOpen
  #attempt = 0
  #hangUp: () => void = () => {}
  #peer: Peer | null = null
  #cancelQuiet: () => void = () => {}
  #cancelRedial: () => void = () => {}
  #stopRepeating: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    this.url = parts.url
    this.#keep = new KeepOpen(parts.context.profile.ladder, parts.context.clock, {
      open: () => this.#open(),
      close: () => this.#drop(),
      changed: (state) => this.#changed(state),
    })
  }

  get state(): LinkState {
    return this.#keep.link
  }

  get isOpen(): boolean {
    return this.#peer !== null
  }

  start(): void {
    this.#keep.on({ type: 'start' })
  }

  retry(): void {
    this.#keep.on({ type: 'retry' })
  }

  /** False when it could not leave. */
  send(text: string): boolean {
    if (this.#peer?.send(text) !== true) return false
    this.#parts.doors.sent(text)
    return true
  }

  /** Something that means something came. */
  useful(): void {
    this.#watch()
    this.#keep.on({ type: 'useful' })
  }

  #open(): void {
    const { clock } = this.#parts.context
    this.#attempt += 1
    const attempt = this.#attempt
    const token = this.#parts.token()
    this.#hangUp = dial({
      url: this.url,
      clock,
      ...(this.#parts.limits && { limits: this.#parts.limits }),
      ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
      opened: (peer) => this.#opened(peer),
      failed: (reason, refused) => {
        if (attempt === this.#attempt) this.#keep.on({ type: refused ? 'refused' : 'lost', reason })
      },
    })
  }

  #opened(peer: Peer) {
    const { greeting, repeatMs, context, doors } = this.#parts
    this.#peer = peer
    this.#keep.on({ type: 'opened' })
    this.#watch()
    const greet = () => {
      for (const text of greeting) this.send(text)
    }
    // The doors below do not exist before this returns.
    queueMicrotask(greet)
    if (repeatMs !== undefined) this.#stopRepeating = context.clock.every(repeatMs, greet)
    return {
      message: (bytes: Buffer, isBinary: boolean) => {
        if (this.#peer === peer) doors.message(bytes, isBinary)
      },
      closed: (code: number, reason: string) => {
        // One that we gave up ourselves has nothing more to say.
        if (this.#peer !== peer) return
        this.#clear()
        // The firmware's close codes are garbled: any number means that it hung up.
        const words = reason === '' ? `${code}` : reason
        if (code === 1008) this.#refused(`turned away: ${words}`)
        else this.#keep.on({ type: 'lost', reason: `hung up (${words})` })
      },
    }
  }

  #refused(reason: string): void {
    this.#keep.on({ type: 'refused', reason })
  }

  #watch(): void {
    this.#cancelQuiet()
    this.#cancelQuiet = this.#parts.context.clock.after(this.#parts.quietAfterMs, () =>
      this.#keep.on({ type: 'quiet' }),
    )
  }

  #changed(state: LinkState): void {
    this.#cancelRedial()
    if (state.is === 'silent')
      this.#cancelRedial = this.#parts.context.clock.after(redialSilentMs, () => this.retry())
    this.#parts.doors.changed(state)
  }

  #clear(): void {
    this.#cancelQuiet()
    this.#stopRepeating()
    this.#peer = null
  }

  #drop(): void {
    this.#attempt += 1
    const peer = this.#peer
    this.#clear()
    peer?.close(1000, 'Client disconnect')
    // A closing handshake may take its time; a dial that has not opened ends here.
    if (peer === null) this.#hangUp()
    this.#hangUp = () => {}
  }

  close(): void {
    this.#cancelRedial()
    this.#keep.on({ type: 'stop' })
  }
}
