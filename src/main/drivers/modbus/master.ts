/**
 * The strict Modbus RTU master of one bus. An answer is used only if all that was heard is one whole, exact frame that fits what was asked;
 * everything else fails its transaction, and then the bus is listened to until no answer can be owed. docs/decisions/0009-modbus-master.md says why.
 */
import type { BusFrame } from '../../../contract/modules.ts'
import type { Clock } from '../../io/clock.ts'
import type { SerialLine } from '../../io/serial.ts'
import { noMasterCounters } from './counters.ts'
import { crcFits } from './crc.ts'
import { answerLength, encodeRequest } from './frame.ts'
import { FrameTap } from './frame-tap.ts'
import { Gathering } from './gathering.ts'
import { type Echo, isRead, judge, longestReply, type Sent, type Verdict } from './hearing.ts'
import { heldUpMs, listenAgainMs, Owed } from './owed.ts'
import { Queue, type Waiting } from './queue.ts'
import { echoRow, failedRow, noiseRow, replyRow, requestRow, strayRow } from './rows.ts'
import { silentIntervalMs, wireMs } from './timing.ts'
import type { ModbusMaster, ModbusOutcome, ModbusRequest, NoAnswer, Urgency } from './transaction.ts'

export interface MasterSettings {
  readonly clock: Clock
  readonly baudRate: number
  /** How long a module may think, ms; the time its bytes need on the wire is added. */
  readonly timeoutMs: number
  /** How much longer an answer may still come, ms; the timeout again when absent. One that comes later than this cannot be told from the next one's. */
  readonly quarantineMs?: number
}

interface Current extends Waiting {
  readonly sentAt: number
  /** When it counts as unanswered, and when an answer can be owed no longer. */
  readonly timeoutAt: number
  readonly owedUntil: number
  timedOut: boolean
  listenedAgain: boolean
}

export class StrictMaster implements ModbusMaster {
  readonly counters = noMasterCounters()
  readonly #clock: Clock
  readonly #settings: MasterSettings
  readonly #silentMs: number
  readonly #queue: Queue
  readonly #owed: Owed
  readonly #heard = new Gathering()
  readonly #tap: FrameTap
  #line: SerialLine | null = null
  #echo: Echo = 'unknown'
  #current: Current | null = null
  /** When the line was last known busy: our own last byte or another's. */
  #busyAt = 0
  #undoSilence: (() => void) | null = null
  #undoTimeout: (() => void) | null = null
  #undoPump: (() => void) | null = null

