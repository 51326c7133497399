/** One export: read, offered under a ticket, handed over piece by piece as fast as the other side takes it, written down before and after. */
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Alert } from '../../../contract/alerts.ts'
import { exportPath } from '../../../contract/export-limits.ts'
import { Fault } from '../../../contract/fault.ts'
import type { ExportStep } from '../../../contract/recordings.ts'
import type { Frame, OpenFeed } from '../../../rpc/handlers.ts'
import type { Segment } from '../shelf.ts'
import { type ExportParts, type ExportWish, type Film, factsOf, readFilm } from './film.ts'
import { filmBytes } from './film-index.ts'
import { manifestText, missingMs } from './manifest.ts'

/** A film on its way out of the app. Who takes it says how it ended: null for whole. */
export interface Download {
  readonly name: string
  readonly bytes: number
  readonly stream: Readable
  done(error: unknown): void
}

/** Nobody came for it. */
const ticketMs = 60_000
/** Nothing was taken of it; a download may be paused, and its place on the disk be asked for, but not for ever. */
const stalledMs = 10 * 60_000
const watchMs = 1000
const tellMs = 250
const noBytes = new Uint8Array()

export class Job implements OpenFeed<ExportStep> {
  readonly ended: Promise<void>
  readonly #parts: ExportParts
  readonly #wish: ExportWish
  readonly #alert: Alert | null
  readonly #by: string
  readonly #wake: () => void
  readonly #abort = new AbortController()
  readonly #held: Segment[] = []
  #ended: () => void = () => {}
  #step: ExportStep = { is: 'reading', frames: 0 }
  #paper: Uint8Array = noBytes
  #isTold = false
  #toldAt = Number.NEGATIVE_INFINITY
  #ticket: string | null = null
  #film: Film | null = null
  #sent = 0
  #movedAt = 0
  #isTaken = false
  #sha256 = ''
  #settle: (error: unknown) => void = () => {}

  constructor(parts: ExportParts, wish: ExportWish, alert: Alert | null, by: string, wake: () => void) {
    this.#parts = parts
    this.#wish = wish
    this.#alert = alert
    this.#by = by
    this.#wake = wake
    this.ended = new Promise((resolve) => {
      this.#ended = resolve
    })
  }

  take(): Frame<ExportStep> | null {
    if (this.#isTold) return null
    this.#isTold = true
    return { header: this.#step, bytes: this.#paper }
  }

  close(): void {
    this.#abort.abort(new Fault('wrong-state', 'The export was ended on the screen that asked for it'))
  }

  /** Never rejects: how it ended is told to the screen and, once anything went out, to the timeline. */
  async run(): Promise<void> {
    try {
      const film = await readFilm(
        { ...this.#parts, wish: this.#wish, alert: this.#alert },
        this.#abort.signal,
        (segments) => this.#hold(segments),
        (frames) => this.#tell({ is: 'reading', frames }),
      )
      await this.#handOver(film)
      await this.#finish(film)
    } catch (error) {
      await this.#fail(error)
    } finally {
      for (const segment of this.#held) segment.readers.delete(this)
      this.#ended()
    }
  }

  /** The film, to whoever has its ticket first. It is on the timeline before it can be read. */
  async download(ticket: string): Promise<Download | null> {
    const film = this.#film
    if (film === null || this.#ticket !== ticket) return null
    this.#ticket = null
    this.#isTaken = true
    this.#movedAt = this.#parts.clock.monotonic()
    try {
      await this.#note(`${film.words} is exported: ${sizeText(film.bytes)}`)
    } catch (error) {
      this.#settle(error)
      return null
    }
    const stream = Readable.from(this.#pieces(film), { objectMode: false })
    this.#abort.signal.addEventListener('abort', () => stream.destroy(this.#abort.signal.reason))
    if (this.#abort.signal.aborted) stream.destroy(this.#abort.signal.reason)
    return { name: film.name, bytes: film.bytes, stream, done: (error) => this.#settle(error) }
  }

  /** Until it is over. */
  #hold(segments: readonly Segment[]): void {
    for (const segment of segments) {
      segment.readers.add(this)
      this.#held.push(segment)
    }
  }

  /** Resolves when all of it was taken. */
  async #handOver(film: Film): Promise<void> {
    const { clock } = this.#parts
    const { signal } = this.#abort
    signal.throwIfAborted()
    this.#film = film
    this.#movedAt = clock.monotonic()
    let stop = () => {}
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = (error) => (error === null ? resolve() : reject(error))
        signal.addEventListener('abort', () => reject(signal.reason))
        stop = clock.every(watchMs, () => this.#watch())
        this.#ticket = randomBytes(32).toString('base64url')
        const { name, bytes } = film
        this.#tell({ is: 'ready', path: `${exportPath}${this.#ticket}`, name, bytes })
      })
    } finally {
      stop()
      this.#ticket = null
    }
  }

  #watch(): void {
    const idle = this.#parts.clock.monotonic() - this.#movedAt
    if (!this.#isTaken && idle > ticketMs)
      this.#settle(
        new Fault('timed-out', 'The browser did not begin to save the video', 'Allow it downloads.'),
      )
    else if (idle > stalledMs)
      this.#abort.abort(
        new Fault(
          'timed-out',
          'Nothing was taken of the video for ten minutes',
          'Do not pause the download.',
        ),
      )
  }

  async *#pieces({ head, bytes, index }: Film): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    const passed = (piece: Buffer) => {
      hash.update(piece)
      this.#sent += piece.length
      this.#movedAt = this.#parts.clock.monotonic()
      this.#tell({ is: 'sending', sent: this.#sent, bytes })
      return piece
    }
    yield passed(head)
    for await (const piece of filmBytes(index)) yield passed(piece)
    this.#sha256 = hash.digest('hex')
  }

