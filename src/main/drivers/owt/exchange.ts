/** Pictures out, answers in, on the socket that is open now: what belongs together becomes a fact. */

import { createHash } from 'node:crypto'
import type { Clock } from '../../io/clock.ts'
import type { Peer } from '../../io/peer.ts'
import type { FacePicture, FaceServer, LinkContext } from '../../link.ts'
import type { LinkBook } from '../../link-book.ts'
import { tap } from '../../tap.ts'
import { type Boxes, inPicture } from './boxes.ts'
import {
  type Outgoing,
  type Result,
  readMessage,
  type Said,
  shownPicture,
  statuses,
  withoutPictures,
  writePicture,
  writePing,
} from './codec.ts'
import type { Dialects } from './dialects.ts'
import { answerWithinMs, Flight } from './flight.ts'
import type { OwtProfile } from './profile.ts'
import type { Redactor } from './redact.ts'
import type { Going } from './words.ts'

const pingEveryMs = 30_000
const sweepEveryMs = 100
const rateWindowMs = 3000
const longestWindow = 256
/** One message of the protocol holds a picture of at most 1 MiB. */
const largestPicture = 1024 * 1024
/** A socket that is renewed for an error has not brought a result by that. */
const shortBreakMs = 3000
/** More waits in our own socket: the line is slower than the pictures, and newer ones are better than more. */
const fullLine = 512 * 1024

interface Sent {
  readonly face: FacePicture
  readonly about: Outgoing
}

interface ExchangeDoors {
  /** A result came. */
  useful(): void
  /** Pictures were sent and no result came within the budget. `isBroken`: nothing can be sent before a new socket. */
  silent(isBroken: boolean): void
  /** The server said something that may or may not have been an answer. */
  doubtful(): void
  /** It complains about something. True when the link was ended for it. */
  complained(words: string): boolean
}

interface Parts {
  readonly context: Pick<LinkContext<OwtProfile>, 'profile' | 'clock' | 'inspected' | 'tell'>
  readonly book: LinkBook
  readonly redactor: Redactor
  readonly dialects: Dialects
  readonly boxes: Boxes
  readonly doors: ExchangeDoors
}

