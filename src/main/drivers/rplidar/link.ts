/** One LiDAR on one port: greeted, set scanning, watched, and greeted again whenever it was away. One thing at a time is asked of it. */
import { keepSerialOpen, type SerialKeeper, type SerialLine } from '../../io/serial.ts'
import type { LinkContext, RunningLink } from '../../link.ts'
import { LinkBook } from '../../link-book.ts'
import type { Delivery, Order } from '../../order.ts'
import { tap } from '../../tap.ts'
import { Exchange } from './exchange.ts'
import { askHealth, greet } from './greeting.ts'
import { Jobs } from './jobs.ts'
import { notOne, type RplidarProfile, settingsOf } from './profile.ts'
import { Row } from './row.ts'
import { Scanner } from './scanner.ts'
import { Standing } from './standing.ts'

/** A head at 5 Hz, the slowest, brings five revolutions in it. */
const budgetMs = 1000
const stallMs = 2000
/** A motor that stood still needs time to reach its speed. */
const spinUpMs = 4000
const watchMs = 250
/** While it does not scan, its health is asked for, which shows that it is there. */
const idleMs = 500
const startMs = 2000
const againMs = 2000
const errorAgainMs = 10_000
const settleMs = 100
const noAnswer = 'it does not answer any more: is its power gone?'

export class RplidarLink implements RunningLink {
  readonly #context: LinkContext<RplidarProfile>
  readonly #book: LinkBook
  readonly #row: Row
  readonly #standing: Standing
  readonly #jobs: Jobs
  readonly #keeper: SerialKeeper
  readonly #stopWatching: () => void
  #exchange: Exchange | null = null
  /** It has said who it is, and that it is well enough. */
  #isGreeted = false
  #scanner: Scanner | null = null
  #wantsScan = true
  #idleAt = 0
  #cancelAgain: () => void = () => {}
  #isClosed = false

