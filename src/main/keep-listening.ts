/** A port of ours kept open: taken by another program it is a state of the link, told with who has it, and tried again. */
import { type Listener, type ListenOptions, listen } from './io/listen.ts'
import { portHolder } from './io/port-holder.ts'
import { portTrouble } from './io/port-trouble.ts'
import type { LinkContext } from './link.ts'
import type { LinkBook } from './link-book.ts'

const againMs = 1000

interface Place {
  readonly id: string
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

type Doors = Omit<ListenOptions, 'host' | 'port' | 'clock' | 'refused'>

interface Parts {
  readonly context: Pick<LinkContext, 'clock' | 'log'>
  readonly profile: Place
  readonly book: LinkBook
  /** What is shown as the link's address once the port is known. */
  address(host: string, port: number): string
  /** What its log lines begin with. */
  readonly name: string
}

export class KeepListening {
  readonly #parts: Parts
  readonly #doors: Doors
  #listener: Listener | null = null
  #attempt = 0
  #cancelAgain: () => void = () => {}
  #closed = false

  constructor(parts: Parts, doors: Doors) {
    this.#parts = parts
    this.#doors = doors
  }

  /** Resolves whatever the port says. */
  async start(): Promise<void> {
    const { context, profile, book, name } = this.#parts
    const { clock, log } = context
    const { id: link, host } = profile
    this.#attempt += 1
    book.become({ is: 'opening', attempt: this.#attempt })
    try {
      const listener = await listen({
        ...this.#doors,
        host,
        port: profile.port,
        clock,
        refused: (reason) => {
          book.counters.refusedPeers += 1
          log.debug('peer-refused', { link, reason })
        },
      })
      if (this.#closed) return await listener.close()
      this.#listener = listener
      this.#attempt = 0
      book.address = this.#parts.address(host, listener.port)
      book.become({ is: 'listening' })
      log.info(`${name}-listening`, { link, host, port: listener.port })
    } catch (error) {
      const reason = await troubleOf(error, host, profile.port)
      if (this.#attempt === 1) log.warn(`${name}-port`, { link, reason })
      if (this.#closed) return
      book.become({ is: 'waiting', retryAt: clock.now() + againMs, attempt: this.#attempt, reason })
      this.#cancelAgain = clock.after(againMs, () => void this.start())
    }
  }

  /** Now, whatever the wait. */
  retry(): void {
    if (this.#listener !== null || this.#parts.book.state.is !== 'waiting') return
    this.#cancelAgain()
    void this.start()
  }

  /** Nothing is let in any more; who is there is told. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelAgain()
    await this.#listener?.close()
  }
}

async function troubleOf(error: unknown, host: string, port: number): Promise<string> {
  const trouble = portTrouble(error, host, port)
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const holder = isTaken ? await portHolder(port) : null
  return holder === null ? trouble : `${trouble}. ${holder.program} (process ${holder.pid}) has it`
}
