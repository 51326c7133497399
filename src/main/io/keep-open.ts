/** Keeps something open: the pure steps of a link that dials, and a small runner that performs them. Never gives up. */

import { never } from '../../contract/fault.ts'
import type { LinkState } from '../../contract/links.ts'
import type { Clock } from './clock.ts'

export type Ladder = 'lan' | 'steady-5s' | 'document'

/** The ladder of the blue-light document, in seconds. It stops there after ten tries; here the last step repeats. */
const documentS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800]
/** A peer that accepts and drops at once must not be dialled in a tight loop. */
const shortestDelayMs = 50

export interface KeepState {
  readonly link: LinkState
  /** Tries since the link was last live. */
  readonly attempt: number
  /** When the present trouble began, monotonic ms; null while all is well. */
  readonly troubleAt: number | null
}

export type KeepEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  /** The peer said something useful. */
  | { readonly type: 'useful' }
  /** Nothing useful within the budget. */
  | { readonly type: 'quiet' }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'due' }
  | { readonly type: 'retry' }
  | { readonly type: 'stop' }

export type KeepEffect =
  | { readonly do: 'open' }
  | { readonly do: 'close' }
  | { readonly do: 'wait'; readonly delayMs: number }
  | { readonly do: 'cancel-wait' }

export interface KeepNow {
  readonly at: number
  readonly monotonic: number
  /** 0..1 */
  readonly random: number
}

export interface KeepStep {
  readonly state: KeepState
  readonly effects: readonly KeepEffect[]
}

export const stopped: KeepState = { link: { is: 'stopped' }, attempt: 0, troubleAt: null }

/** Ceiling of the delay before try number `attempt` (from 1), `troubleMs` into the trouble. */
export function ceilingMs(ladder: Ladder, attempt: number, troubleMs: number): number {
  switch (ladder) {
    case 'lan':
      return troubleMs < 300_000 ? 1000 : troubleMs < 3_600_000 ? 5000 : 30_000
    case 'steady-5s':
      return 5000
    case 'document':
      return (documentS[Math.min(attempt, documentS.length) - 1] ?? 1) * 1000
    default:
      return never(ladder, 'ladder')
  }
}

/** Full jitter, so that a hundred peers do not come back in the same instant; the steady ladder is steady. */
function delayMs(ladder: Ladder, attempt: number, troubleMs: number, random: number): number {
  const ceiling = ceilingMs(ladder, attempt, troubleMs)
  if (ladder === 'steady-5s') return ceiling
  return Math.max(shortestDelayMs, Math.round(random * ceiling))
}

function open(state: KeepState, before: readonly KeepEffect[] = []): KeepStep {
  const attempt = state.attempt + 1
  return {
    state: { ...state, link: { is: 'opening', attempt }, attempt },
    effects: [...before, { do: 'open' }],
  }
}

function lost(state: KeepState, reason: string, ladder: Ladder, now: KeepNow): KeepStep {
  const troubleAt = state.troubleAt ?? now.monotonic
  const attempt = Math.max(1, state.attempt)
  const wait = delayMs(ladder, attempt, now.monotonic - troubleAt, now.random)
  return {
    state: { link: { is: 'waiting', retryAt: now.at + wait, attempt, reason }, attempt, troubleAt },
    effects: [{ do: 'wait', delayMs: wait }],
  }
}

export function step(state: KeepState, event: KeepEvent, ladder: Ladder, now: KeepNow): KeepStep {
  const is = state.link.is
  const same: KeepStep = { state, effects: [] }
  const hasSocket = is === 'opening' || is === 'greeting' || is === 'live' || is === 'silent'
  switch (event.type) {
    case 'start':
      return is === 'stopped' ? open(state) : same
    case 'opened':
      return is === 'opening' ? { state: { ...state, link: { is: 'greeting' } }, effects: [] } : same
    case 'useful':
      if (is !== 'greeting' && is !== 'silent') return same
      // Only something useful ends the trouble: a peer that accepts and drops keeps climbing the ladder.
      return { state: { link: { is: 'live', since: now.at }, attempt: 0, troubleAt: null }, effects: [] }
    case 'quiet':
      if (is !== 'greeting' && is !== 'live') return same
      return { state: { ...state, link: { is: 'silent', since: now.at } }, effects: [] }
    case 'lost':
      return hasSocket ? lost(state, event.reason, ladder, now) : same
    case 'refused':
      if (!hasSocket) return same
      return {
        state: { ...state, link: { is: 'refused', reason: event.reason } },
        effects: [{ do: 'close' }],
      }
    case 'due':
      return is === 'waiting' ? open(state) : same
    case 'retry':
      if (is === 'waiting') return open(state, [{ do: 'cancel-wait' }])
      if (is === 'refused') return open(state)
      if (is === 'silent') return open(state, [{ do: 'close' }])
      return same
    case 'stop':
      return { state: stopped, effects: [{ do: 'cancel-wait' }, { do: 'close' }] }
    default:
      return never(event, 'event')
  }
}

export interface KeepDoors {
  open(): void
  close(): void
  changed(state: LinkState): void
}

/** Performs the effects. Events that effects cause come back through `on`. */
export class KeepOpen {
  #state = stopped
  #cancelWait: () => void = () => {}
  readonly #ladder: Ladder
  readonly #clock: Clock
  readonly #doors: KeepDoors

  constructor(ladder: Ladder, clock: Clock, doors: KeepDoors) {
    this.#ladder = ladder
    this.#clock = clock
    this.#doors = doors
  }

  get link(): LinkState {
    return this.#state.link
  }

  on(event: KeepEvent): void {
    const now = { at: this.#clock.now(), monotonic: this.#clock.monotonic(), random: Math.random() }
    const next = step(this.#state, event, this.#ladder, now)
    const changed = next.state.link !== this.#state.link
    this.#state = next.state
    for (const effect of next.effects) this.#perform(effect)
    if (changed) this.#doors.changed(this.#state.link)
  }

  #perform(effect: KeepEffect): void {
    switch (effect.do) {
      case 'open':
        this.#doors.open()
        return
      case 'close':
        this.#doors.close()
        return
      case 'wait':
        this.#cancelWait = this.#clock.after(effect.delayMs, () => this.on({ type: 'due' }))
        return
      case 'cancel-wait':
        this.#cancelWait()
        return
      default:
        never(effect, 'effect')
        return
    }
  }
}
