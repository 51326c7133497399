/** A link to an OWT face server: keeps its socket, says honestly how it is, and renews what can no longer be trusted. */
import type { LinkState } from '../../../contract/links.ts'
import { dial } from '../../io/dial.ts'
import { KeepOpen } from '../../io/keep-open.ts'
import type { Peer, PeerDoors } from '../../io/peer.ts'
import type { FaceServer, LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery } from '../../order.ts'
import { withKey } from './address.ts'
import { Boxes } from './boxes.ts'
import { Dialects } from './dialects.ts'
import { Exchange } from './exchange.ts'
import { answerWithinMs } from './flight.ts'
import type { OwtProfile } from './profile.ts'
import { Redactor } from './redact.ts'
import { isAboutKey, isTurnedAway, noteWords, refusedWords, silentWords } from './words.ts'

/** A server that answers every picture with an error must not be dialled with every picture. */
const renewEveryMs = 1000
/** So long a renewal is nobody's business; then the link says what it is doing. */
const renewWithinMs = 2000
/** With ids the socket stays good while answers are missing, but not for ever. */
const redialSilentMs = 30_000
const noteEveryMs = 1000
/** Four pictures of a mebibyte in base64. */
const bufferedBytes = 8 * 1024 * 1024

export class Client implements RunningLink {
  readonly faceServer: FaceServer
  readonly #context: LinkContext<OwtProfile>
  readonly #redactor = new Redactor()
  readonly #dialects: Dialects
  readonly #boxes: Boxes
  readonly #book: LinkBook
  readonly #exchange: Exchange
  readonly #keep: KeepOpen
  readonly #stopNotes: () => void
  /** Answers to an attempt that is no longer the present one are not for us. */
  #attempt = 0
  #hangUp: () => void = () => {}
  #peer: Peer | null = null
  #hasKey = false
  /** The socket is being renewed: what is shown stays as it is meanwhile. */
  #holds = false
  #renewedMono = Number.NEGATIVE_INFINITY
  #isRenewing = false
  #cancelRenewal: () => void = () => {}
  #cancelHold: () => void = () => {}
  #closed = false

