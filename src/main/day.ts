/** Days and times of day as a place's clocks show them, across changes to and from summer time. */

const longestDayMs = 26 * 3600_000

interface Formats {
  readonly date: Intl.DateTimeFormat
  readonly minute: Intl.DateTimeFormat
}

const formats = new Map<string, Formats>()

/** `''`, or a name this machine does not know, is this machine's zone: a wrong setting must not stop the figures. */
function formatsOf(zone: string): Formats {
  let found = formats.get(zone)
  if (found === undefined) {
    const where = isZone(zone) ? { timeZone: zone } : {}
    found = {
      date: new Intl.DateTimeFormat('en-CA', { ...where, dateStyle: 'short' }),
      minute: new Intl.DateTimeFormat('en-GB', {
        ...where,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      }),
    }
    formats.set(zone, found)
  }
  return found
}

function isZone(zone: string): boolean {
  if (zone === '') return false
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export interface Day {
  /** Its first instant, and the first instant of the next: 23, 24 or 25 hours apart, or anything else a zone did. */
  readonly startAt: number
  readonly endAt: number
}

/** The day in the IANA zone `zone` that holds the instant `at`. */
export function dayOf(at: number, zone: string): Day {
  const { date } = formatsOf(zone)
  const today = date.format(at)
  const isToday = (instant: number) => date.format(instant) === today
  return {
    startAt: firstWhere(at - longestDayMs, at, isToday),
    endAt: firstWhere(at, at + longestDayMs, (instant) => !isToday(instant)),
  }
}

/** The first instant after `low`, up to `high`, from which on `holds` is true. */
function firstWhere(low: number, high: number, holds: (instant: number) => boolean): number {
  let [not, yes] = [low, high]
  while (yes - not > 1) {
    const middle = Math.floor((not + yes) / 2)
    if (holds(middle)) yes = middle
    else not = middle
  }
  return yes
}

/** Minutes after midnight as the clock on the wall shows them, 0 to 1439. */
export function minuteOfDay(at: number, zone: string): number {
  const [hours = '0', minutes = '0'] = formatsOf(zone).minute.format(at).split(':')
  return Number(hours) * 60 + Number(minutes)
}
