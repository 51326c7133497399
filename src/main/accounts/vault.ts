/** The signing key and the users of one server, as they are kept in the link's secret. Nothing here ever leaves it in the clear. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../../contract/fault.ts'
import { type Role, roles } from '../../contract/roles.ts'
import type { SecretSlot } from '../link.ts'
import { PasswordHash } from './passwords.ts'

const KeptUser = z.strictObject({
  id: z.number().int().min(1),
  user: z.string().min(1).max(200),
  role: z.enum(roles),
  password: PasswordHash,
  /** Tokens given out before this moment, or in it, are refused. Epoch ms. */
  notBefore: z.number().int(),
})
export type KeptUser = z.output<typeof KeptUser>

const Kept = z.strictObject({
  version: z.literal(1),
  key: z.base64url().length(43),
  /** Ids are never used twice: a token or a figure of somebody removed must not become a newcomer's. */
  nextId: z.number().int().min(1),
  users: z.array(KeptUser).max(200),
})
type Kept = z.output<typeof Kept>

const mostUsers = 200

function fresh(): Kept {
  return { version: 1, key: newKey(), nextId: 1, users: [] }
}

function newKey(): string {
  return randomBytes(32).toString('base64url')
}

function parse(text: string): Kept | null {
  try {
    return Kept.parse(JSON.parse(text))
  } catch {
    // The parser's own message would quote the secret.
    return null
  }
}

export class Vault {
  readonly #slot: SecretSlot
  #kept: Kept
  #key: Uint8Array
  #turn: Promise<unknown> = Promise.resolve()

  /** Rejects when the secret cannot be read: a server without its users must not pretend to have none. */
  static async open(slot: SecretSlot): Promise<Vault> {
    const text = await slot.read()
    const kept = text === null ? fresh() : parse(text)
    if (kept === null)
      throw new Fault(
        'storage',
        'The users and the key kept for this link are damaged',
        'Remove the link and add it again, then its users.',
      )
    const vault = new Vault(slot, kept)
    if (text === null) await slot.write(JSON.stringify(kept))
    return vault
  }

  private constructor(slot: SecretSlot, kept: Kept) {
    this.#slot = slot
    this.#kept = kept
    this.#key = Buffer.from(kept.key, 'base64url')
  }

  get key(): Uint8Array {
    return this.#key
  }

  get users(): readonly KeptUser[] {
    return this.#kept.users
  }

  user(name: string): KeptUser | undefined {
    return this.#kept.users.find(({ user }) => user === name)
  }

  /** A password only where it is new or changed; whoever has no password yet needs one. */
  save(user: string, role: Role, password: PasswordHash | undefined, now: number): Promise<void> {
    return this.#change((kept) => {
      const before = kept.users.find((one) => one.user === user)
      if (before === undefined) {
        if (password === undefined)
          throw new Fault('bad-input', `${user} is new and needs a password`, 'Write one, and save again.')
        if (kept.users.length >= mostUsers)
          throw new Fault('busy', `There are ${mostUsers} users already`, 'Remove one that is not needed.')
        const added = { id: kept.nextId, user, role, password, notBefore: 0 }
        return { ...kept, nextId: kept.nextId + 1, users: [...kept.users, added] }
      }
      const changed = {
        ...before,
        role,
        password: password ?? before.password,
        notBefore: password === undefined ? before.notBefore : now,
      }
      return { ...kept, users: kept.users.map((one) => (one === before ? changed : one)) }
    })
  }

  remove(user: string): Promise<void> {
    return this.#change((kept) => {
      mustKnow(kept, user)
      return { ...kept, users: kept.users.filter((one) => one.user !== user) }
    })
  }

  /** Every token given out so far ends. */
  revoke(user: string, now: number): Promise<void> {
    return this.#change((kept) => {
      mustKnow(kept, user)
      const users = kept.users.map((one) => (one.user === user ? { ...one, notBefore: now } : one))
      return { ...kept, users }
    })
  }

  rotateKey(): Promise<void> {
    return this.#change((kept) => ({ ...kept, key: newKey() }))
  }

  /** One after the other, and true here only once it is on disk. */
  #change(make: (kept: Kept) => Kept): Promise<void> {
    const step = this.#turn.then(async () => {
      const next = make(this.#kept)
      await this.#slot.write(JSON.stringify(next))
      this.#kept = next
      this.#key = Buffer.from(next.key, 'base64url')
    })
    this.#turn = step.catch(() => {})
    return step
  }
}

function mustKnow(kept: Kept, user: string): void {
  if (!kept.users.some((one) => one.user === user))
    throw new Fault(
      'not-found',
      `No user ${user}`,
      'It may have been removed meanwhile; look at the list again.',
    )
}
