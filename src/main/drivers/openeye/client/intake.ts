/** What the socket says becomes facts: counted, shown to the inspector without secrets, handed on. */
import { never } from '../../../../contract/fault.ts'
import type { LinkContext } from '../../../link.ts'
import type { LinkBook } from '../../../link-book.ts'
import { tap } from '../../../tap.ts'
import { type Decoded, decode, type Zones } from '../messages.ts'
import type { Alarms } from './alarms.ts'
import type { ClockOffset } from './clock-offset.ts'
import type { Faces } from './faces.ts'
import type { ClientProfile } from './profile.ts'
import type { Redactor } from './redact.ts'
import { serverAlert } from './server-alert.ts'
import type { NewestStatistics } from './statistics-fact.ts'

interface Parts {
  readonly context: LinkContext<ClientProfile>
  readonly book: LinkBook
  readonly zones: Zones
  readonly redactor: Redactor
  readonly offset: ClockOffset
  readonly statistics: NewestStatistics
  readonly faces: Faces
  readonly alarms: Alarms
  /** The server said something that proves it works. */
  readonly useful: () => void
}

export class Intake {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  take(bytes: Buffer, isBinary: boolean): void {
    const { book, context, zones, offset, redactor } = this.#parts
    const { counters } = book
    counters.messagesIn += 1
    counters.bytesIn += bytes.length
    const decoded = decode(bytes, isBinary, zones)
    this.#tap(decoded, bytes.length)
    const { message, text } = decoded
    const { clock, profile } = context
    const now = clock.now()
    switch (message.is) {
      case 'bad':
        counters.badMessages += 1
        return
      case 'unknown':
        counters.unknownMessages += 1
        return
      case 'courtesy':
      case 'statistics-failed':
        return
      case 'pong':
        this.#parts.useful()
        return
      case 'statistics': {
        this.#parts.useful()
        const at = message.at ?? now + offset.ms
        const row = this.#parts.statistics.take(profile.id, message.figures, at, now, 'socket')
        if (row !== null) context.tell({ type: 'statistics-reported', statistics: row })
        return
      }
      case 'camera-event':
        this.#parts.useful()
        this.#parts.faces.event(this.#withoutSecrets(message), text, redactor.clean(text))
        return
      case 'alert': {
        this.#parts.useful()
        const clean = this.#withoutSecrets(message)
        void this.#parts.alarms.raise(serverAlert(profile.id, clean, text, redactor.clean(text), now))
        return
      }
      default:
        never(message, 'message')
    }
  }

  #withoutSecrets<M extends { readonly words: string | null }>(message: M): M {
    const { redactor } = this.#parts
    return message.words === null ? message : { ...message, words: redactor.clean(message.words) }
  }

  #tap({ message, text }: Decoded, sizeBytes: number): void {
    const { context, redactor } = this.#parts
    if (!context.inspected()) return
    const unknown = message.is === 'unknown' ? `unknown type ${message.type}` : ''
    const isTrouble = message.is === 'bad' || message.is === 'statistics-failed'
    const trouble = isTrouble ? message.reason : unknown
    tap(context, 'in', context.profile.url, sizeBytes, redactor.clean(text), redactor.clean(trouble))
  }
}
