/** What a rule means: which events it fits, how long it holds off, and the words and facts of the alert it raises. Pure but for the hold-off's memory. */
import { DeviceId } from '../contract/devices.ts'
import type { DetectionEvent } from '../contract/events.ts'
import type { Rule } from '../contract/rules.ts'
import { minuteOfDay } from './day.ts'
import type { AlertRaised, Picture } from './fact.ts'

const minuteMs = 60_000
const dayMinutes = 1440
/** The same limits as for alerts of devices: see contract/alerts.ts. */
const lateAfterMs = 5 * minuteMs
const suspectAfterMs = 60 * minuteMs
/** Keeps an alert's raw text below 16 KiB whatever the source wrote. */
const longestSaid = 2000

/** Whether the event is worth an alert, whatever the hold-off says. `zone` is the site's. */
export function matches({ when }: Pick<Rule, 'when'>, event: DetectionEvent, zone: string): boolean {
  const { kinds, cameras, people, confidenceAtLeast, hours } = when
  if (kinds.length > 0 && !kinds.includes(event.kind)) return false
  if (cameras.length > 0 && (event.camera === null || !cameras.includes(event.camera))) return false
  if (people.length > 0 && (event.person === null || !people.includes(event.person))) return false
  // An event without a figure fits only where none is asked for.
  if ((event.confidence ?? 0) < confidenceAtLeast) return false
  return hours === null || isWithin(hours, event, zone)
}

/**
 * From 22:00 to 06:00 goes over midnight; the same minute twice is the whole day. A stay that began before the hours and
 * reaches into them counts.
 */
function isWithin({ from, to }: { from: number; to: number }, event: DetectionEvent, zone: string): boolean {
  const isIn = (minute: number) => (from < to ? from <= minute && minute < to : minute >= from || minute < to)
  const began = minuteOfDay(event.at, zone)
  if (isIn(began) || isIn(minuteOfDay(event.lastAt, zone))) return true
  const untilFrom = (from - began + dayMinutes) % dayMinutes
  return event.at - (event.at % minuteMs) + untilFrom * minuteMs <= event.lastAt
}

/** Bounds what the hold-off remembers; an old entry that goes may cost one alert more, never one less. */
const longestMemory = 20_000
const longestPast = 100

/** One alert per rule, camera and person within the hold-off, by the events' own time: late ones do not storm either. */
export class HoldOff {
  readonly #raised = new Map<string, number[]>()

  /** True when this event may raise; then the time of hold-off begins at it. */
  admit(rule: Pick<Rule, 'id' | 'holdOffS'>, event: DetectionEvent): boolean {
    const key = keyOf(rule, event)
    const past = this.#raised.get(key) ?? []
    if (past.some((at) => Math.abs(event.at - at) < rule.holdOffS * 1000)) return false
    past.push(event.at)
    if (past.length > longestPast) past.shift()
    this.#raised.delete(key) // so that the map's order is by last use
    this.#raised.set(key, past)
    if (this.#raised.size > longestMemory) this.#forgetOldest()
    return true
  }

  /** The alert came to nothing: the next event may raise. */
  undo(rule: Pick<Rule, 'id'>, event: DetectionEvent): void {
    const past = this.#raised.get(keyOf(rule, event)) ?? []
    const place = past.lastIndexOf(event.at)
    if (place !== -1) past.splice(place, 1)
  }

  #forgetOldest(): void {
    for (const key of this.#raised.keys()) {
      this.#raised.delete(key)
      return
    }
  }
}

function keyOf({ id }: Pick<Rule, 'id'>, { camera, person }: DetectionEvent): string {
  return JSON.stringify([id, camera, person])
}

/** What the rule tells the operator: `Unknown face at Front door (92 %): Night watch. Call the guard.` */
function wordsOf(rule: Rule, event: DetectionEvent, place: string | null): string {
  const where = place === null ? '' : ` at ${place}`
  const sure = event.confidence === null ? '' : ` (${Math.round(event.confidence * 100)} %)`
  const head = `${subjectOf(event)}${where}${sure}: ${rule.name}`
  return rule.instruction === '' ? head : `${head}. ${rule.instruction}`
}

function subjectOf({ kind, person, text }: DetectionEvent): string {
  if (kind === 'face-unknown') return 'Unknown face'
  if (kind === 'face-recognized') return person ?? 'Known face'
  if (text !== '') return text.slice(0, longestSaid)
  const words = kind.replaceAll(/[_-]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What is known of the event's camera beside the event. */
interface Where {
  readonly name: string | null
  readonly location: string | null
}

/** The same rule and event give the same `sourceId`, so that the store keeps one alert of them whatever is told again. */
export function alertOf(
  rule: Rule,
  event: DetectionEvent,
  where: Where,
  picture: Picture | null,
  now: number,
): AlertRaised {
  const name = event.cameraName ?? where.name
  // A stay is as old as its last sighting: one that goes on is not late because it began long ago.
  const ageMs = now - event.lastAt
  const told = { ...event, text: event.text.slice(0, longestSaid) }
  return {
    type: 'alert-raised',
    source: event.link,
    sourceId: `rule:${rule.id}:${event.id}`,
    kind: 'detection',
    priority: rule.priority,
    // As with devices, the link is in `source`: the camera's own id is what names it there.
    device: event.camera === null ? null : DeviceId.parse(event.camera.slice(event.camera.indexOf('/') + 1)),
    deviceName: name,
    group: null,
    location: where.location,
    text: wordsOf(rule, event, name),
    raisedAt: event.lastAt,
    receivedAt: now,
    late: ageMs > lateAfterMs,
    clockSuspect: Math.abs(ageMs) > suspectAfterMs,
    blue: null,
    picture,
    raw: JSON.stringify({
      rule: { id: rule.id, name: rule.name },
      instruction: rule.instruction,
      event: told,
    }),
  }
}
