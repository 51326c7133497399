/** Opens an MJPEG camera's stream and logs in as the camera asks for it: without a word, by Basic, by Digest, or with a token. */
import { Credentials } from '../../../contract/accounts.ts'
import type { Clock } from '../../io/clock.ts'
import { HttpLogin } from '../../io/digest.ts'
import type { HttpClient } from '../../io/http-client.ts'
import { type MjpegPicture, openMjpeg } from '../../io/mjpeg-stream.ts'
import type { SecretSlot } from '../../link.ts'

export interface DialDoors {
  /** The stream is open; a picture is still to come. */
  opened(): void
  frame(picture: MjpegPicture): void
  bad(count: number): void
  /** `isRefused`: trying again by itself would only lock the account. */
  ended(reason: string, isRefused: boolean): void
}

interface Parts {
  readonly clock: Clock
  readonly http: HttpClient
  readonly url: string
  readonly secret: SecretSlot
  readonly doors: DialDoors
}

const wantsLogin = 'the camera asks for a user name and password: give them to this link'
const wrongLogin = 'the camera does not accept this user name and password'

export class MjpegDial {
  readonly #parts: Parts
  #login: HttpLogin | null = null
  #token: string | null = null
  #isRead = false
  /** Grows with every opening: what an earlier one still says is not heard. */
  #opening = 0
  #close: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
  }

  open(): void {
    this.close()
    void this.#begin(++this.#opening)
  }

  close(): void {
    this.#opening += 1
    this.#close()
    this.#close = () => {}
  }

  async #begin(opening: number): Promise<void> {
    if (!this.#isRead) await this.#readSecret()
    if (opening === this.#opening) this.#dial(opening, false)
  }

  async #readSecret(): Promise<void> {
    const text = await this.#parts.secret.read().catch(() => null)
    this.#isRead = true
    const kept = parsed(text)
    if (kept?.is === 'password') this.#login = new HttpLogin(kept)
    else if (kept?.is === 'token') this.#token = kept.token
  }

  #dial(opening: number, isSecond: boolean): void {
    const { clock, http, url, doors } = this.#parts
    const authorization = this.#authorization()
    let isRefused = false
    let goesOn = false
    this.#close = openMjpeg(
      { clock, http, url, headers: authorization === null ? {} : { authorization } },
      {
        answered: (status, headers) => {
          if (status === 401) {
            const challenge = headers['www-authenticate']
            // An answer to an earlier connection's challenge may be too old without the camera saying so.
            goesOn = this.#login?.challenged(challenge, isSecond) === true && !isSecond
            isRefused = !goesOn
            return this.#login === null && this.#token === null ? wantsLogin : wrongLogin
          }
          isRefused = status === 403
          if (status === 200) doors.opened()
          return wordsOf(status)
        },
        bad: doors.bad,
        frame: doors.frame,
        ended: (reason) => {
          if (opening !== this.#opening) return
          if (goesOn) this.#dial(opening, true)
          else doors.ended(reason, isRefused)
        },
      },
    )
  }

  #authorization(): string | null {
    if (this.#token !== null) return `Bearer ${this.#token}`
    const { pathname, search } = new URL(this.#parts.url)
    return this.#login?.answer('GET', pathname + search) ?? null
  }
}

function parsed(text: string | null): Credentials | null {
  try {
    return Credentials.parse(JSON.parse(text ?? 'null'))
  } catch {
    return null
  }
}

function wordsOf(status: number): string {
  if (status === 200) return ''
  if (status === 403) return 'the camera does not let this account see its picture'
  if (status === 404) return 'the camera knows no such path: look at the address'
  if (status === 503) return 'the camera is busy: it may allow only a few viewers at once'
  if (status >= 300 && status < 400) return `the camera sends elsewhere (HTTP ${status}): use that address`
  return `the camera answered HTTP ${status}`
}
