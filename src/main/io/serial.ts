/** A serial port kept open: found again after re-plugging whatever its name is then, never written to while closed. */
import type { SerialAddress } from '../../contract/links.ts'
import type { Log } from '../log.ts'
import type { Clock } from './clock.ts'

export interface SerialSettings {
  readonly address: SerialAddress
  readonly baudRate: number
  readonly dataBits: 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
  /** RTS/DTR as the device wants them once open; absent: as the system leaves them. The RPLIDAR A1's motor runs while DTR is off. */
  readonly dtr?: boolean
}

/** One opening of a port. After it is closed it stays closed: the next opening is another line. */
export interface SerialLine {
  /** Counts the openings of this port from 1: what was begun on one opening is not for the next. */
  readonly generation: number
  /** What the system calls it today: `/dev/ttyUSB0`. */
  readonly path: string
  readonly isOpen: boolean
  /** Resolves when the system has taken all of it; rejects at once on a closed line. Nothing is kept for later. */
  write(bytes: Uint8Array): Promise<void>
}

export interface SerialEvents {
  opened(line: SerialLine): void
  /** `at` is monotonic ms. */
  bytes(line: SerialLine, bytes: Uint8Array, at: number): void
  /** Unplugged, an error, or the watchdog: in words for people. */
  closed(reason: string): void
  /** Not open: why, in words that say what to do, and when it is tried again (epoch ms). */
  waiting(reason: string, retryAt: number): void
}

export interface SerialKeeper {
  readonly line: SerialLine | null
  /** Now, whatever the wait. */
  retry(): void
  close(): Promise<void>
}

export type KeepSerialOpen = (
  settings: SerialSettings,
  events: SerialEvents,
  host: { readonly clock: Clock; readonly log: Log },
) => SerialKeeper
