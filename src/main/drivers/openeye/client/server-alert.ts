/** What the server calls an alert becomes one of ours; so does the silence of the server itself. */
import { createHash } from 'node:crypto'
import type { Priority } from '../../../../contract/alerts.ts'
import { DeviceId } from '../../../../contract/devices.ts'
import type { LinkId } from '../../../../contract/links.ts'
import type { AlertRaised } from '../../../fact.ts'
import { hashedId } from '../../../order.ts'
import type { ServerAlert } from '../messages.ts'

const lateAfterMs = 5 * 60_000
const suspectAfterMs = 60 * 60_000
const longestRaw = 16 * 1024

/** The protocol gives its messages no ids; equal ones carry equal times. */
export function hashOf(text: string): string {
  return `${hashedId}${createHash('sha256').update(text).digest('hex')}`
}

function priorityOf(level: string): Priority {
  switch (level.toLowerCase()) {
    case 'critical':
      return 'critical'
    case 'warning':
      return 'medium'
    case 'info':
      return 'low'
    default:
      // `error`, and a word we do not know is not taken lightly.
      return 'high'
  }
}

/** `text` is the message as it came, `shown` the same without secrets. */
export function serverAlert(
  source: LinkId,
  alert: ServerAlert,
  text: string,
  shown: string,
  receivedAt: number,
): AlertRaised {
  const ageMs = alert.at === null ? 0 : receivedAt - alert.at
  const words = alert.words ?? 'The server raised an alert without words'
  return {
    type: 'alert-raised',
    source,
    sourceId: hashOf(text),
    kind: 'server-alert',
    priority: priorityOf(alert.level),
    device: alert.camera === null ? null : DeviceId.parse(alert.camera),
    deviceName: alert.camera,
    group: null,
    location: null,
    text: alert.at === null ? `${words} (the server sent no usable time)` : words,
    raisedAt: alert.at ?? receivedAt,
    receivedAt,
    late: ageMs > lateAfterMs,
    clockSuspect: alert.at === null || Math.abs(ageMs) > suspectAfterMs,
    blue: null,
    picture: null,
    raw: shown.slice(0, longestRaw),
  }
}

export function linkSilent(
  source: LinkId,
  name: string,
  since: number,
  now: number,
  reason: string,
): AlertRaised {
  const why = reason === '' ? '' : `: ${reason}`
  return {
    type: 'alert-raised',
    source,
    sourceId: `silent-link:${Math.round(since)}`,
    kind: 'link-silent',
    priority: 'high',
    device: null,
    deviceName: null,
    group: null,
    location: null,
    text: `${name} is silent: nothing useful came for ${durationWords(now - since)}${why}`,
    raisedAt: now,
    receivedAt: now,
    late: false,
    clockSuspect: false,
    blue: null,
    picture: null,
    raw: null,
  }
}

export function durationWords(ms: number): string {
  const s = Math.max(1, Math.round(ms / 1000))
  if (s < 120) return `${s} s`
  return s < 7200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`
}
