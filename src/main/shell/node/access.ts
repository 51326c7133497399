/** Who may look and act: one secret per role, made at first run, kept in a 0600 file, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Role, roles } from '../../../contract/kinds.ts'

const Token = z.string().min(32)
const Tokens = z.strictObject({ viewer: Token, operator: Token, admin: Token })

export class Access {
  readonly #file: string
  #tokens: Readonly<Record<Role, string>>
  readonly #rotated = new Set<(role: Role) => void>()

  constructor(dir: string) {
    this.#file = join(dir, 'access.json')
    this.#tokens = this.#read() ?? { viewer: newToken(), operator: newToken(), admin: newToken() }
    this.#write()
  }

  token(role: Role): string {
    return this.#tokens[role]
  }

  /** The role a token stands for, or null. Every role is compared, so the time tells nothing. */
  roleOf(token: string): Role | null {
    const given = digest(token)
    let found: Role | null = null
    for (const role of roles) if (timingSafeEqual(given, digest(this.#tokens[role]))) found = role
    return found
  }

  /** A new secret for one role; sessions of the old one end at once. */
  rotate(role: Role): void {
    this.#tokens = { ...this.#tokens, [role]: newToken() }
    this.#write()
    for (const listener of this.#rotated) listener(role)
  }

  onRotate(listener: (role: Role) => void): () => void {
    this.#rotated.add(listener)
    return () => this.#rotated.delete(listener)
  }

  #read(): Record<Role, string> | null {
    try {
      return Tokens.parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return null // first run, or a file nobody can use any more: new secrets are the safe answer
    }
  }

  #write(): void {
    try {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#tokens), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    } catch {
      // A read-only folder: the secrets live as long as this process does.
    }
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
