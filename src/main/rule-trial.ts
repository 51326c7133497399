/** What a rule would have done over the events already stored: the same matcher and the same hold-off as the engine's. */
import type { DetectionEvent, EventCursor, EventFilter } from '../contract/events.ts'
import type { Rule, RuleTest } from '../contract/rules.ts'
import { HoldOff, matches } from './rules.ts'
import type { Store } from './store/store.ts'

const dayMs = 24 * 3600_000
const pageRows = 500
const mostSamples = 20
const mostLookedAt = 50_000

interface Trial {
  readonly rule: Rule
  readonly days: number
  readonly now: number
  readonly zone: string
  readonly limit?: number
  readonly signal?: AbortSignal
}

export async function tryRule(store: Pick<Store, 'eventPage'>, trial: Trial): Promise<RuleTest> {
  const { rule, days, now, zone, limit = mostLookedAt, signal } = trial
  const wantedAt = now - days * dayMs
  const filter = filterOf(rule, wantedAt, now)
  const matching: DetectionEvent[] = []
  let looked = 0
  let oldestAt = now
  let after: EventCursor | null = null
  do {
    const page = await store.eventPage(filter, after, Math.min(pageRows, limit - looked))
    signal?.throwIfAborted()
    for (const event of page.rows) {
      if (matches(rule, event, zone)) matching.push(event)
      oldestAt = Math.min(oldestAt, event.at)
    }
    looked += page.rows.length
    after = page.next
  } while (after !== null && looked < limit)

  const complete = after === null
  const fromAt = complete ? wantedAt : oldestAt
  const raising = raisingOf(rule, matching)
  return {
    fromAt,
    toAt: now,
    looked,
    complete,
    matches: matching.length,
    alerts: raising.length,
    perDay: raising.length / Math.max((now - fromAt) / dayMs, 1 / 24),
    samples: raising.slice(-mostSamples).reverse(),
  }
}

/** The events after the hold-off, in the order in which they came, which is the engine's. */
function raisingOf(rule: Rule, events: readonly DetectionEvent[]): DetectionEvent[] {
  const holdOff = new HoldOff()
  return events.toSorted((a, b) => a.seq - b.seq).filter((event) => holdOff.admit(rule, event))
}

/** What the rule names narrows the reading; the matcher still decides. */
function filterOf({ when }: Rule, from: number, to: number): EventFilter {
  const { kinds, cameras, people } = when
  return {
    from,
    to,
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(cameras.length > 0 ? { cameras } : {}),
    ...(people.length > 0 ? { people } : {}),
  }
}
