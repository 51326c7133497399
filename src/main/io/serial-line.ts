/**
 * One opening of one port, over the package serialport. It is never opened again: what waits in its queue dies with it.
 * The watchdog covers writes the system does not take (flow control, a stuck adapter with its buffer full). A driver that hangs inside a system call
 * keeps a thread of Node's pool until the device is unplugged; driver-calls.ts keeps those few (docs/decisions/0011-serial-in-process.md).
 */
import { stat } from 'node:fs/promises'
import type { SerialPort } from 'serialport'
import type { Clock } from './clock.ts'
import { driverCalls } from './driver-calls.ts'

export interface LineOptions {
  readonly path: string
  readonly baudRate: number
  readonly dataBits: 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
  readonly dtr?: boolean
  readonly clock: Clock
  /** Once, unless `close` was called. */
  readonly closed: (reason: string) => void
}

export interface OpenLine {
  readonly isOpen: boolean
  /** From now on; before, what comes waits. `at` is monotonic ms. */
  read(bytes: (bytes: Uint8Array, at: number) => void): void
  write(bytes: Uint8Array): Promise<void>
  setDtr(on: boolean): Promise<void>
  close(): Promise<void>
}

/** Beyond the time the bytes take on the wire. */
const drainMs = 1000
/** What may wait to leave; more is a fault of the caller. */
const unsentBytes = 65_536
/** How often it is looked whether the device is still there: a hang-up in the midst of a read is not always told. */
const presenceMs = 1000
const bitsPerByte = 12

export class ClosedError extends Error {
  constructor(reason: string) {
    super(`the port is closed: ${reason}`)
  }
}

class Line implements OpenLine {
  readonly #port: SerialPort
  readonly #options: LineOptions
  readonly #waiting = new Set<(error: Error) => void>()
  readonly #device: number
  readonly #stopLooking: () => void
  #unsent = 0
  #over: string | null = null
  #parted: Promise<void> | null = null

  constructor(port: SerialPort, device: number, options: LineOptions) {
    this.#port = port
    this.#device = device
    this.#options = options
    port.on('error', (error) => this.#end(error.message))
    port.on('close', (error: Error | null) => void this.#gone(error?.message ?? 'closed'))
    this.#stopLooking = options.clock.every(presenceMs, () => void this.#look())
  }

  get isOpen(): boolean {
    return this.#over === null && this.#port.isOpen
  }

  read(bytes: (bytes: Uint8Array, at: number) => void): void {
    this.#port.on('data', (chunk: Buffer) => {
      if (this.#over === null) bytes(chunk, this.#options.clock.monotonic())
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) return Promise.reject(new ClosedError(this.#over ?? 'it was unplugged'))
    if (this.#unsent + bytes.length > unsentBytes)
      return Promise.reject(
        new Error(`more than ${unsentBytes} bytes are waiting to be sent: wait for each write`),
      )
    this.#unsent += bytes.length
    const onWireMs = (this.#unsent * bitsPerByte * 1000) / this.#options.baudRate
    return new Promise((resolve, reject) => {
      const settle = (done: () => void) => {
        this.#waiting.delete(fail)
        this.#unsent -= bytes.length
        cancel()
        done()
      }
      const fail = (error: Error) => settle(() => reject(error))
      this.#waiting.add(fail)
      const cancel = this.#options.clock.after(drainMs + onWireMs, () =>
        this.#end('it took no bytes for a second: is the device stuck, or flow control on?'),
      )
      this.#port.write(Buffer.from(bytes), (error) => {
        if (!this.#waiting.has(fail)) return
        if (error) fail(new ClosedError(error.message))
        else settle(resolve)
      })
    })
  }

  setDtr(on: boolean): Promise<void> {
    if (!this.isOpen) return Promise.reject(new ClosedError(this.#over ?? 'it was unplugged'))
    const set = () =>
      new Promise<void>((resolve, reject) => {
        this.#port.set({ dtr: on }, (error) => (error === null ? resolve() : reject(error)))
      })
    return driverCalls.run(this.#options.path, set, { clock: this.#options.clock, late: 'drop' })
  }

  close(): Promise<void> {
    if (this.#over === null) this.#finish('it is not used any more')
    return this.#part()
  }

  /** Unplugged: the name is gone, or is another device's by now. */
  async #look(): Promise<void> {
    if (process.platform === 'win32' || this.#over !== null) return
    if (!(await isThere(this.#options.path, this.#device))) this.#end('it was unplugged')
  }

  async #gone(said: string): Promise<void> {
    if (this.#over !== null) return
    const unplugged = process.platform !== 'win32' && !(await isThere(this.#options.path, this.#device))
    this.#end(unplugged ? 'it was unplugged' : `the system closed it (${said})`)
  }

  #end(reason: string): void {
    if (this.#over !== null) return
    this.#finish(reason)
    this.#options.closed(reason)
    void this.#part()
  }

  #finish(reason: string): void {
    this.#over = reason
    this.#stopLooking()
    for (const fail of [...this.#waiting]) fail(new ClosedError(reason))
  }

  /** Resolves in any case. */
  #part(): Promise<void> {
    this.#parted ??= letGo(this.#port, this.#options)
    return this.#parted
  }
}

/**
 * Discards what the system has not sent yet, then closes: without that a driver waits for it to leave, 30 s by default (closing_wait, setserial(8)).
 * Resolves in any case, after five seconds though the driver has not let go; the port is not opened again before it has.
 */
function letGo(port: SerialPort, { path, clock }: LineOptions): Promise<void> {
  const part = () =>
    new Promise<void>((resolve) => {
      if (!port.isOpen) {
        resolve()
        return
      }
      port.flush(() => {
        if (port.isOpen) port.close(() => resolve())
        else resolve()
      })
    })
  return driverCalls.run(path, part, { clock, late: 'keep' }).catch(() => {})
}

async function isThere(path: string, device: number): Promise<boolean> {
  const file = await stat(path).catch(() => null)
  return file !== null && file.rdev === device
}

/** Rejects with what the system says, or with SilentDriver. The lock (flock) keeps out other programs that ask for it, this one included. */
export async function openLine(options: LineOptions): Promise<OpenLine> {
  const { SerialPort } = await import('serialport')
  const { path, baudRate, dataBits, parity, stopBits, dtr } = options
  const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, autoOpen: false, lock: true })
  port.on('error', () => {}) // until the line below listens
  let isLate = false
  const open = () =>
    new Promise<void>((resolve, reject) => {
      port.open((error) => {
        if (error !== null) {
          reject(error)
          return
        }
        resolve()
        // Nobody waits for it any more.
        if (isLate) void letGo(port, options)
      })
    })
  await driverCalls.run(path, open, { clock: options.clock, late: 'drop' }).catch((error: unknown) => {
    isLate = true
    throw error
  })
  const device = await stat(path).then(
    (file) => file.rdev,
    () => 0,
  )
  const line = new Line(port, device, options)
  // Pseudo terminals have no such line, and adapters without it leave the motor to the jumper on their board.
  if (dtr !== undefined) await line.setDtr(dtr).catch(() => {})
  return line
}
