/** Raises what must not be lost: the server does not repeat an alert, so one the store could not keep is tried again here. */
import type { LinkState } from '../../../../contract/links.ts'
import type { AlertRaised } from '../../../fact.ts'
import type { LinkContext } from '../../../link.ts'
import type { Counters } from '../../../link-book.ts'
import { durationWords, linkSilent } from './server-alert.ts'

const againMs = 5000
const mostWaiting = 200

type AlarmContext = Pick<LinkContext, 'profile' | 'clock' | 'log' | 'raise' | 'tell'>

export class Alarms {
  readonly #context: AlarmContext
  readonly #counters: Counters
  readonly #silentAfterMs: number
  readonly #waiting: AlertRaised[] = []
  #cancelAgain: (() => void) | null = null
  #cancelSilence: (() => void) | null = null
  #wasUseful = false
  /** Epoch ms and monotonic, when usefulness ended; null while all is well. */
  #lostAt: { readonly at: number; readonly mono: number } | null = null
  #isRaised = false
  #reason = ''
  #closed = false

  constructor(context: AlarmContext, counters: Counters, silentAfterMs: number) {
    this.#context = context
    this.#counters = counters
    this.#silentAfterMs = silentAfterMs
  }

  async raise(fact: AlertRaised): Promise<void> {
    const counters = this.#counters
    const context = this.#context
    try {
      const stored = await context.raise(fact)
      if (stored.duplicate) counters.duplicates += 1
      else {
        counters.alertsStored += 1
        if (fact.late) counters.lateAlerts += 1
      }
    } catch (error) {
      context.log.error('alert-not-stored', {
        link: context.profile.id,
        error: error instanceof Error ? error : String(error),
      })
      if (this.#closed) return
      this.#waiting.push(fact)
      if (this.#waiting.length > mostWaiting) this.#waiting.shift()
      this.#cancelAgain ??= context.clock.after(againMs, () => this.#again())
    }
  }

  #again(): void {
    this.#cancelAgain = null
    for (const fact of this.#waiting.splice(0)) void this.raise(fact)
  }

  /** Told each time the link's state changes. A link that brings its data by asking is degraded, not silent. */
  state(state: LinkState): void {
    if ('reason' in state) this.#reason = state.reason
    if (state.is === 'live' || state.is === 'polling') this.#well()
    else if (state.is !== 'stopped' && this.#wasUseful && this.#lostAt === null) this.#lost()
  }

  #lost(): void {
    const { clock } = this.#context
    this.#lostAt = { at: clock.now(), mono: clock.monotonic() }
    this.#cancelSilence = clock.after(this.#silentAfterMs, () => {
      const { profile } = this.#context
      if (this.#lostAt === null) return
      this.#isRaised = true
      void this.raise(linkSilent(profile.id, profile.name, this.#lostAt.at, clock.now(), this.#reason))
    })
  }

  #well(): void {
    const { clock, profile } = this.#context
    this.#cancelSilence?.()
    this.#cancelSilence = null
    const forMs = this.#lostAt === null ? null : clock.monotonic() - this.#lostAt.mono
    this.#lostAt = null
    this.#reason = ''
    // The first time since the start, an alarm of the run before may still be open.
    if (this.#isRaised || !this.#wasUseful)
      this.#context.tell({
        type: 'alert-cleared',
        source: profile.id,
        kind: 'link-silent',
        device: null,
        at: clock.now(),
        note: forMs === null ? 'heard again' : `heard again after ${durationWords(forMs)}`,
      })
    this.#isRaised = false
    this.#wasUseful = true
  }

  close(): void {
    this.#closed = true
    this.#cancelAgain?.()
    this.#cancelSilence?.()
  }
}
