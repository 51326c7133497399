/** Stands in for a server whose secret cannot be read: nobody may log in, the link says why, and Retry reads it again. */
import { Fault } from '../../contract/fault.ts'
import type { Accounts, LinkContext, RunningLink } from '../link.ts'
import { LinkBook } from '../link-book.ts'
import type { Delivery, Order } from '../order.ts'

/** A server with accounts: opened, not yet listening. */
export interface StartableServer extends RunningLink {
  readonly accounts: Accounts
  start(): Promise<void>
}

export class Standby<S extends StartableServer> implements RunningLink {
  readonly #context: Pick<LinkContext, 'profile' | 'log' | 'clock' | 'tell'>
  readonly #address: string
  readonly #make: () => Promise<S>
  #book: LinkBook | null = null
  #server: S | null = null
  #fault: Fault | null = null
  #opening: Promise<S | null> | null = null
  #isClosed = false

  /** `make` rejects with a Fault where the secret cannot be read. `address`: where it would listen. */
  constructor(
    context: Pick<LinkContext, 'profile' | 'log' | 'clock' | 'tell'>,
    address: string,
    make: () => Promise<S>,
  ) {
    this.#context = context
    this.#address = address
    this.#make = make
  }

  /** The server, listening; null where its secret still cannot be read. */
  async open(): Promise<S | null> {
    try {
      const server = await this.#make()
      if (this.#isClosed) {
        await server.close()
        return null
      }
      this.#book?.close()
      this.#book = null
      this.#server = server
      await server.start()
      return server
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.#refuse(error)
      return null
    }
  }

  #refuse(fault: Fault): void {
    this.#fault = fault
    if (this.#isClosed) return
    const { profile, log } = this.#context
    log.error('server-secret', { link: profile.id, reason: fault.message })
    this.#book ??= new LinkBook(this.#context, profile.id, this.#address, 60_000)
    this.#book.become({ is: 'refused', reason: `${fault.message}. ${fault.tip}` })
  }

  /** The server's once there is one; until then every question about users is answered with the trouble. */
  get accounts(): Accounts {
    const accounts = () => {
      if (this.#server !== null) return this.#server.accounts
      throw this.#fault ?? new Fault('storage', 'The users of this link cannot be read', 'Press Retry.')
    }
    return {
      users: async () => accounts().users(),
      save: async (user, role, password) => accounts().save(user, role, password),
      remove: async (user) => accounts().remove(user),
      revoke: async (user) => accounts().revoke(user),
      rotateKey: async () => accounts().rotateKey(),
      broadcast: (text, by, user) => accounts().broadcast(text, by, user),
    }
  }

  async deliver(order: Order): Promise<Delivery> {
    if (this.#server !== null) return this.#server.deliver(order)
    return { is: 'refused', reason: this.#fault?.message ?? 'this link does not listen' }
  }

  retry(): void {
    if (this.#server !== null) {
      this.#server.retry()
      return
    }
    if (this.#opening !== null || this.#isClosed) return
    this.#opening = this.open()
      .catch((error: unknown) => {
        this.#context.log.error('server-secret', { link: this.#context.profile.id, error: String(error) })
        return null
      })
      .finally(() => {
        this.#opening = null
      })
  }

  /** It knows no devices. */
  forget(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#opening
    await this.#server?.close()
    this.#book?.close()
  }
}
