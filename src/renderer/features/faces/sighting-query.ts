/** What the sightings list is asked to show, as a person sets it, and its translation into the contract's filter. No React, no calls. */
import type { CameraId } from '../../../contract/cameras.ts'
import type { DetectionEvent, EventFilter } from '../../../contract/events.ts'
import { faceKinds } from '../../data/events.ts'
import { endOf, type Span, startOf } from '../history/query.ts'

export const whoChoices = ['all', 'known', 'unknown'] as const
export type Who = (typeof whoChoices)[number]

export interface SightingQuery {
  readonly span: Span
  readonly who: Who
  /** Names; any of them. They imply `known`, so an unknown face is never on a list of people. */
  readonly people: readonly string[]
  readonly cameras: readonly CameraId[]
}

export const emptySightingQuery: SightingQuery = { span: { is: 'day' }, who: 'all', people: [], cameras: [] }

export function toEventFilter(query: SightingQuery, nowAt: number): EventFilter {
  const from = startOf(query.span, nowAt)
  const to = endOf(query.span)
  return {
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    kinds: kindsOf(query),
    // The queue of those who are still to be looked at; every other list is history.
    ...(query.who === 'unknown' ? { dismissed: false } : {}),
    ...(query.people.length > 0 && query.who !== 'unknown' ? { people: query.people.slice(0, 100) } : {}),
    ...(query.cameras.length > 0 ? { cameras: query.cameras.slice(0, 100) } : {}),
  }
}

function kindsOf({ who, people }: SightingQuery): string[] {
  const [known, unknown] = faceKinds
  if (who === 'unknown') return [unknown]
  if (who === 'known' || people.length > 0) return [known]
  return [known, unknown]
}

/** Whether the store would give this event for the filter. */
export function matchesFilter(filter: EventFilter, event: DetectionEvent): boolean {
  if (filter.from !== undefined && event.at < filter.from) return false
  if (filter.to !== undefined && event.at > filter.to) return false
  if (filter.links && !filter.links.includes(event.link)) return false
  if (filter.kinds && !filter.kinds.includes(event.kind)) return false
  if (filter.cameras && (event.camera === null || !filter.cameras.includes(event.camera))) return false
  if (filter.dismissed === false && event.dismissed !== undefined) return false
  if (filter.people && (event.person === null || !filter.people.includes(event.person))) return false
  return true
}

export function isNarrowed(query: SightingQuery): boolean {
  return query.who !== 'all' || query.people.length > 0 || query.cameras.length > 0
}