export class Exchange implements FaceServer {
  readonly #parts: Parts
  readonly #clock: Clock
  readonly #flight = new Flight<Sent>()
  readonly #listeners = new Set<() => void>()
  readonly #answered: number[] = []
  readonly #name = `${Math.random().toString(36).slice(2, 8)}`
  #peer: Peer | null = null
  #stop: () => void = () => {}
  #sent = 0
  #lost = 0
  #strays = 0
  #tookMs: number | null = null
  #processingMs: number | null = null
  #trouble = ''
  /** Monotonic; when the first picture after the last result went out. */
  #waitingSince: number | null = null
  #closedMono = Number.NEGATIVE_INFINITY
  #hadRoom = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#clock = parts.context.clock
  }

  get going(): Going {
    const now = this.#clock.monotonic()
    const times = this.#answered
    while (times.length > 0 && now - (times[0] ?? now) > rateWindowMs) times.shift()
    return {
      perSecond: times.length / (rateWindowMs / 1000),
      tookMs: this.#tookMs,
      processingMs: this.#processingMs,
      lost: this.#lost,
      strays: this.#strays,
      trouble: this.#trouble,
      echoes: this.#flight.echoes,
    }
  }

  get room(): number {
    if (this.#peer === null || this.#peer.bufferedBytes > fullLine) return 0
    return this.#flight.room
  }

  onRoom(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(peer: Peer): void {
    this.close()
    if (this.#clock.monotonic() - this.#closedMono > shortBreakMs) this.#waitingSince = null
    this.#peer = peer
    this.#flight.begin(this.#parts.dialects.present === 'document')
    const stopPinging = this.#clock.every(pingEveryMs, () => this.#ping())
    const stopSweeping = this.#clock.every(sweepEveryMs, () => this.#sweep())
    this.#stop = () => {
      stopPinging()
      stopSweeping()
    }
    this.#tellRoom()
  }

  /** The socket is gone: what was on its way on it will have no answer. */
  close(): void {
    this.#stop()
    this.#stop = () => {}
    if (this.#peer !== null) this.#closedMono = this.#clock.monotonic()
    this.#peer = null
    this.#lost += this.#flight.begin(false).length
    this.#hadRoom = false
  }

  send(face: FacePicture): void {
    const { dialects, context, book } = this.#parts
    const peer = this.#peer
    if (peer === null || this.room === 0 || face.bytes.length > largestPicture) return
    this.#sent += 1
    const { widthPx, heightPx, receivedAt } = face.picture
    const about: Outgoing = { frameId: `${this.#name}-${this.#sent}`, at: receivedAt, widthPx, heightPx }
    const message = writePicture(dialects.present, about, face.bytes)
    if (!peer.send(message)) return
    const mono = this.#clock.monotonic()
    this.#flight.add(about.frameId, { face, about }, mono)
    this.#waitingSince ??= mono
    this.#hadRoom = this.room > 0
    book.counters.messagesOut += 1
    if (context.inspected())
      this.#tap('out', message.length, shownPicture(dialects.present, about, face.bytes.length))
  }

  hear(bytes: Buffer, isBinary: boolean): void {
    const { book, context, doors } = this.#parts
    book.counters.messagesIn += 1
    book.counters.bytesIn += bytes.length
    this.#expire()
    const said = readMessage(bytes, isBinary, context.profile.zone)
    const trouble = this.#take(said, bytes)
    if (context.inspected()) {
      const text = isBinary ? '<binary>' : withoutPictures(bytes.toString('utf8', 0, 16_384))
      this.#tap('in', bytes.length, text, trouble)
    }
    if (said.is === 'error' && doors.complained(said.words)) return
    const mayDoubt = said.is === 'error' || said.is === 'result'
    if (mayDoubt && this.#flight.isBroken) doors.doubtful()
    this.#tellRoom()
  }

  /** What is wrong with it; empty when it was understood and of use. */
  #take(said: Said, bytes: Buffer): string {
    const { counters } = this.#parts.book
    switch (said.is) {
      case 'result':
        return this.#result(said, bytes)
      case 'error': {
        this.#trouble = this.#parts.redactor.clean(said.words)
        this.#lost += this.#flight.fail(said.frameId).length
        return `error: ${this.#trouble}`
      }
      case 'chatter':
        return ''
      case 'unknown':
        counters.unknownMessages += 1
        return `unknown type ${said.type}`
      case 'bad':
        counters.badMessages += 1
        return said.words
    }
  }

  #result(result: Result, bytes: Buffer): string {
    const { book, boxes, context, doors } = this.#parts
    const now = this.#clock.monotonic()
    const byId = result.frameId !== null && this.#parts.dialects.present === 'document'
    const mark = byId || result.at === null ? null : { at: result.at, digest: digestOf(bytes) }
    const landing = this.#flight.land(result.frameId, now, mark)
    if (landing.is === 'stray') {
      this.#strays += 1
      book.counters.duplicates += 1
      return landing.why === 'late'
        ? 'too late: its picture is no longer waited for'
        : landing.why === 'repeated'
          ? 'an answer that came before'
          : 'an answer to no picture that is waited for'
    }
    this.#waitingSince = this.#flight.size > 0 ? now : null
    this.#tookMs = landing.tookMs
    this.#processingMs = result.processingMs
    this.#trouble = ''
    this.#answered.push(now)
    if (this.#answered.length > longestWindow) this.#answered.shift()
    const { camera, picture, bytes: jpeg } = landing.picture.face
    const { frame, receivedAt: at, excerpt, widthPx, heightPx } = picture
    const excerptBox = excerpt.box
    context.tell({
      type: 'faces-found',
      link: context.profile.id,
      camera,
      frame,
      at,
      receivedAt: this.#clock.now(),
      faces: result.faces.map((face) => {
        const square = face.box === null ? null : boxes.read(face.box, picture)
        return {
          person: face.person,
          confidence: face.confidence,
          at,
          box: square === null ? null : inPicture(square, excerptBox),
          mask: face.mask,
          isCheckedIn: face.isCheckedIn,
          age: face.age,
          gender: face.gender,
        }
      }),
      picture: { bytes: jpeg, widthPx, heightPx, excerpt: excerptBox },
    })
    doors.useful()
    if (result.unread > 0) return `${result.unread} faces that cannot be read`
    const isOdd = result.status !== null && !statuses.includes(result.status)
    return isOdd ? `status ${result.status} is not known` : ''
  }

  #expire(): void {
    const lost = this.#flight.expire(this.#clock.monotonic())
    this.#lost += lost.length
  }

  #sweep(): void {
    const wasBroken = this.#flight.isBroken
    this.#expire()
    const { isBroken } = this.#flight
    const since = this.#waitingSince
    const isOverdue = since !== null && this.#clock.monotonic() - since >= answerWithinMs
    if (isOverdue || (isBroken && !wasBroken)) {
      this.#waitingSince = null
      this.#parts.doors.silent(isBroken)
    }
    this.#tellRoom()
  }

  #tellRoom(): void {
    const hasRoom = this.room > 0
    const is = hasRoom && !this.#hadRoom
    this.#hadRoom = hasRoom
    if (is) for (const listener of [...this.#listeners]) listener()
  }

  #ping(): void {
    const text = writePing(this.#clock.now())
    if (this.#peer?.send(text) !== true) return
    this.#parts.book.counters.messagesOut += 1
    this.#tap('out', text.length, text)
  }

  #tap(direction: 'in' | 'out', sizeBytes: number, text: string, trouble = ''): void {
    const { context, redactor } = this.#parts
    tap(context, direction, context.profile.url, sizeBytes, redactor.clean(text), redactor.clean(trouble))
  }
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64')
}
