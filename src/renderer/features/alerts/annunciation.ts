/** Decides what should be heard, and when it is heard at once. Pure: no clock, no audio, no page. */
import { isOpen, isUnacknowledged } from '../../../contract/alert-state.ts'
import type { Alert, AlertId, Priority } from '../../../contract/alerts.ts'

/** One sound per priority, and blue light has its own whatever its priority. */
export type Pattern = Priority | 'blue-light'

/** What the decision needs of an alert. */
export type Sounding = Pick<Alert, 'id' | 'kind' | 'priority' | 'state' | 'late' | 'silencedAt'>

/** How often a pattern repeats until it is silenced or acknowledged. */
export const repeatMs: Record<Pattern, number> = {
  critical: 4000,
  'blue-light': 5000,
  high: 8000,
  medium: 14_000,
  low: 24_000,
}

const urgency: Record<Priority, number> = { critical: 3, high: 2, medium: 1, low: 0 }

interface Heard {
  readonly pattern: Pattern
  readonly urgency: number
}

export interface Annunciation {
  /** Every alert that should be heard now. */
  readonly sounding: ReadonlyMap<AlertId, Heard>
  /** Hushed on this screen only, until their state changes. */
  readonly hushed: ReadonlySet<AlertId>
  /** What the journal said of an alert that the table does not show yet: the table may be a moment behind, never ahead. */
  readonly ahead: ReadonlyMap<AlertId, Sounding>
  /** The alerts of the table as last seen: one that left it has ended. */
  readonly listed: ReadonlySet<AlertId>
}

export const quiet: Annunciation = {
  sounding: new Map(),
  hushed: new Set(),
  ahead: new Map(),
  listed: new Set(),
}

export interface Decision {
  readonly next: Annunciation
  /** Sound this at once, not at the next repeat: something more urgent than what sounds already. */
  readonly now: Pattern | null
}

/** Late alerts are history arriving, shelved ones were put aside: neither calls anybody. */
export function isSounding(alert: Sounding): boolean {
  return isUnacknowledged(alert.state) && alert.silencedAt === null && !alert.late
}

export function patternOf(alert: Pick<Alert, 'kind' | 'priority'>): Pattern {
  return alert.kind === 'blue-light' ? 'blue-light' : alert.priority
}

/** The most urgent one; of equals the one that began first goes on. */
export function currentPattern({ sounding, hushed }: Annunciation): Pattern | null {
  let most: Heard | null = null
  for (const [id, heard] of sounding) {
    if (!hushed.has(id) && (most === null || heard.urgency > most.urgency)) most = heard
  }
  return most?.pattern ?? null
}

function currentUrgency({ sounding, hushed }: Annunciation): number {
  let most = -1
  for (const [id, heard] of sounding) if (!hushed.has(id)) most = Math.max(most, heard.urgency)
  return most
}

/** One alert changed, as the journal tells it. */
export function heardOf(before: Annunciation, alert: Sounding): Decision {
  const sounding = new Map(before.sounding)
  note(sounding, alert)
  const ahead = new Map(before.ahead)
  if (isOpen(alert.state) || before.listed.has(alert.id)) ahead.set(alert.id, alert)
  return decide(before, { ...before, sounding, ahead })
}

/** The open alerts as the table shows them: what sounds already at start, and what ended while the pipe was cut. */
export function listedOf(before: Annunciation, alerts: Iterable<Sounding>): Decision {
  const sounding = new Map(before.sounding)
  const ahead = new Map(before.ahead)
  const listed = new Set<AlertId>()
  for (const alert of alerts) {
    listed.add(alert.id)
    const told = ahead.get(alert.id)
    if (told && (told.state !== alert.state || told.silencedAt !== alert.silencedAt)) continue
    ahead.delete(alert.id)
    note(sounding, alert)
  }
  for (const id of before.listed) {
    if (listed.has(id)) continue
    sounding.delete(id)
    ahead.delete(id)
  }
  return decide(before, { ...before, sounding, ahead, listed })
}

export function hush(before: Annunciation): Annunciation {
  return { ...before, hushed: new Set([...before.hushed, ...before.sounding.keys()]) }
}

function note(sounding: Map<AlertId, Heard>, alert: Sounding): void {
  if (!isSounding(alert)) sounding.delete(alert.id)
  else if (!sounding.has(alert.id))
    sounding.set(alert.id, { pattern: patternOf(alert), urgency: urgency[alert.priority] })
}

function decide(before: Annunciation, after: Annunciation): Decision {
  const hushed = new Set([...after.hushed].filter((id) => after.sounding.has(id)))
  const next = { ...after, hushed }
  const isMoreUrgent = currentUrgency(next) > currentUrgency(before)
  return { next, now: isMoreUrgent ? currentPattern(next) : null }
}
