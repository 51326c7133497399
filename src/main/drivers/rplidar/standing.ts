/** What is told of the link and of its LiDAR, which change together: live with a health, or not, and why. */
import type { LinkContext } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import type { Health } from './packets.ts'
import type { RplidarProfile } from './profile.ts'
import type { Row } from './row.ts'

/** What was near then is not near now. */
const away = { isScanning: false, rotationHz: null, pointsPerS: null, nearest: null, zone: null }

export class Standing {
  readonly #context: LinkContext<RplidarProfile>
  readonly #book: LinkBook
  readonly #row: Row
  #attempt = 0
  #health: Health | null = null

  constructor(context: LinkContext<RplidarProfile>, book: LinkBook, row: Row) {
    this.#context = context
    this.#book = book
    this.#row = row
  }

  /** What it last said of itself. */
  set health(health: Health | null) {
    this.#health = health
  }

  /** It cannot be used, and is tried again. */
  waits(reason: string, inMs: number): void {
    this.#attempt += 1
    const retryAt = Math.round(this.#context.clock.now() + inMs)
    this.#book.become({ is: 'waiting', retryAt, attempt: this.#attempt, reason })
  }

  /** Something useful came. */
  lives(): void {
    const { clock } = this.#context
    this.#attempt = 0
    if (this.#book.state.is !== 'live') this.#book.become({ is: 'live', since: clock.now() })
    this.#book.useful(clock.now(), clock.monotonic())
    this.#tellHealth('')
  }

  /** The port is open, and nothing of use comes. */
  isQuiet(words: string): void {
    this.rests(words)
    this.#book.become({ is: 'silent', since: this.#context.clock.now(), words })
  }

  /** It does not scan, and all is well where `trouble` is empty. */
  rests(trouble: string): void {
    this.#row.set({ ...away, trouble })
  }

  /** How it is, is not known any more. */
  isLost(trouble: string): void {
    this.#health = null
    this.#row.set({ ...away, health: 'unknown', healthCode: null, trouble })
  }

  isStalled(): void {
    this.#row.set({ health: 'stalled', healthCode: this.#health?.code ?? null })
    this.isQuiet('it answers, but brings no revolution: does its motor turn, is its head blocked?')
  }

  #tellHealth(trouble: string): void {
    const { health = 'unknown', code = null } = this.#health ?? {}
    this.#row.set({ health, healthCode: code, trouble })
  }
}
