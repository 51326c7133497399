/** The alarms of silence, in words: a camera that no longer reports, and one fault that took many of them. */
import type { Device, DeviceId } from '../../../contract/devices.ts'
import type { LinkId } from '../../../contract/links.ts'
import type { AlertRaised } from '../../fact.ts'
import type { LinkContext } from '../../link.ts'

const shownNames = 20

export function inWords(ms: number): string {
  const s = Math.max(1, Math.round(ms / 1000))
  if (s < 120) return `${s} s`
  return s < 7200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`
}

function systemAlert(source: LinkId, now: number, text: string): Omit<AlertRaised, 'sourceId' | 'kind'> {
  return {
    type: 'alert-raised',
    source,
    priority: 'high',
    device: null,
    deviceName: null,
    group: null,
    location: null,
    text,
    raisedAt: now,
    receivedAt: now,
    late: false,
    clockSuspect: false,
    blue: null,
    picture: null,
    raw: null,
  }
}

export function deviceSilent(link: LinkId, row: Omit<Device, 'outOfService'>, now: number): AlertRaised {
  const text =
    row.heardAt === null
      ? `${row.name} has never reported`
      : `${row.name} is silent: nothing heard for ${inWords(now - row.heardAt)}`
  return {
    ...systemAlert(link, now, text),
    kind: 'device-silent',
    // The same silence after a restart has the same id, and stays one alert.
    sourceId: `silent:${row.device}:${row.heardAt ?? 0}`,
    device: row.device,
    deviceName: row.name,
    group: row.group,
    location: row.location,
  }
}

export function linkSilent(
  link: LinkId,
  linkName: string,
  names: readonly string[],
  since: number,
  now: number,
): AlertRaised {
  const shown = names.slice(0, shownNames).join(', ')
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : ''
  return {
    ...systemAlert(link, now, `${names.length} cameras of ${linkName} fell silent together: ${shown}${more}`),
    kind: 'link-silent',
    sourceId: `silent-link:${Math.round(since)}`,
  }
}

/** Device null: the link's own alarm. `forMs` null where the silence began before this run. */
export function clearSilence(
  context: Pick<LinkContext, 'tell'>,
  link: LinkId,
  device: DeviceId | null,
  at: number,
  forMs: number | null,
): void {
  context.tell({
    type: 'alert-cleared',
    source: link,
    kind: device === null ? 'link-silent' : 'device-silent',
    device,
    at,
    note: forMs === null ? 'heard again' : `heard again after ${inWords(forMs)}`,
  })
}
