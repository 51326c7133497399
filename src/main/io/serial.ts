/** A serial port kept open: found again after re-plugging whatever its name is then, never written to while closed. */
import type { SerialAddress } from '../../contract/links.ts'
import type { Log } from '../log.ts'
import type { Clock } from './clock.ts'
import { findSerialPort } from './serial-find.ts'
import { type OpenLine, openLine } from './serial-line.ts'
import { type SerialPlaces, systemPlaces } from './serial-sys.ts'
import { troubleBefore, troubleOpening } from './serial-trouble.ts'

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
  /** Rejects on a closed line, and where the port has no such line. */
  setDtr(on: boolean): Promise<void>
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

const retryMs = 2000
/** Between an opening that was lost and the next try, so that a port that opens and dies does not spin. */
const restMs = 50

class Keeper implements SerialKeeper {
  readonly #settings: SerialSettings
  readonly #events: SerialEvents
  readonly #clock: Clock
  readonly #log: Log
  readonly #places: SerialPlaces
  #open: { readonly line: SerialLine; readonly port: OpenLine } | null = null
  #generation = 0
  #isClosed = false
  #trying: Promise<void> | null = null
  #triedAt = Number.NEGATIVE_INFINITY
  #said = ''
  #cancelWait: () => void = () => {}

  constructor(
    settings: SerialSettings,
    events: SerialEvents,
    host: { readonly clock: Clock; readonly log: Log },
    places: SerialPlaces,
  ) {
    this.#settings = settings
    this.#events = events
    this.#clock = host.clock
    this.#log = host.log
    this.#places = places
    this.#wait(0)
  }

  get line(): SerialLine | null {
    return this.#open?.line ?? null
  }

  retry(): void {
    if (this.#open !== null || this.#isClosed || this.#trying !== null) return
    this.#cancelWait()
    this.#try()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelWait()
    const port = this.#open?.port
    this.#open = null
    await port?.close()
    await this.#trying
  }

  #wait(delayMs: number): void {
    this.#cancelWait()
    if (!this.#isClosed) this.#cancelWait = this.#clock.after(delayMs, () => this.#try())
  }

  #try(): void {
    if (this.#trying !== null || this.#open !== null || this.#isClosed) return
    this.#triedAt = this.#clock.monotonic()
    this.#trying = this.#attempt()
      .catch((error) => `the port cannot be opened: ${String(error)}`)
      .then((trouble) => {
        this.#trying = null
        if (trouble === '' || this.#isClosed) return
        if (trouble !== this.#said)
          this.#log.warn('serial-waiting', { port: this.#settings.address, trouble })
        this.#said = trouble
        this.#wait(retryMs)
        this.#events.waiting(trouble, this.#clock.now() + retryMs)
      })
  }

  /** Resolves to why not, in words; empty when it is open. */
  async #attempt(): Promise<string> {
    const found = await findSerialPort(this.#settings.address, this.#places)
    if (found.is === 'trouble') return found.words
    const { path } = found
    const before = await troubleBefore(path, this.#places)
    if (before !== '' || this.#isClosed) return before
    let port: OpenLine
    try {
      port = await openLine({
        ...this.#settings,
        path,
        clock: this.#clock,
        closed: (reason) => this.#lost(reason, path),
      })
    } catch (error) {
      return troubleOpening(error, path, this.#places)
    }
    if (this.#isClosed) {
      await port.close()
      return ''
    }
    if (!port.isOpen) return `${path} was lost while it was opened`
    this.#opened(port, path)
    return ''
  }

  #opened(port: OpenLine, path: string): void {
    this.#generation += 1
    const line: SerialLine = {
      generation: this.#generation,
      path,
      get isOpen() {
        return port.isOpen
      },
      write: (bytes) => port.write(bytes),
      setDtr: (on) => port.setDtr(on),
    }
    this.#open = { line, port }
    this.#said = ''
    this.#log.info('serial-opened', { port: this.#settings.address, path, generation: this.#generation })
    this.#events.opened(line)
    port.read((bytes, at) => {
      if (this.#open?.port === port) this.#events.bytes(line, bytes, at)
    })
  }

  #lost(reason: string, path: string): void {
    const was = this.#open
    // An opening that never got this far is told by the try itself.
    if (was === null || this.#isClosed) return
    this.#open = null
    const words = `${path} is closed: ${reason}`
    this.#log.warn('serial-closed', { port: this.#settings.address, reason: words })
    // The device must be let go of before it can be opened again.
    void was.port.close().then(() => {
      const since = this.#clock.monotonic() - this.#triedAt
      this.#wait(Math.max(restMs, retryMs - since))
    })
    this.#events.closed(words)
  }
}

/** With other places to look for devices than the system's own. */
export function keeperIn(places: SerialPlaces): KeepSerialOpen {
  return (settings, events, host) => new Keeper(settings, events, host, places)
}

/**
 * Looks for the device every 2 s until it is there, and again after it was lost. After `close` nothing is told any more.
 * The lock is an flock, as pyserial and other careful programs take it; for programs that take none, /proc is searched before opening.
 * Not kept out: a program that opens the port later without asking for a lock.
 */
export const keepSerialOpen: KeepSerialOpen = keeperIn(systemPlaces)
