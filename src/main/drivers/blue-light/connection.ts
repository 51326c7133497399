/** One device connection of the hub: its session, its budgets, and when it is read more slowly. Nothing is dropped. */
import { Budget } from '../../io/budget.ts'
import type { Clock } from '../../io/clock.ts'
import type { Peer } from '../../io/peer.ts'
import { freshSession, type Session } from './session.ts'

export interface ConnectionLimits {
  /** Everything but alerts, per connection. */
  readonly statusPerSecond: number
  readonly statusBurst: number
  /** Alerts per device, before its budget counts. */
  readonly alertBurst: number
  /** Alerts of one connection that are not on disk yet, and their bytes. */
  readonly uncommitted: number
  readonly uncommittedBytes: number
}

export const connectionLimits: ConnectionLimits = {
  statusPerSecond: 50,
  statusBurst: 500,
  alertBurst: 200,
  uncommitted: 256,
  uncommittedBytes: 8 * 1024 * 1024,
}

/** Ids are the sender's choice, so the connection has a budget too: that of a gateway with this many devices. */
const gatewayDevices = 10

export class Connection {
  readonly peer: Peer
  session: Session = freshSession
  readonly #clock: Clock
  readonly #limits: ConnectionLimits
  readonly #status: Budget
  readonly #alerts: Budget
  readonly #paused: () => void
  #uncommitted = 0
  #uncommittedBytes = 0
  /** Monotonic: until then it is not read. */
  #owesUntil = 0
  #cancelResume: (() => void) | null = null

  constructor(
    peer: Peer,
    clock: Clock,
    alertsPerMinute: number,
    limits: ConnectionLimits,
    paused: () => void,
  ) {
    this.peer = peer
    this.#clock = clock
    this.#limits = limits
    this.#paused = paused
    this.#status = new Budget(limits.statusPerSecond, limits.statusBurst)
    this.#alerts = new Budget((alertsPerMinute * gatewayDevices) / 60, limits.alertBurst * gatewayDevices)
  }

  spendStatus(monotonic: number): void {
    this.#owe(monotonic, this.#status.take(monotonic))
  }

  spendAlert(monotonic: number, ofDevice: Budget): void {
    this.#owe(monotonic, Math.max(this.#alerts.take(monotonic), ofDevice.take(monotonic)))
  }

  #owe(monotonic: number, waitMs: number): void {
    if (waitMs === 0) return
    this.#owesUntil = Math.max(this.#owesUntil, monotonic + waitMs)
    this.#settle(monotonic)
  }

  hold(sizeBytes: number): void {
    this.#uncommitted += 1
    this.#uncommittedBytes += sizeBytes
    if (this.#isCrowded()) this.#settle(this.#clock.monotonic())
  }

  release(sizeBytes: number): void {
    this.#uncommitted -= 1
    this.#uncommittedBytes -= sizeBytes
    if (this.peer.isPaused && this.#uncommitted <= this.#limits.uncommitted / 2)
      this.#settle(this.#clock.monotonic())
  }

  #isCrowded(): boolean {
    return (
      this.#uncommitted > this.#limits.uncommitted || this.#uncommittedBytes > this.#limits.uncommittedBytes
    )
  }

  /** Reads on only when the debt is paid and the store has caught up. */
  #settle(monotonic: number): void {
    const owesMs = this.#owesUntil - monotonic
    if (owesMs > 0 || this.#isCrowded()) {
      if (!this.peer.isPaused) this.#paused()
      this.peer.pause()
      if (owesMs > 0) this.#resumeIn(owesMs)
    } else this.peer.resume(monotonic)
  }

  #resumeIn(waitMs: number): void {
    if (this.#cancelResume !== null) return
    this.#cancelResume = this.#clock.after(Math.min(waitMs, 60_000), () => {
      this.#cancelResume = null
      this.#settle(this.#clock.monotonic())
    })
  }

  close(): void {
    this.#cancelResume?.()
    this.#cancelResume = null
  }
}