  constructor(settings: MasterSettings) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#tap = new FrameTap(settings.clock)
    this.#silentMs = silentIntervalMs(settings.baudRate)
    this.#queue = new Queue(settings.clock)
    this.#owed = new Owed(settings.clock, () => this.#pump())
  }

  /** Every frame and noise on the bus from now on; rows are made only while somebody listens. Returns its undo. */
  onFrames(listener: (frame: BusFrame) => void): () => void {
    return this.#tap.listen(listener)
  }

  /** What is known of the line: whether it repeats our own bytes. */
  get echo(): Echo {
    return this.#echo
  }

  transact(
    request: ModbusRequest,
    urgency: Urgency,
    deadlineAt = Number.POSITIVE_INFINITY,
  ): Promise<ModbusOutcome> {
    const frame = encodeRequest(request)
    if (this.#line === null) return Promise.resolve({ is: 'closed' })
    return new Promise((settle) => {
      this.#queue.add({ request, frame, urgency, deadlineAt, settle })
      this.#pump()
    })
  }

  /** A port was opened. What is owed since before stays owed: it is the same bus. */
  opened(line: SerialLine): void {
    this.closed()
    this.#line = line
    this.#echo = 'unknown'
    this.#busyAt = this.#clock.monotonic()
  }

  /** The port is gone: whatever waits ends now, and nothing of it is sent on the next opening. */
  closed(): void {
    this.#line = null
    this.#undoPump?.()
    this.#undoPump = null
    this.#undoSilence?.()
    this.#undoSilence = null
    this.#hearStrays()
    const current = this.#current
    if (current !== null) {
      this.#end()
      this.#owed.add(current, current.owedUntil)
      current.settle({ is: 'closed' })
    }
    this.#queue.settleAll({ is: 'closed' })
  }

  /** For good: no timer of it is left. */
  close(): void {
    this.closed()
    this.#owed.close()
  }

  /** `at`: monotonic ms. */
  bytes(chunk: Uint8Array, at: number): void {
    if (this.#line === null || chunk.length === 0) return
    this.#busyAt = Math.max(this.#busyAt, at)
    this.#heard.add(chunk, at)
    const current = this.#current
    if (current === null) {
      if (at - this.#heard.firstAt > this.#settings.timeoutMs) this.#giveUpOnNoise()
    } else if (this.#heard.length > longestReply(current)) this.#fail(current, 'shape')
    else if (isRead(current)) this.#takeAtOnce(current)
    this.#undoSilence ??= this.#afterSilence(() => this.#silent())
  }

  /** The silence is kept before the next request, not before use. Not where another answer may still come, nor for a write: its proof is worth the wait. */
  #takeAtOnce(current: Current): void {
    if (this.#owed.any) return
    const verdict = judge(current, this.#heard.bytes, this.#echo)
    if (verdict.is !== 'answer') return
    this.#learnEcho(verdict, current)
    this.#answer(current, verdict)
    this.#pump()
  }

  /** Runs when the line has been quiet for the silent interval; a timer may come early, never believed then. */
  #afterSilence(run: () => void): () => void {
    const leftMs = this.#busyAt + this.#silentMs - this.#clock.monotonic()
    return this.#clock.after(Math.max(0, Math.ceil(leftMs)), run)
  }

  #silent(): void {
    this.#undoSilence = null
    if (this.#heard.length === 0) return
    if (this.#clock.monotonic() - this.#busyAt < this.#silentMs) {
      this.#undoSilence = this.#afterSilence(() => this.#silent())
      return
    }
    const current = this.#current
    if (current === null) this.#hearStrays()
    else this.#weigh(current)
    this.#pump()
  }

  /** The line is quiet: what was heard is all there is. */
  #weigh(current: Current): void {
    // A late answer to another unit, while a command went ahead of it: whole, known, and not to be mistaken for the answer to this.
    if (this.#owed.fits(this.#heard.bytes)) this.#hearStrays()
    const verdict = judge(current, this.#heard.bytes, this.#echo)
    this.#learnEcho(verdict, current)
    if (verdict.is === 'answer') this.#answer(current, verdict)
    else if (verdict.is === 'misfit' || current.timedOut) this.#fail(current, verdict.why)
  }

  #learnEcho({ echo }: Verdict, { request, frame }: Sent): void {
    if (echo === 'yes' && this.#heard.length >= frame.length && request.fn !== 5 && request.fn !== 6)
      this.#echo = echo
  }

  #answer(current: Current, { answer, echo }: Extract<Verdict, { is: 'answer' }>): void {
    this.#echo = echo
    const { lastAt, firstAt } = this.#heard
    const tookMs = Math.max(0, lastAt - current.sentAt)
    this.counters.replies++
    if (answer.is === 'exception') this.counters.exceptions++
    const skip = echo === 'yes' ? current.frame.length : 0
    if (skip > 0) {
      this.counters.echoes++
      this.#tap.tell(firstAt, (at) => echoRow(at, current.request, current.frame))
    }
    this.#tap.tell(lastAt, (at) =>
      replyRow(at, current.request, this.#heard.bytes.subarray(skip), answer, tookMs),
    )
    this.#end()
    current.settle({ ...answer, tookMs })
  }

  /** No answer that can be used. One may still be on its way, so nothing is asked until it would have come. */
  #fail(current: Current, why: NoAnswer): void {
    this.counters.timeouts++
    if (why === 'crc') this.counters.crcErrors++
    else if (why === 'stray') this.counters.strays++
    else if (why === 'shape') this.counters.noiseBytes += this.#heard.length
    if (this.#echo === 'yes' && why === 'silence' && this.#heard.length > 0) this.counters.echoes++
    this.#tap.tell(this.#clock.monotonic(), (at) => failedRow(at, current.request, this.#heard.bytes, why))
    this.#end()
    this.#owed.add(current, current.owedUntil)
    current.settle({ is: 'timeout', why })
    this.#pump()
  }

  #end(): void {
    this.#current = null
    this.#heard.clear()
    this.#undoTimeout?.()
    this.#undoTimeout = null
  }

  /** Bytes nothing waits for. */
  #hearStrays(): void {
    const { bytes, length, lastAt } = this.#heard
    if (length === 0) return
    if (!this.#heard.overflowed && crcFits(bytes)) {
      const late = this.#owed.fits(bytes)
      this.counters[late ? 'late' : 'strays']++
      this.#tap.tell(lastAt, (at) => strayRow(at, bytes, late))
    } else {
      this.counters.noiseBytes += length
      this.#tap.tell(lastAt, (at) => noiseRow(at, bytes, length))
    }
    this.#heard.clear()
  }

  /** A line that is never quiet cannot be asked anything: who waits is told so instead of waiting for ever. */
  #giveUpOnNoise(): void {
    this.#hearStrays()
    const outcome: ModbusOutcome = { is: 'timeout', why: 'noise' }
    this.#queue.settleAll(outcome)
  }

  /** Sends the next request as soon as the line has been quiet long enough and no owed answer could be taken for its own. */
  #pump(): void {
    const line = this.#line
    const head = this.#queue.head
    if (line === null || head === null || this.#current !== null) return
    // A command that no owed answer can be mistaken for does not wait for it: a stop must not stand behind a slow module.
    if (head.urgency === 'command' ? this.#owed.confusable(head) : this.#owed.any) return
    const now = this.#clock.monotonic()
    if (now - this.#busyAt < this.#silentMs) {
      this.#undoPump ??= this.#afterSilence(() => {
        this.#undoPump = null
        this.#pump()
      })
      return
    }
    this.#hearStrays()
    this.#queue.take(head)
    if (now > head.deadlineAt) {
      head.settle({ is: 'expired' })
      this.#pump()
    } else this.#send(line, head, now)
  }

  #send(line: SerialLine, head: Waiting, sentAt: number): void {
    const { baudRate, timeoutMs, quarantineMs = timeoutMs } = this.#settings
    const onWireMs = wireMs(head.frame.length, baudRate)
    const timeoutAt = sentAt + onWireMs + wireMs(answerLength(head.request), baudRate) + timeoutMs
    const owedUntil = timeoutAt + quarantineMs
    const current = { ...head, sentAt, timeoutAt, owedUntil, timedOut: false, listenedAgain: false }
    this.#current = current
    this.#busyAt = sentAt
    this.counters.requests++
    this.#tap.tell(sentAt, (at) => requestRow(at, head.request, head.frame))
    this.#armTimeout(current, timeoutAt)
    line.write(head.frame).catch(() => {
      // Not known how much of it left. The port's keeper closes the port if it is gone.
      if (this.#current !== current) return
      this.#end()
      this.#owed.add(current, owedUntil)
      current.settle({ is: 'closed' })
      this.#pump()
    })
  }

  #armTimeout(current: Current, dueAt: number): void {
    const leftMs = Math.max(0, Math.ceil(dueAt - this.#clock.monotonic()))
    this.#undoTimeout = this.#clock.after(leftMs, () => this.#timeout(current, dueAt))
  }

  #timeout(current: Current, dueAt: number): void {
    const now = this.#clock.monotonic()
    if (now - dueAt > heldUpMs && !current.listenedAgain) {
      current.listenedAgain = true
      this.#armTimeout(current, now + listenAgainMs)
      return
    }
    // Bytes are just coming: the silence after them tells what they were.
    current.timedOut = true
    if (this.#undoSilence !== null) return
    this.#weigh(current)
  }
}
