/** What a link says about itself: state, counters, coverage. Reports at most four times a second, at least each second while it moves. */
import { type LinkCounters, type LinkId, type LinkState, noCounters } from '../contract/links.ts'
import type { CoverageState } from '../contract/timeline.ts'
import type { LinkContext } from './link.ts'

const soonestMs = 250
const latestMs = 1000

export type Counters = { -readonly [K in keyof LinkCounters]: number }

function coverageOf(state: LinkState): CoverageState {
  if (state.is === 'live') return 'data'
  // Polling brings figures and faces but no alerts, so the absence of an alert proves nothing meanwhile.
  return state.is === 'silent' ||
    state.is === 'listening' ||
    state.is === 'greeting' ||
    state.is === 'polling'
    ? 'silent'
    : 'disconnected'
}

type BookContext = Pick<LinkContext, 'clock' | 'tell'>

export class LinkBook {
  readonly counters: Counters = { ...noCounters }
  readonly #context: BookContext
  readonly #link: LinkId
  readonly #budgetMs: number
  readonly #undo: () => void
  #address: string
  #state: LinkState = { is: 'stopped' }
  #coverage: CoverageState | null = null
  #peers = 0
  #note: string | undefined
  #usefulAt: number | null = null
  /** Monotonic, for the budget. */
  #usefulMono = 0
  #changed = true
  #toldAt = Number.NEGATIVE_INFINITY
  #toldMessages = -1

  constructor(context: BookContext, link: LinkId, address: string, budgetMs: number) {
    this.#context = context
    this.#link = link
    this.#address = address
    this.#budgetMs = budgetMs
    this.#undo = context.clock.every(soonestMs, () => this.#tick())
  }

  get state(): LinkState {
    return this.#state
  }

  get usefulAt(): number | null {
    return this.#usefulAt
  }

  set address(address: string) {
    this.#address = address
    this.#changed = true
  }

  set peers(count: number) {
    this.#peers = count
    this.#changed = true
  }

  /** How it goes, in words; told with the next report. */
  set note(note: string) {
    if (note === this.#note) return
    this.#note = note
    this.#changed = true
  }

  become(state: LinkState): void {
    this.#state = state
    this.#changed = true
    const coverage = coverageOf(state)
    if (coverage !== this.#coverage) {
      this.#coverage = coverage
      const at = this.#context.clock.now()
      this.#context.tell({ type: 'coverage-changed', source: this.#link, state: coverage, at })
    }
    this.#tell()
  }

  /** A message that means something came. */
  useful(now: number, monotonic: number): void {
    this.#usefulAt = now
    this.#usefulMono = monotonic
    if (this.#state.is === 'listening' || this.#state.is === 'silent') this.become({ is: 'live', since: now })
  }

  #tick(): void {
    const monotonic = this.#context.clock.monotonic()
    if (this.#state.is === 'live' && monotonic - this.#usefulMono > this.#budgetMs) {
      this.become({ is: 'silent', since: this.#context.clock.now() })
      return
    }
    const moved = this.counters.messagesIn + this.counters.messagesOut !== this.#toldMessages
    if (this.#changed || (moved && monotonic - this.#toldAt >= latestMs)) this.#tell()
  }

  #tell(): void {
    this.#changed = false
    this.#toldAt = this.#context.clock.monotonic()
    this.#toldMessages = this.counters.messagesIn + this.counters.messagesOut
    this.#context.tell({
      type: 'link-reported',
      link: this.#link,
      address: this.#address,
      state: this.#state,
      lastUsefulAt: this.#usefulAt,
      budgetMs: this.#budgetMs,
      peers: this.#peers,
      counters: { ...this.counters },
      ...(this.#note === undefined ? {} : { note: this.#note }),
    })
  }

  close(): void {
    this.#undo()
    this.become({ is: 'stopped' })
  }
}
