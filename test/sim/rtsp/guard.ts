/** Who may look: Basic (RFC 7617) and Digest (RFC 7616), as a camera asks for them. */
import { createHash, randomBytes } from 'node:crypto'
import type { Auth } from './options.ts'

const realm = 'Simulated camera'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
}

export class Guard {
  readonly #auth: Auth
  readonly #user: string
  readonly #password: string
  /** Given out, and how often used. */
  readonly #nonces = new Map<string, number>()

  constructor(auth: Auth, user: string, password: string) {
    this.#auth = auth
    this.#user = user
    this.#password = password
  }

  /** Null: welcome. Else what to put in WWW-Authenticate. */
  check(asked: Asked, onceOnly: boolean): string | null {
    if (this.#auth === 'none') return null
    const given = asked.authorization ?? ''
    if (this.#auth === 'basic') {
      const right = Buffer.from(`${this.#user}:${this.#password}`).toString('base64')
      return given === `Basic ${right}` ? null : this.challenge(false)
    }
    if (!given.startsWith('Digest ')) return this.challenge(false)
    const fields = new Map<string, string>()
    for (const [, name, quoted, bare] of given.slice(7).matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]*))/g))
      fields.set(name ?? '', quoted ?? bare ?? '')
    const nonce = fields.get('nonce') ?? ''
    const used = this.#nonces.get(nonce)
    if (!this.#isRight(fields, asked)) return this.challenge(false)
    if (used === undefined || (onceOnly && used > 0)) return this.challenge(true)
    this.#nonces.set(nonce, used + 1)
    return null
  }

  challenge(isStale: boolean): string {
    if (this.#auth === 'basic' || this.#auth === 'none') return `Basic realm="${realm}"`
    const nonce = randomBytes(16).toString('hex')
    if (this.#nonces.size > 1000) this.#nonces.clear()
    this.#nonces.set(nonce, 0)
    const algorithm = this.#auth === 'digest' ? 'MD5' : 'SHA-256'
    const stale = isStale ? ', stale=true' : ''
    return `Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`
  }

  #isRight(fields: ReadonlyMap<string, string>, { method, url }: Asked): boolean {
    const hash = (text: string) =>
      createHash(this.#auth === 'digest' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex')
    const of = (name: string) => fields.get(name) ?? ''
    const secret = hash(`${this.#user}:${realm}:${this.#password}`)
    const what = hash(`${method}:${url}`)
    const middle = of('qop') === 'auth' ? `${of('nonce')}:${of('nc')}:${of('cnonce')}:auth` : of('nonce')
    return (
      of('username') === this.#user &&
      of('uri') === url &&
      of('response') === hash(`${secret}:${middle}:${what}`)
    )
  }
}
