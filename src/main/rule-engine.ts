/** Puts every committed event before the rules and raises what they ask for. The only way an event becomes an alert. */
import type { DetectionEvent } from '../contract/events.ts'
import type { Rule } from '../contract/rules.ts'
import type { AlertRaised, Picture, Stored } from './fact.ts'
import type { Clock } from './io/clock.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import { alertOf, HoldOff, matches } from './rules.ts'
import type { Store } from './store/store.ts'

interface Parts {
  readonly store: Pick<Store, 'onChange' | 'picture'>
  readonly live: Pick<Live, 'rules' | 'cameras'>
  readonly clock: Clock
  readonly log: Log
  /** The site's zone, for the hours of a rule. */
  zone(): string
  raise(fact: AlertRaised): Promise<Stored>
}

/** An event that grows is looked at again; so many decided pairs of rule and event are remembered. */
const longestMemory = 20_000

export class RuleEngine {
  readonly #parts: Parts
  readonly #holdOff = new HoldOff()
  /** Raised or held off: once is enough for a rule and an event. */
  readonly #decided = new Set<string>()
  readonly #raising = new Set<Promise<void>>()
  readonly #undo: () => void

  constructor(parts: Parts) {
    this.#parts = parts
    this.#undo = parts.store.onChange(({ events }) => {
      for (const { event } of events) this.#look(event)
    })
  }

  /** Resolves when every alert that was decided on is stored. */
  async close(): Promise<void> {
    this.#undo()
    await this.idle()
  }

  async idle(): Promise<void> {
    while (this.#raising.size > 0) await Promise.all(this.#raising)
  }

  #look(event: DetectionEvent): void {
    const { live, zone } = this.#parts
    for (const rule of live.rules.snapshot()) {
      const pair = `${rule.id} ${event.id}`
      if (!rule.enabled || this.#decided.has(pair) || !matches(rule, event, zone())) continue
      this.#remember(pair)
      if (!this.#holdOff.admit(rule, event)) continue
      const raising = this.#raise(rule, event, pair).finally(() => this.#raising.delete(raising))
      this.#raising.add(raising)
    }
  }

  async #raise(rule: Rule, event: DetectionEvent, pair: string): Promise<void> {
    const { live, clock, log, raise } = this.#parts
    const camera = event.camera === null ? undefined : live.cameras.get(event.camera)
    const where = { name: camera?.name ?? null, location: camera?.location ?? null }
    try {
      await raise(alertOf(rule, event, where, await this.#pictureOf(event), clock.now()))
    } catch (error) {
      // The store says on screen that it cannot keep alerts; the event may raise again when it grows.
      this.#decided.delete(pair)
      this.#holdOff.undo(rule, event)
      log.error('rule-alert-not-stored', { rule: rule.id, event: event.id, error: String(error) })
    }
  }

  /** An alert without its picture is worth more than none. */
  async #pictureOf({ id, evidence }: DetectionEvent): Promise<Picture | null> {
    if (evidence === null) return null
    const { store, log } = this.#parts
    try {
      return await store.picture(evidence.sha256)
    } catch (error) {
      log.warn('rule-picture', { event: id, error: String(error) })
      return null
    }
  }

  #remember(pair: string): void {
    this.#decided.add(pair)
    if (this.#decided.size <= longestMemory) return
    for (const oldest of this.#decided) {
      this.#decided.delete(oldest)
      return
    }
  }
}
