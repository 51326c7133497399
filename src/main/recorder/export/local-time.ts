/** A time as the site's clocks show it, for names of files and for papers. */

/** `2026-11-21T14:32:07.085+07:00`. An unknown zone is this machine's: a wrong setting must not stop an export. */
export function localTime(at: number, zone: string): string {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
  const clock = `${part('hour')}:${part('minute')}:${part('second')}.${part('fractionalSecond')}`
  return `${part('year')}-${part('month')}-${part('day')}T${clock}${offset}`
}

/** As the setting has it; this machine's where it is empty or unknown. */
export function zoneName(zone: string): string {
  const { timeZone } = formatOf(zone).resolvedOptions()
  return isZone(zone) ? zone : timeZone
}

function isZone(zone: string): boolean {
  try {
    return zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null
  } catch {
    return false
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const two = '2-digit'
  const shape: Intl.DateTimeFormatOptions = {
    ...({ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const),
    ...({ hourCycle: 'h23', fractionalSecondDigits: 3, timeZoneName: 'longOffset' } as const),
  }
  return new Intl.DateTimeFormat('en-GB', isZone(zone) ? { ...shape, timeZone: zone } : shape)
}

/** `Gate_2026-11-21T14-32-07.085+0700.mp4`. Windows is the strictest: none of its paths' signs, no dot or space at an end. */
export function fileName(camera: string, at: number, zone: string, ending: string): string {
  const safe = camera
    .replaceAll(/[\\/:*?"<>|\u0000-\u001f\u007f]+/g, '-')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80)
  const [day = '', clock = ''] = localTime(at, zone).split('T')
  const time = clock.replace(/([+-]\d\d):(\d\d)$/, '$1$2').replaceAll(':', '-')
  return `${safe === '' ? 'camera' : safe}_${day}T${time}.${ending}`
}
