/** Who we are to the server: logs in, keeps the token fresh, and asks with it. A live socket never notices a renewal. */
import { Credentials } from '../../../../contract/accounts.ts'
import { Fault } from '../../../../contract/fault.ts'
import type { Clock } from '../../../io/clock.ts'
import type { SecretSlot } from '../../../link.ts'
import { expiryOf, flagIn, isFields, textIn } from '../fields.ts'
import type { Redactor } from './redact.ts'
import { detailOf } from './replies.ts'
import type { Answer, Ask, Rest } from './rest.ts'

/** Trying again would not help until somebody changes something. */
export class Refused extends Fault {
  constructor(message: string, tip = 'Change the link and enter what it needs.') {
    super('not-allowed', message, tip)
  }
}

/** A token that does not say how long it lives is renewed as the deployed server's would need it. */
const assumedLifeMs = 31 * 60_000
const renewAfterShare = 0.8
const renewAgainMs = 10_000
/** Timers beyond that would fire at once; a day is soon enough to look again. */
const longestWaitMs = 24 * 3600_000
const pasteAgain = 'the pasted token has expired: paste a new one'

interface Token {
  readonly text: string
  readonly pasted: boolean
  /** Ours, monotonic. */
  readonly endsAt: number
}

interface Parts {
  readonly rest: Pick<Rest, 'send'>
  readonly secret: SecretSlot
  readonly clock: Clock
  readonly redactor: Redactor
  readonly url: string
  /** A renewal was refused: what is open may stay open, but nothing new can be asked. */
  readonly refused: (reason: string) => void
}

export class Session {
  readonly #parts: Parts
  #token: Token | null = null
  #login: Promise<Token> | null = null
  #isSetUp = false
  #stopRenewal: () => void = () => {}
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  get isLoggedIn(): boolean {
    return this.#token !== null
  }

  /** The present token, or a new login. Rejects with Refused, or with a Fault of the network. */
  async token(): Promise<string> {
    const now = this.#parts.clock.monotonic()
    if (this.#token !== null && this.#token.endsAt > now) return this.#token.text
    return (await this.#logIn()).text
  }

  get present(): string | null {
    return this.#token?.text ?? null
  }

  /** Forgets it: the server did not accept it, or somebody entered other credentials. */
  drop(): void {
    this.#token = null
    this.#stopRenewal()
  }

  /** A question that needs us logged in. A token that is no longer good is replaced once. */
  async ask(ask: Ask): Promise<Answer> {
    const token = await this.token()
    const answer = await this.#parts.rest.send(ask, token)
    if (answer.status !== 401) return answer
    const wasPasted = this.#token?.pasted === true
    if (this.#token?.text === token) this.drop()
    if (wasPasted) throw new Refused('the server does not accept the pasted token: paste a new one')
    const again = await this.#parts.rest.send(ask, await this.token())
    if (again.status !== 401) return again
    this.drop()
    throw new Refused('the server does not accept the token it has just given out')
  }

  #logIn(): Promise<Token> {
    // Many may want it at once; one asks.
    this.#login ??= this.#once().finally(() => {
      this.#login = null
    })
    return this.#login
  }

  async #once(): Promise<Token> {
    const { secret, redactor, clock } = this.#parts
    const credentials = readCredentials(await secret.read())
    if (credentials === null) throw new Refused('enter user and password')
    if (credentials.is === 'token') {
      redactor.know(credentials.token)
      const expiresAt = expiryOf(credentials.token)
      const lifeMs = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - clock.now()
      if (lifeMs <= 0) throw new Refused(pasteAgain)
      return this.#keep({ text: credentials.token, pasted: true, endsAt: clock.monotonic() + lifeMs }, lifeMs)
    }
    redactor.know(credentials.password)
    await this.#checkSetUp()
    const form = new URLSearchParams({ username: credentials.user, password: credentials.password })
    const answer = await this.#parts.rest.send(
      { path: '/api/token', method: 'POST', by: 'login', form: form.toString() },
      null,
    )
    const detail = detailOf(answer.value)
    const words = detail === null ? null : redactor.clean(detail)
    if (answer.status === 401 || answer.status === 400 || answer.status === 403)
      throw new Refused(`the server refused the login: ${words ?? `HTTP ${answer.status}`}`)
    const text = isFields(answer.value) ? textIn(answer.value, 'access_token', 8192) : null
    if (answer.status !== 200 || text === null)
      throw new Fault('link-down', `the login failed: ${words ?? `HTTP ${answer.status}`}`)
    redactor.know(text)
    const serverNow = Date.parse(answer.date ?? '')
    const expiresAt = expiryOf(text)
    const saidMs = expiresAt === null ? 0 : expiresAt - (Number.isNaN(serverNow) ? clock.now() : serverNow)
    const lifeMs = saidMs > 0 ? saidMs : assumedLifeMs
    return this.#keep({ text, pasted: false, endsAt: clock.monotonic() + lifeMs }, lifeMs)
  }

  async #checkSetUp(): Promise<void> {
    if (this.#isSetUp) return
    const answer = await this.#parts.rest.send({ path: '/api/setup/status', by: 'login' }, null)
    if (isFields(answer.value) && flagIn(answer.value, 'setup_complete') === false)
      throw new Refused(
        `this OpenEye server has not been set up: open ${this.#parts.url} in a browser and create its first user`,
      )
    // A server that does not know the question has been set up in its own way.
    this.#isSetUp = true
  }

  #keep(token: Token, lifeMs: number): Token {
    if (this.#closed) return token
    this.#token = token
    this.#stopRenewal()
    const after = token.pasted ? lifeMs : lifeMs * renewAfterShare
    this.#later(after, () => {
      if (token.pasted) this.#expired()
      else void this.#renew()
    })
    return token
  }

  #later(delayMs: number, run: () => void): void {
    if (delayMs <= longestWaitMs) this.#stopRenewal = this.#parts.clock.after(delayMs, run)
    else if (Number.isFinite(delayMs))
      this.#stopRenewal = this.#parts.clock.after(longestWaitMs, () =>
        this.#later(delayMs - longestWaitMs, run),
      )
  }

  #expired(): void {
    this.#token = null
    this.#parts.refused(pasteAgain)
  }

  async #renew(): Promise<void> {
    try {
      await this.#logIn()
    } catch (error) {
      if (this.#closed) return
      if (error instanceof Refused) {
        this.drop()
        this.#parts.refused(error.message)
      } else this.#later(renewAgainMs, () => void this.#renew())
    }
  }

  close(): void {
    this.#closed = true
    this.drop()
  }
}

export function readCredentials(kept: string | null): Credentials | null {
  if (kept === null) return null
  try {
    const read = Credentials.safeParse(JSON.parse(kept))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