  async #finish(film: Film): Promise<void> {
    if (this.#sha256 === '') throw new Error('taken, but not to its end')
    const { index, gaps, bytes, name } = film
    const missing = missingMs(gaps)
    const frames = index.frames.length
    const gone = missing === 0 ? 'nothing missing' : `${(missing / 1000).toFixed(1)} s missing`
    await this.#note(`${film.words} was exported: ${frames} pictures, ${gone}, SHA-256 ${this.#sha256}`)
    this.#paper = Buffer.from(
      manifestText({
        ...factsOf({ ...this.#parts, wish: this.#wish, alert: this.#alert }, film),
        file: { name, bytes, sha256: this.#sha256 },
        by: this.#by,
        at: this.#parts.clock.now(),
      }),
    )
    const sha256 = this.#sha256
    this.#tell({ is: 'done', name, bytes, sha256, frames, missingMs: missing }, true)
  }

  async #fail(error: unknown): Promise<void> {
    const fault = this.#faultOf(error)
    if (this.#isTaken) {
      const cut = `${this.#film?.words} was cut off after ${sizeText(this.#sent)} of ${sizeText(this.#film?.bytes ?? 0)}`
      await this.#note(`${cut}: ${fault.message}`).catch((failed: unknown) =>
        this.#parts.log.error('export-not-noted', { error: String(failed) }),
      )
    }
    this.#abort.abort(fault)
    this.#tell({ is: 'failed', code: fault.code, message: fault.message, tip: fault.tip }, true)
  }

  #faultOf(error: unknown): Fault {
    if (error instanceof Fault) return error
    const { reason } = this.#abort.signal
    if (this.#abort.signal.aborted && reason instanceof Fault) return reason
    const code = (error as NodeJS.ErrnoException | null)?.code
    if (this.#isTaken && (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE'))
      return new Fault(
        'link-lost',
        `The download was cut off after ${sizeText(this.#sent)}`,
        'It was cancelled, or the disk it goes to is full. Make room, or choose another place, then export again.',
      )
    this.#parts.log.error('export-failed', {
      error: error instanceof Error ? error : new Error(String(error)),
    })
    return new Fault('storage', 'The recording could not be read', 'Try again; the reason is in the log.')
  }

  #note(text: string): Promise<void> {
    const { store, clock, cameraRow } = this.#parts
    const row = cameraRow(this.#wish.camera)
    const [link, device] = [row?.link ?? null, row?.camera ?? null]
    return store.addTimeline({ at: clock.now(), type: 'export', link, device, by: this.#by, text })
  }

  #tell(step: ExportStep, isLast = step.is === 'ready'): void {
    this.#step = step
    this.#isTold = false
    const now = this.#parts.clock.monotonic()
    if (!isLast && now - this.#toldAt < tellMs) return
    this.#toldAt = now
    this.#wake()
  }
}

function sizeText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
