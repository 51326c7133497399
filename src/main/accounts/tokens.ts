/** JSON Web Tokens of one server of ours: HS256 and nothing else. Whatever is wrong with one, it takes the same steps to find out. */
import { randomUUID } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../io/clock.ts'
import { readJson } from '../io/json.ts'
import type { KeptUser, Vault } from './vault.ts'

const longestToken = 4096
/** How far a token may come from our own future: the clock may have been set back a little. */
const leewayS = 5
const shape = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/
/** Not ours, and of the right shape: what has not even the shape is verified in its place. */
const decoy = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: '' })}.${Buffer.alloc(32).toString('base64url')}`

/** A token that holds, and whose it is. */
export interface Pass {
  readonly user: KeptUser
  readonly tokenId: string
  readonly issuedAt: number
  readonly expiresAt: number
}

export type Verified =
  | { readonly ok: true; readonly pass: Pass }
  /** For the log; the peer is told nothing of it. */
  | { readonly ok: false; readonly why: string }

export type VerifyJws = typeof jwtVerify

/** What the tokens of one server say beside whose they are. */
export interface TokenKind {
  readonly audience: string
  readonly minutes: number
  /** Claims that must be there again, word for word. */
  readonly fixed?: Readonly<Record<string, string>>
  /** For whoever reads it; what somebody may do is decided by how their account stands now. */
  readonly shows?: (user: KeptUser) => Readonly<Record<string, string>>
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Base64url has spare bits at its end: only one of the spellings is ours. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

function isObject(part: string): boolean {
  const read = readJson(Buffer.from(part, 'base64url'))
  return read.ok && typeof read.value === 'object' && read.value !== null && !Array.isArray(read.value)
}

/** No key, no link to a key, no extension: nothing in a header of ours is more than these two. */
function hasOwnHeader(token: string): boolean {
  const { alg, typ, ...more } = decodeProtectedHeader(token)
  return alg === 'HS256' && typ === 'JWT' && Object.keys(more).length === 0
}

function isWellFormed(token: string): boolean {
  if (token.length > longestToken || !shape.test(token)) return false
  const parts = token.split('.')
  return parts.every(isCanonical) && parts.slice(0, 2).every(isObject) && hasOwnHeader(token)
}

export class Tokens {
  readonly #vault: Vault
  readonly #clock: Clock
  readonly #kind: TokenKind
  readonly #verify: VerifyJws

  constructor(vault: Vault, clock: Clock, kind: TokenKind, own: VerifyJws = jwtVerify) {
    this.#vault = vault
    this.#clock = clock
    this.#kind = kind
    this.#verify = own
  }

  get lifeMs(): number {
    return this.#kind.minutes * 60_000
  }

  issue(account: KeptUser): Promise<string> {
    const { user, notBefore } = account
    const { audience, fixed, shows } = this.#kind
    const now = this.#clock.now()
    // In thousandths, and after the last revocation: a login in the very second of it counts.
    const issuedAt = Math.max(now, notBefore + 1) / 1000
    return new SignJWT({ ...shows?.(account), ...fixed, iat: issuedAt })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(user)
      .setAudience(audience)
      .setExpirationTime(Math.floor((now + this.lifeMs) / 1000))
      .setJti(randomUUID())
      .sign(this.#vault.key)
  }

  /** Null: none was brought. */
  async verify(token: string | null): Promise<Verified> {
    const isOurs = token !== null && isWellFormed(token)
    const shapeWhy = token === null ? 'no token' : 'not a token of ours'
    try {
      const { payload } = await this.#verify(isOurs ? token : decoy, this.#vault.key, {
        algorithms: ['HS256'],
        audience: this.#kind.audience,
        typ: 'JWT',
        requiredClaims: ['sub', 'exp', 'iat', 'aud', 'jti'],
        currentDate: new Date(this.#clock.now()),
      })
      return isOurs ? this.#judge(payload) : { ok: false, why: shapeWhy }
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      return { ok: false, why: isOurs ? inWords(error) : shapeWhy }
    }
  }

  /** Again, while its socket or stream is open: its user may be gone, or its tokens ended. */
  holds(pass: Pass): boolean {
    const user = this.#vault.user(pass.user.user)
    return user?.id === pass.user.id && pass.issuedAt > user.notBefore && pass.expiresAt > this.#clock.now()
  }

  #judge(claims: Readonly<Record<string, unknown>>): Verified {
    const { sub, exp, iat, aud, jti } = claims
    const isFixed = Object.entries(this.#kind.fixed ?? {}).every(([name, value]) => claims[name] === value)
    if (typeof sub !== 'string' || typeof jti !== 'string' || aud !== this.#kind.audience || !isFixed)
      return { ok: false, why: 'claims of the wrong kind' }
    if (typeof iat !== 'number' || typeof exp !== 'number')
      return { ok: false, why: 'claims of the wrong kind' }
    const user = this.#vault.user(sub)
    if (user === undefined) return { ok: false, why: 'its user is not known here' }
    const issuedAt = Math.round(iat * 1000)
    if (issuedAt <= user.notBefore) return { ok: false, why: 'it was ended' }
    if (issuedAt > Math.max(this.#clock.now(), user.notBefore) + leewayS * 1000)
      return { ok: false, why: 'it comes from the future' }
    return { ok: true, pass: { user, tokenId: jti, issuedAt, expiresAt: exp * 1000 } }
  }
}

function inWords(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong'
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} does not fit`
  return 'not a token of ours'
}
