/** What the History screen is asked to show, as a person sets it, and its translation into the contract's filter. No React, no calls. */
import type { AlertFilter, AlertKind, AlertState, Priority } from '../../../contract/alerts.ts'
import type { DeviceId } from '../../../contract/devices.ts'
import { never } from '../../../contract/fault.ts'
import type { LinkId } from '../../../contract/links.ts'

export const presets = ['hour', 'shift', 'day', 'week', 'all'] as const
export type Preset = (typeof presets)[number]

export type Span =
  | { readonly is: Preset }
  | { readonly is: 'custom'; readonly fromAt: number | null; readonly toAt: number | null }

export interface Query {
  readonly span: Span
  readonly sources: readonly LinkId[]
  readonly kinds: readonly AlertKind[]
  readonly priorities: readonly Priority[]
  readonly states: readonly AlertState[]
  readonly devices: readonly DeviceId[]
  readonly text: string
}

export const allPriorities: readonly Priority[] = ['critical', 'high', 'medium', 'low']
export const allKinds: readonly AlertKind[] = [
  'blue-light',
  'server-alert',
  'detection',
  'vehicle',
  'device-silent',
  'link-silent',
  'storage',
  'order-parked',
]
export const allStates: readonly AlertState[] = [
  'unacknowledged-active',
  'acknowledged-active',
  'unacknowledged-cleared',
  'cleared',
  'shelved',
  'suppressed-by-design',
  'out-of-service',
]

export const emptyQuery: Query = {
  span: { is: 'day' },
  sources: [],
  kinds: [],
  priorities: [],
  states: [],
  devices: [],
  text: '',
}

const hourMs = 3_600_000
/** A shift is eight hours back from now: sites change shifts at different times, and no setting says when. */
const presetMs: Record<Exclude<Preset, 'all'>, number> = {
  hour: hourMs,
  shift: 8 * hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
}

/** The oldest instant a span admits; null: no limit. */
export function startOf(span: Span, nowAt: number): number | null {
  switch (span.is) {
    case 'all':
      return null
    case 'custom':
      return span.fromAt
    case 'hour':
    case 'shift':
    case 'day':
    case 'week':
      return nowAt - presetMs[span.is]
    default:
      return never(span, 'span')
  }
}

/** The newest instant a span admits; null: open, so alerts still to come belong to it. */
export function endOf(span: Span): number | null {
  return span.is === 'custom' ? span.toAt : null
}

export function toFilter(query: Query, nowAt: number): AlertFilter {
  const from = startOf(query.span, nowAt)
  const to = endOf(query.span)
  const text = query.text.trim().slice(0, 200)
  return {
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(query.sources.length > 0 ? { sources: query.sources.slice(0, 50) } : {}),
    ...(query.kinds.length > 0 ? { kinds: [...query.kinds] } : {}),
    ...(query.priorities.length > 0 ? { priorities: [...query.priorities] } : {}),
    ...(query.states.length > 0 ? { states: [...query.states] } : {}),
    ...(query.devices.length > 0 ? { devices: query.devices.slice(0, 100) } : {}),
    ...(text === '' ? {} : { text }),
  }
}

export type Narrowing =
  | { readonly field: 'span'; readonly value: Span }
  | { readonly field: 'sources'; readonly value: LinkId }
  | { readonly field: 'kinds'; readonly value: AlertKind }
  | { readonly field: 'priorities'; readonly value: Priority }
  | { readonly field: 'states'; readonly value: AlertState }
  | { readonly field: 'devices'; readonly value: DeviceId }
  | { readonly field: 'text'; readonly value: string }

/** Everything that narrows the list, one entry per chip. */
export function narrowings(query: Query): Narrowing[] {
  const out: Narrowing[] = []
  if (query.span.is !== 'all') out.push({ field: 'span', value: query.span })
  for (const value of query.sources) out.push({ field: 'sources', value })
  for (const value of query.kinds) out.push({ field: 'kinds', value })
  for (const value of query.priorities) out.push({ field: 'priorities', value })
  for (const value of query.states) out.push({ field: 'states', value })
  for (const value of query.devices) out.push({ field: 'devices', value })
  const text = query.text.trim()
  if (text !== '') out.push({ field: 'text', value: text })
  return out
}

export function widen(query: Query, out: Narrowing): Query {
  switch (out.field) {
    case 'span':
      return { ...query, span: { is: 'all' } }
    case 'sources':
      return { ...query, sources: query.sources.filter((value) => value !== out.value) }
    case 'kinds':
      return { ...query, kinds: query.kinds.filter((value) => value !== out.value) }
    case 'priorities':
      return { ...query, priorities: query.priorities.filter((value) => value !== out.value) }
    case 'states':
      return { ...query, states: query.states.filter((value) => value !== out.value) }
    case 'devices':
      return { ...query, devices: query.devices.filter((value) => value !== out.value) }
    case 'text':
      return { ...query, text: '' }
    default:
      return never(out, 'narrowing')
  }
}

/** Adds the value where it is missing, takes it out where it is there. */
export function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value]
}

interface Raised {
  readonly raisedAt: number
  readonly source: LinkId
  readonly kind: AlertKind
  readonly priority: Priority
  readonly state: AlertState
  readonly device: DeviceId | null
  readonly deviceName: string | null
  readonly location: string | null
  readonly text: string
  readonly note: string | null
}

/**
 * Whether a new alert would be on the list. The store's full-text search is word by word; here every word must occur
 * somewhere, so this may count an alert the store leaves out. It only feeds the "newer" count, never the list.
 */
export function matches(filter: AlertFilter, alert: Raised): boolean {
  if (filter.from !== undefined && alert.raisedAt < filter.from) return false
  if (filter.to !== undefined && alert.raisedAt > filter.to) return false
  if (filter.sources && !filter.sources.includes(alert.source)) return false
  if (filter.kinds && !filter.kinds.includes(alert.kind)) return false
  if (filter.priorities && !filter.priorities.includes(alert.priority)) return false
  if (filter.states && !filter.states.includes(alert.state)) return false
  if (filter.devices && (alert.device === null || !filter.devices.includes(alert.device))) return false
  if (filter.text === undefined) return true
  const hay = [alert.text, alert.source, alert.device, alert.deviceName, alert.location, alert.note]
    .filter((part) => part !== null)
    .join(' ')
    .toLocaleLowerCase()
  return filter.text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word))
}
