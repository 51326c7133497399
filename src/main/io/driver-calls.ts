/**
 * Calls into serial drivers: open, flush, close, control lines. Each takes a thread of Node’s pool until the driver answers, and one that hangs does not
 * (a stuck adapter, a close that waits for a line under flow control). Files, cryptography and names are served by the same pool: so one such call at a
 * time per port, few in all, and nobody waits for one longer than a few seconds. Reading and writing never waits in the driver (O_NONBLOCK).
 */
import type { Clock } from './clock.ts'

/** The pool has four threads for everything else besides (shell/pool.ts); on Windows its size cannot be chosen once Node runs. */
export const mostDriverCalls = process.platform === 'win32' ? 2 : 4
const patienceMs = 5000

export class SilentDriver extends Error {
  constructor(path: string, others: readonly string[]) {
    super(
      others.length === 0
        ? `the driver of ${path} does not answer: unplug the device and plug it in again`
        : `${path} waits for the drivers of other ports, which do not answer: unplug the devices at ${others.join(', ')}`,
    )
  }
}

interface Waiting {
  readonly path: string
  start(): void
}

export interface CallOptions {
  readonly clock: Clock
  /** When its turn comes after the caller gave up: `drop` leaves it undone, `keep` does it all the same. */
  readonly late: 'drop' | 'keep'
}

export class DriverCalls {
  readonly #most: number
  /** Ports with a call that has not come back. */
  readonly #inside = new Set<string>()
  #queue: Waiting[] = []

  constructor(most: number) {
    this.#most = most
  }

  /** Ports whose driver is being waited for. */
  get inside(): readonly string[] {
    return [...this.#inside]
  }

  /** Rejects with the call’s own error, or with SilentDriver after five seconds; the call itself cannot be cut short. */
  run<T>(path: string, call: () => Promise<T>, { clock, late }: CallOptions): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = {
        path,
        start: () => {
          call()
            .then(resolve, reject)
            .finally(() => {
              cancel()
              this.#inside.delete(path)
              this.#goOn()
            })
        },
      }
      const cancel = clock.after(patienceMs, () => {
        if (late === 'drop') this.#queue = this.#queue.filter((other) => other !== waiting)
        reject(new SilentDriver(path, this.#inside.has(path) ? [] : this.inside))
      })
      this.#queue.push(waiting)
      this.#goOn()
    })
  }

  #goOn(): void {
    for (const waiting of [...this.#queue]) {
      if (this.#inside.size >= this.#most) return
      if (this.#inside.has(waiting.path)) continue
      this.#queue = this.#queue.filter((other) => other !== waiting)
      this.#inside.add(waiting.path)
      waiting.start()
    }
  }
}

/** The pool is one per process, and so is this. */
export const driverCalls = new DriverCalls(mostDriverCalls)