  constructor(context: LinkContext<OwtProfile>) {
    const { profile, clock } = context
    this.#context = context
    this.#dialects = new Dialects(profile.dialect)
    this.#boxes = new Boxes(profile.boxFormat)
    this.#book = new LinkBook(context, profile.id, profile.url, answerWithinMs)
    this.#exchange = new Exchange({
      context,
      book: this.#book,
      redactor: this.#redactor,
      dialects: this.#dialects,
      boxes: this.#boxes,
      doors: {
        useful: () => this.#useful(),
        silent: (isBroken) => this.#silent(isBroken),
        doubtful: () => this.#renewQuietly(),
        complained: (words) => this.#complained(words),
      },
    })
    this.faceServer = this.#exchange
    this.#keep = new KeepOpen(profile.ladder, clock, {
      open: () => void this.#open(),
      close: () => this.#drop(),
      changed: (state) => this.#changed(state),
    })
    this.#stopNotes = clock.every(noteEveryMs, () => this.#note())
  }

  start(): void {
    this.#note()
    this.#keep.on({ type: 'start' })
  }

  async #open(): Promise<void> {
    const { profile, clock, secret } = this.#context
    this.#attempt += 1
    const attempt = this.#attempt
    let address: string
    try {
      const kept = withKey(profile.url, await secret.read())
      this.#hasKey = kept.key !== null
      this.#redactor.know(kept.key)
      address = kept.address
    } catch (error) {
      const reason = `the API key cannot be read: ${error instanceof Error ? error.message : String(error)}`
      if (attempt === this.#attempt) this.#keep.on({ type: 'lost', reason })
      return
    }
    if (attempt !== this.#attempt) return
    this.#hangUp = dial({
      url: address,
      shownAs: profile.url,
      clock,
      limits: { bufferedBytes },
      opened: (peer) => this.#opened(peer),
      failed: (reason, refused) => {
        if (attempt !== this.#attempt) return
        const words = this.#redactor.clean(reason)
        const isKey = refused && words.includes('HTTP')
        if (refused)
          this.#keep.on({ type: 'refused', reason: isKey ? refusedWords(this.#hasKey, words) : words })
        else this.#keep.on({ type: 'lost', reason: words })
      },
    })
  }

  #opened(peer: Peer): PeerDoors {
    this.#peer = peer
    this.#book.peers = 1
    this.#keep.on({ type: 'opened' })
    this.#exchange.open(peer)
    return {
      message: (bytes, isBinary) => {
        if (this.#peer === peer) this.#exchange.hear(bytes, isBinary)
      },
      closed: (code, reason) => {
        // One that we gave up ourselves has nothing more to say.
        if (this.#peer !== peer) return
        this.#clear()
        const words = this.#redactor.clean(reason)
        if (isTurnedAway(code) || (words !== '' && isAboutKey(words)))
          this.#keep.on({
            type: 'refused',
            reason: refusedWords(this.#hasKey, words === '' ? `${code}` : words),
          })
        else
          this.#keep.on({
            type: 'lost',
            reason: words === '' ? `the server hung up (${code})` : `the server hung up: ${words}`,
          })
      },
    }
  }

  #clear(): void {
    this.#stopRenewal()
    this.#peer = null
    this.#book.peers = 0
    this.#exchange.close()
  }

  #drop(): void {
    this.#attempt += 1
    const peer = this.#peer
    this.#clear()
    peer?.close(1000, 'Client disconnect')
    // A closing handshake may take its time; a dial that has not opened ends here.
    if (peer === null) this.#hangUp()
    this.#hangUp = () => {}
  }

  #changed(state: LinkState): void {
    if (this.#closed) return
    const { log, profile } = this.#context
    switch (state.is) {
      case 'opening':
      case 'greeting':
        if (this.#holds) return
        break
      case 'silent': {
        if (this.#holds) return
        const before = this.#book.state
        const since = before.is === 'silent' ? before.since : state.since
        this.#book.become({ ...state, since, words: silentWords(this.#dialects) })
        return
      }
      case 'refused':
        log.warn('link-refused', { link: profile.id, reason: state.reason })
        this.#release()
        break
      default:
        this.#release()
    }
    this.#book.become(state)
  }

  #hold(): void {
    this.#holds = true
    this.#cancelHold()
  }

  #release(): void {
    this.#holds = false
    this.#cancelHold()
  }

  #useful(): void {
    const { clock } = this.#context
    this.#stopRenewal()
    this.#dialects.heard()
    this.#keep.on({ type: 'useful' })
    this.#book.useful(clock.now(), clock.monotonic())
  }

  #silent(isBroken: boolean): void {
    this.#release()
    this.#keep.on({ type: 'quiet' })
    // It stays silent in everybody's eyes until a result comes, however often its socket is renewed.
    this.#hold()
    if (isBroken) this.#renew(0)
    else if (!this.#isRenewing) this.#renew(redialSilentMs)
  }

  /** An error in place of an answer: the next answer could be the one to the picture before, so it must come on a new socket. */
  #renewQuietly(): void {
    this.#hold()
    if (this.#book.state.is !== 'silent')
      this.#cancelHold = this.#context.clock.after(renewEveryMs + renewWithinMs, () => {
        this.#release()
        this.#changed(this.#keep.link)
      })
    if (!this.#dialects.worked) this.#dialects.silence()
    this.#keep.on({ type: 'quiet' })
    this.#renew(0)
  }

  #renew(afterMs: number): void {
    const { clock } = this.#context
    const soonest = this.#renewedMono + renewEveryMs - clock.monotonic()
    this.#stopRenewal()
    this.#isRenewing = true
    this.#cancelRenewal = clock.after(Math.max(afterMs, soonest, 0), () => {
      this.#isRenewing = false
      this.#renewedMono = clock.monotonic()
      if (this.#book.state.is === 'silent') this.#dialects.silence()
      this.#keep.on({ type: 'retry' })
    })
  }

  #stopRenewal(): void {
    this.#isRenewing = false
    this.#cancelRenewal()
  }

  #complained(words: string): boolean {
    if (!isAboutKey(words)) return false
    this.#keep.on({ type: 'refused', reason: refusedWords(this.#hasKey, this.#redactor.clean(words)) })
    return true
  }

  #note(): void {
    const { clock } = this.#context
    const { state, usefulAt } = this.#book
    // No news while nobody asks is no silence: it is counted from the pictures, in the exchange.
    if (state.is === 'live' && usefulAt !== null) this.#book.useful(usefulAt, clock.monotonic())
    this.#book.note = noteWords(this.#dialects, this.#boxes, this.#exchange.going)
  }

  async deliver(): Promise<Delivery> {
    return { is: 'refused', reason: 'a face server takes pictures, no orders' }
  }

  retry(): void {
    this.#release()
    this.#keep.on({ type: 'retry' })
  }

  /** It has no devices. */
  forget(): void {}

  async close(): Promise<void> {
    this.#closed = true
    this.#release()
    this.#stopNotes()
    this.#keep.on({ type: 'stop' })
    this.#book.close()
  }
}
