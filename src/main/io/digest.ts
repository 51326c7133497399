/** Logging in by HTTP's own means, as cameras ask for it over HTTP and RTSP: Basic (RFC 7617) and Digest (RFC 7616), MD5 and SHA-256. Pure. */
import { createHash, randomBytes } from 'node:crypto'

export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'

export interface BasicChallenge {
  readonly scheme: 'basic'
  readonly realm: string
}

export interface DigestChallenge {
  readonly scheme: 'digest'
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  readonly algorithm: DigestAlgorithm
  /** False: as RFC 2069 had it, without counting. */
  readonly hasQop: boolean
  /** The login was good, only its nonce is used up. */
  readonly isStale: boolean
}

export type Challenge = BasicChallenge | DigestChallenge

const algorithms: readonly DigestAlgorithm[] = ['SHA-256', 'SHA-256-sess', 'MD5', 'MD5-sess']
/** Longer ones are no camera's. */
const longestHeader = 8192

/** Every challenge of a WWW-Authenticate header that can be answered, the strongest first. */
export function challengesOf(header: string | readonly string[] | undefined): Challenge[] {
  const text = (typeof header === 'string' ? header : (header ?? []).join(', ')).slice(0, longestHeader)
  const found: Challenge[] = []
  for (const { scheme, params } of schemesOf(text)) {
    const read = scheme === 'basic' ? basic(params) : scheme === 'digest' ? digest(params) : null
    if (read !== null) found.push(read)
  }
  return found.sort((a, b) => rank(a) - rank(b))
}

function rank(challenge: Challenge): number {
  return challenge.scheme === 'basic' ? algorithms.length : algorithms.indexOf(challenge.algorithm)
}

type Params = ReadonlyMap<string, string>

const piece = /\s*(?:,\s*)*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gy

/** `Digest realm="x", qop="auth", Basic realm="y"`: a word without `=` begins the next challenge. */
function schemesOf(text: string): { scheme: string; params: Params }[] {
  const found: { scheme: string; params: Map<string, string> }[] = []
  piece.lastIndex = 0
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [, word = '', quoted, plain] = match
    const value = quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, '$1')
    if (value === undefined) found.push({ scheme: word.toLowerCase(), params: new Map() })
    else found.at(-1)?.params.set(word.toLowerCase(), value)
  }
  return found
}

function basic(params: Params): BasicChallenge {
  return { scheme: 'basic', realm: params.get('realm') ?? '' }
}

function digest(params: Params): DigestChallenge | null {
  const nonce = params.get('nonce')
  const named = (params.get('algorithm') ?? 'MD5').toLowerCase()
  const algorithm = algorithms.find((one) => one.toLowerCase() === named)
  const qop = params
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/)
  // `auth-int` alone would need the body's hash, which no camera asks for.
  if (nonce === undefined || algorithm === undefined || (qop !== undefined && !qop.includes('auth')))
    return null
  return {
    scheme: 'digest',
    realm: params.get('realm') ?? '',
    nonce,
    opaque: params.get('opaque') ?? null,
    algorithm,
    hasQop: qop !== undefined,
    isStale: params.get('stale')?.toLowerCase() === 'true',
  }
}

export interface Login {
  readonly user: string
  readonly password: string
}

export interface DigestUse {
  readonly method: string
  /** As in the request line. */
  readonly uri: string
  readonly cnonce: string
  /** How often this nonce has been used, from 1. */
  readonly count: number
}

export function basicAnswer({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`
}

export function digestAnswer(challenge: DigestChallenge, login: Login, use: DigestUse): string {
  const { realm, nonce, opaque, algorithm, hasQop } = challenge
  const { method, uri, cnonce } = use
  const hash = (text: string) =>
    createHash(algorithm.startsWith('SHA') ? 'sha256' : 'md5')
      .update(text, 'utf8')
      .digest('hex')
  const who = hash(`${login.user}:${realm}:${login.password}`)
  const a1 = algorithm.endsWith('-sess') ? hash(`${who}:${nonce}:${cnonce}`) : who
  const a2 = hash(`${method}:${uri}`)
  const nc = use.count.toString(16).padStart(8, '0')
  const response = hash(hasQop ? `${a1}:${nonce}:${nc}:${cnonce}:auth:${a2}` : `${a1}:${nonce}:${a2}`)
  const needsCnonce = hasQop || algorithm.endsWith('-sess')
  const parts = [
    userPart(login.user),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(hasQop ? ['qop=auth', `nc=${nc}`] : []),
    ...(needsCnonce ? [`cnonce=${quoted(cnonce)}`] : []),
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
  ]
  return `Digest ${parts.join(', ')}`
}

/** RFC 7616 §3.4: a name with other letters than ASCII's goes percent-encoded. */
function userPart(user: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(user)
  return isPlain ? `username=${quoted(user)}` : `username*=UTF-8''${encodeURIComponent(user)}`
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

/** One account at one server: learns how it wants to be told, and tells it so with each request from then on. */
export class HttpLogin {
  readonly #login: Login
  readonly #newCnonce: () => string
  #challenge: Challenge | null = null
  /** One for each challenge: with a session algorithm the server keeps what it made of the first (RFC 7616 §3.4.2). */
  #cnonce = ''
  #count = 0

  constructor(login: Login, cnonce = () => randomBytes(16).toString('base64url')) {
    this.#login = login
    this.#newCnonce = cnonce
  }

  /**
   * A 401 came. True: another try is worth it. A second 401 on the answer we gave means that user or password are wrong, unless
   * the server says that only its nonce is old.
   */
  challenged(header: string | readonly string[] | undefined, wasAnswered: boolean): boolean {
    const [strongest] = challengesOf(header)
    if (strongest === undefined) return false
    const isOld = strongest.scheme === 'digest' && strongest.isStale
    this.#challenge = strongest
    this.#cnonce = this.#newCnonce()
    this.#count = 0
    return !wasAnswered || isOld
  }

  /** The Authorization header of the next request; null until the server asked for one. */
  answer(method: string, uri: string): string | null {
    if (this.#challenge === null) return null
    if (this.#challenge.scheme === 'basic') return basicAnswer(this.#login)
    this.#count += 1
    return digestAnswer(this.#challenge, this.#login, {
      method,
      uri,
      cnonce: this.#cnonce,
      count: this.#count,
    })
  }

  /** Ask again what the server wants: the answer we gave no longer helps. */
  forget(): void {
    this.#challenge = null
    this.#count = 0
  }
}
