/** The socket of one link while it is open: subscribes, pings, hands on what is said, and notices when nothing is. */
import type { Clock } from '../../../io/clock.ts'
import type { Peer } from '../../../io/peer.ts'

export const quietAfterMs = 15_000
const pingEveryMs = 30_000
/** Quiet for so long, a ping shows whether the server still answers at all. */
const probeAfterMs = 10_000

/** The deployed server reads its clients' JSON as Python: `true`, `false` or `null` anywhere in it and it does not answer. */
export function pingText(now: number): string {
  return JSON.stringify({ type: 'ping', timestamp: new Date(now).toISOString() })
}

const subscription = JSON.stringify({
  type: 'subscribe',
  event_types: ['statistics_update', 'camera_event', 'alert'],
})

export interface SocketDoors {
  sent(text: string): void
  quiet(): void
}

export class ClientSocket {
  readonly #peer: Peer
  readonly #clock: Clock
  readonly #doors: SocketDoors
  readonly #stopPinging: () => void
  #cancelProbe: () => void = () => {}
  #cancelQuiet: () => void = () => {}

  constructor(peer: Peer, clock: Clock, doors: SocketDoors) {
    this.#peer = peer
    this.#clock = clock
    this.#doors = doors
    this.#send(subscription)
    // The first figures may take 5 s; a pong proves at once that the server is awake.
    this.#ping()
    this.#stopPinging = clock.every(pingEveryMs, () => this.#ping())
    this.useful()
  }

  /** Restarts the wait for something useful. */
  useful(): void {
    this.#cancelProbe()
    this.#cancelQuiet()
    this.#cancelProbe = this.#clock.after(probeAfterMs, () => this.#ping())
    this.#cancelQuiet = this.#clock.after(quietAfterMs, () => this.#doors.quiet())
  }

  #ping(): void {
    this.#send(pingText(this.#clock.now()))
  }

  #send(text: string): void {
    if (this.#peer.send(text)) this.#doors.sent(text)
  }

  close(): void {
    this.#stopPinging()
    this.#cancelProbe()
    this.#cancelQuiet()
    this.#peer.close(1000, 'Client disconnect')
  }
}
