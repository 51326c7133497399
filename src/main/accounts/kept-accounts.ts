/** The accounts of one server as the Links screen manages them. What a change ends is ended at once. */
import type { AccountUser } from '../../contract/accounts.ts'
import type { Role } from '../../contract/roles.ts'
import type { Clock } from '../io/clock.ts'
import type { Accounts } from '../link.ts'
import type { Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { Vault } from './vault.ts'

const ended = 'token ended'

interface Parts {
  readonly clock: Clock
  readonly vault: Vault
  readonly passwords: Passwords
  readonly sessions: Sessions
  /** A word to one user or everybody; how many sockets got it. */
  broadcast(text: string, by: string, user: string | undefined): number
}

export class KeptAccounts implements Accounts {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async users(): Promise<readonly AccountUser[]> {
    const { vault, sessions } = this.#parts
    const connections = sessions.connectionsByUser()
    return vault.users.map(({ id, user, role }) => {
      const { requests, lastLoginAt } = sessions.usage(id)
      return { user, role, connections: connections[id] ?? 0, requests, lastLoginAt }
    })
  }

  async save(user: string, role: Role, password: string | undefined): Promise<void> {
    const { vault, passwords, sessions, clock } = this.#parts
    const hash = password === undefined ? undefined : await passwords.hash(password)
    await vault.save(user.normalize('NFC'), role, hash, clock.now())
    // A new password ends what was opened with the old one.
    sessions.review(ended)
  }

  async remove(user: string): Promise<void> {
    await this.#parts.vault.remove(user)
    this.#parts.sessions.review(ended)
  }

  async revoke(user: string): Promise<void> {
    await this.#parts.vault.revoke(user, this.#parts.clock.now())
    this.#parts.sessions.review(ended)
  }

  async rotateKey(): Promise<void> {
    await this.#parts.vault.rotateKey()
    this.#parts.sessions.endAll(ended)
  }

  broadcast(text: string, by: string, user: string | undefined): number {
    return this.#parts.broadcast(text, by, user)
  }
}
