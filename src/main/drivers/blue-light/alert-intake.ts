/** The way of an alert: counted, raised, and only after the commit answered and passed on. Also when it is over. */
import type { LinkContext } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import { alertFact } from './alert-fact.ts'
import type { Decoded } from './codec.ts'
import type { Connection } from './connection.ts'
import { encodeReceived } from './encode.ts'
import type { AlertMessage } from './message.ts'
import type { RosterDevice } from './roster-device.ts'

const writtenKept = 256

export interface IntakeDoors {
  send(connection: Connection, text: string): void
  /** It is on disk and no repeat. `text` is as it came, empty where nobody wanted it. */
  stored(connection: Connection, device: RosterDevice, text: string): void
}

export class AlertIntake {
  readonly #context: LinkContext
  readonly #book: LinkBook
  readonly #from: string
  readonly #doors: IntakeDoors

  constructor(context: LinkContext, book: LinkBook, from: string, doors: IntakeDoors) {
    this.#context = context
    this.#book = book
    this.#from = from
    this.#doors = doors
  }

  async take(
    connection: Connection,
    device: RosterDevice,
    message: AlertMessage,
    decoded: Decoded,
    now: number,
    monotonic: number,
    keepsText: boolean,
  ): Promise<void> {
    const { profile, clock, log } = this.#context
    const { row } = device
    const { deviceId, messageId, timestamp } = message
    const fact = alertFact(profile.id, message, decoded, row, now)
    const text = keepsText ? decoded.text : ''
    const sizeBytes = decoded.text.length
    connection.spendAlert(monotonic, device.budget)
    row.lastAlertAt = fact.raisedAt
    device.mayBeOpen = true
    device.lastAlertAt = Math.max(device.lastAlertAt ?? 0, message.at ?? 0)
    rememberWritten(device, message)
    device.uncommitted += 1
    connection.hold(sizeBytes)
    try {
      const stored = await this.#context.raise(fact)
      const { counters } = this.#book
      counters.alertsStored += stored.duplicate ? 0 : 1
      counters.duplicates += stored.duplicate ? 1 : 0
      counters.lateAlerts += fact.late && !stored.duplicate ? 1 : 0
      this.#doors.send(connection, encodeReceived(deviceId, messageId, timestamp, clock.now(), this.#from))
      if (!stored.duplicate) this.#doors.stored(connection, device, text)
    } catch (error) {
      // No acknowledgement: the device keeps the alert and sends it again.
      log.error('alert-not-stored', {
        device: row.device,
        error: error instanceof Error ? error : String(error),
      })
    } finally {
      connection.release(sizeBytes)
      device.uncommitted -= 1
      if (device.clearAfterCommit && device.uncommitted === 0) this.#clear(device, clock.now())
    }
  }

  /** The site applies the threshold, not the camera. */
  status(device: RosterDevice, intensity: number | undefined, at: number | null, now: number): void {
    if (!device.mayBeOpen || intensity === undefined) return
    if (intensity >= this.#context.settings.blueSensitivity) {
      device.clearAfterCommit = false
      return
    }
    // A report older than the alert does not end it.
    if (at !== null && device.lastAlertAt !== null && at < device.lastAlertAt) return
    if (device.uncommitted > 0) device.clearAfterCommit = true
    else this.#clear(device, now)
  }

  #clear(device: RosterDevice, now: number): void {
    device.mayBeOpen = false
    device.clearAfterCommit = false
    const intensity = device.row.blueIntensity ?? 0
    this.#context.tell({
      type: 'alert-cleared',
      source: this.#context.profile.id,
      kind: 'blue-light',
      device: device.row.device,
      at: now,
      note: `back to normal, blue light ${Math.round(intensity * 100)} %`,
    })
  }
}

/** A device without messageIds knows its alert by the time it wrote: kept where ours would look different. */
function rememberWritten(device: RosterDevice, message: AlertMessage): void {
  const { at, timestamp } = message
  if (at === null || timestamp === null || timestamp === new Date(at).toISOString()) return
  device.written.set(at, timestamp)
  for (const oldest of device.written.keys()) {
    if (device.written.size <= writtenKept) return
    device.written.delete(oldest)
  }
}