  constructor(context: LinkContext<RplidarProfile>) {
    this.#context = context
    this.#book = new LinkBook(context, context.profile.id, context.profile.port, budgetMs)
    this.#row = new Row(context, budgetMs)
    this.#standing = new Standing(context, this.#book, this.#row)
    this.#jobs = new Jobs((error) => {
      context.log.error('rplidar', { link: context.profile.id, error: String(error) })
    })
    this.#book.become({ is: 'opening', attempt: 1 })
    this.#keeper = keepSerialOpen(
      settingsOf(context.profile),
      {
        opened: (line) => this.#opened(line),
        bytes: (line, bytes, at) => {
          if (this.#exchange?.line !== line) return
          this.#book.counters.bytesIn += bytes.length
          this.#exchange.feed(bytes, at)
        },
        closed: (reason) => {
          this.#gone(reason)
          this.#standing.waits(reason, againMs)
        },
        waiting: (reason, retryAt) => {
          this.#gone(reason)
          this.#standing.waits(reason, retryAt - context.clock.now())
        },
      },
      context,
    )
    this.#stopWatching = context.clock.every(watchMs, () => this.#watch())
  }

  #opened(line: SerialLine): void {
    const exchange = new Exchange(line, this.#context.clock, (command, bytes) => {
      this.#book.counters.messagesOut += 1
      const hex = Buffer.from(bytes).toString('hex')
      tap(this.#context, 'out', line.path, bytes.length, `${command} (${hex})`)
    })
    this.#exchange = exchange
    this.#book.become({ is: 'greeting' })
    void this.#jobs.run(() => this.#begin(exchange, true))
  }

  #gone(reason: string): void {
    this.#cancelAgain()
    this.#exchange?.close()
    this.#exchange = null
    this.#scanner = null
    this.#isGreeted = false
    this.#standing.isLost(reason)
  }

  #again(inMs: number, job: () => Promise<unknown>): void {
    this.#cancelAgain()
    if (!this.#isClosed) this.#cancelAgain = this.#context.clock.after(inMs, () => void this.#jobs.run(job))
  }

  #isGone(exchange: Exchange): boolean {
    return this.#isClosed || this.#exchange !== exchange || !exchange.line.isOpen
  }

  async #begin(exchange: Exchange, mayReset: boolean): Promise<void> {
    if (this.#isGone(exchange)) return
    this.#stopFlow(exchange)
    const { profile } = this.#context
    const greeting = await greet(exchange, mayReset)
    if (this.#isGone(exchange)) return
    if (greeting.is !== 'lidar') {
      const reason = notOne(greeting.is, profile)
      this.#standing.isLost(reason)
      if (greeting.is === 'other') {
        // Nothing more is sent to a stranger until somebody asks, or it is plugged in anew.
        this.#book.become({ is: 'refused', reason })
        return
      }
      this.#standing.waits(reason, againMs)
      this.#again(againMs, () => this.#begin(exchange, mayReset))
      return
    }
    const { info, health, rate, wasReset } = greeting
    this.#standing.health = health
    this.#book.counters.messagesIn += 2
    const said = `${info.model}, firmware ${info.firmware}, hardware ${info.hardware}${rate === null ? '' : `, ${rate[profile.mode]} measurements/s`}`
    this.#book.note = wasReset ? `${said}; it was reset, because it reported an error` : said
    tap(this.#context, 'in', exchange.line.path, 20, `${said}, health ${health?.health ?? 'unknown'}`)
    this.#row.set({
      model: info.model,
      firmware: info.firmware,
      serialNumber: info.serialNumber,
      health: health?.health ?? 'unknown',
      healthCode: health?.code ?? null,
    })
    if (health?.health === 'error') {
      const reason = `it reports an error (code ${health.code}) and has stopped its laser${wasReset ? '; a reset did not help' : ''}: turn its power off and on`
      this.#standing.rests(reason)
      this.#standing.waits(reason, errorAgainMs)
      this.#again(errorAgainMs, () => this.#begin(exchange, false))
      return
    }
    this.#isGreeted = true
    if (this.#wantsScan) await this.#startScan(exchange, profile.mode)
    else this.#standing.rests('')
  }

  /** True when it has said that it scans. */
  async #startScan(exchange: Exchange, mode: 'standard' | 'express'): Promise<boolean> {
    // The A1's motor; adapters without this line leave it running.
    if (this.#context.profile.model === 'a1') await exchange.line.setDtr(false).catch(() => {})
    const scanner = new Scanner(this.#context, mode, this.#row, this.#book, () => this.#standing.lives())
    exchange.flow((bytes, at) => scanner.bytes(bytes, at))
    const answer = await exchange.ask(mode === 'standard' ? 'scan' : 'express-scan', startMs)
    if (this.#isGone(exchange)) return false
    if (answer !== null) {
      scanner.wholeAt = this.#context.clock.monotonic()
      this.#scanner = scanner
      this.#row.set({ isScanning: true, mode })
      return true
    }
    if (mode === 'express') {
      this.#book.note = 'this model does not know the express mode meant here: standard is used'
      await exchange.send('stop').catch(() => {})
      await exchange.pause(settleMs)
      return this.#startScan(exchange, 'standard')
    }
    exchange.flow(null)
    this.#standing.isQuiet('it does not begin to scan')
    this.#again(againMs, () => this.#begin(exchange, false))
    return false
  }

  #stopFlow(exchange: Exchange): void {
    this.#scanner = null
    exchange.flow(null)
  }

  #watch(): void {
    const exchange = this.#exchange
    if (exchange === null || this.#jobs.isBusy || !this.#isGreeted) return
    const now = this.#context.clock.monotonic()
    const scanner = this.#scanner
    if (scanner !== null) {
      if (now - scanner.wholeAt > (scanner.isTurning ? stallMs : spinUpMs))
        void this.#jobs.run(() => this.#stalled(exchange))
    } else if (!this.#wantsScan && now - this.#idleAt >= idleMs) {
      this.#idleAt = now
      void this.#jobs.run(() => this.#idle(exchange))
    }
  }

  /** No revolution: is it the motor, or is nobody there? */
  async #stalled(exchange: Exchange): Promise<void> {
    if (this.#isGone(exchange)) return
    this.#stopFlow(exchange)
    await exchange.send('stop').catch(() => {})
    await exchange.pause(settleMs)
    const health = await askHealth(exchange)
    if (this.#isGone(exchange)) return
    if (health === null || health.health === 'error') {
      this.#isGreeted = false
      this.#standing.isLost(noAnswer)
      this.#standing.isQuiet(noAnswer)
      // In Protection Stop one reset may help, which the greeting sees to.
      this.#again(health === null ? againMs : 0, () => this.#begin(exchange, health !== null))
      return
    }
    this.#standing.health = health
    this.#standing.isStalled()
    this.#again(againMs, async () => {
      if (!this.#isGone(exchange) && this.#wantsScan && this.#scanner === null)
        await this.#startScan(exchange, this.#row.now.mode ?? this.#context.profile.mode)
    })
  }

  async #idle(exchange: Exchange): Promise<void> {
    if (this.#isGone(exchange) || this.#scanner !== null) return
    const health = await askHealth(exchange)
    if (this.#isGone(exchange)) return
    if (health === null) {
      this.#standing.isLost(noAnswer)
      this.#standing.isQuiet(noAnswer)
      return
    }
    this.#standing.health = health
    this.#book.counters.messagesIn += 1
    this.#standing.lives()
  }

  async deliver(order: Order): Promise<Delivery> {
    if (order.type !== 'command-lidar') return { is: 'refused', reason: 'a LiDAR only starts and stops' }
    const exchange = this.#exchange
    if (exchange === null || !this.#isGreeted)
      return { is: 'unreachable', reason: this.#row.now.trouble || 'it has not said who it is yet' }
    const { clock } = this.#context
    const began = clock.monotonic()
    return this.#jobs.run<Delivery>(async () => {
      if (this.#isGone(exchange)) return { is: 'unreachable', reason: 'the port was closed meanwhile' }
      if (clock.now() >= order.deadlineAt)
        return { is: 'unreachable', reason: 'it was busy until it was too late: nothing was sent' }
      this.#cancelAgain()
      this.#wantsScan = order.scanning
      const isDone = order.scanning ? await this.#start(exchange) : await this.#stop(exchange)
      if (!isDone) return { is: 'unreachable', reason: 'it did not answer' }
      return { is: 'delivered', roundTripMs: clock.monotonic() - began }
    })
  }

  async #start(exchange: Exchange): Promise<boolean> {
    return this.#scanner !== null || this.#startScan(exchange, this.#context.profile.mode)
  }

  /** STOP has no answer of its own: that it answers another question is the proof that it no longer scans. */
  async #stop(exchange: Exchange): Promise<boolean> {
    this.#stopFlow(exchange)
    await exchange.send('stop').catch(() => {})
    await exchange.pause(settleMs)
    if (this.#context.profile.model === 'a1') await exchange.line.setDtr(true).catch(() => {})
    const health = await askHealth(exchange)
    this.#standing.rests('')
    return health !== null
  }

  retry(): void {
    this.#keeper.retry()
    const exchange = this.#exchange
    const { is } = this.#book.state
    if (exchange === null || is === 'live' || is === 'greeting') return
    this.#book.become({ is: 'greeting' })
    this.#cancelAgain()
    void this.#jobs.run(() => this.#begin(exchange, true))
  }

  forget(): void {}

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopWatching()
    this.#cancelAgain()
    const exchange = this.#exchange
    // Its laser and motor need not run for nobody.
    if (exchange !== null && this.#isGreeted) await exchange.send('stop').catch(() => {})
    this.#gone('the link is switched off')
    await this.#keeper.close()
    this.#row.close()
    this.#book.close()
  }
}
