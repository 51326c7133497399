/** Times and ages in words: 24-hour clock with seconds in the site's zone, ages that get coarser as they grow. */

export interface TimeWords {
  readonly second: string
  readonly minute: string
  readonly hour: string
  readonly day: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(
  zone: string,
  kind: 'clock' | 'date' | 'minute' | 'zone',
  locale = 'en-GB',
): Intl.DateTimeFormat {
  const key = `${zone} ${kind} ${locale}`
  const known = formats.get(key)
  if (known) return known
  const timeZone = zone === '' ? {} : { timeZone: zone }
  const options: Record<typeof kind, Intl.DateTimeFormatOptions> = {
    clock: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    date: { year: 'numeric', month: '2-digit', day: '2-digit' },
    zone: { timeZoneName: 'longOffset' },
  }
  const made = new Intl.DateTimeFormat(kind === 'date' ? 'sv-SE' : locale, { ...options[kind], ...timeZone })
  formats.set(key, made)
  return made
}

/** `14:32:07` */
export function clock(at: number, zone: string): string {
  return format(zone, 'clock').format(at)
}

/** `14:32` */
export function minute(at: number, zone: string): string {
  return format(zone, 'minute').format(at)
}

/** `2026-11-21` */
export function date(at: number, zone: string): string {
  return format(zone, 'date').format(at)
}

/** `2026-11-21 14:32:07` */
export function dateTime(at: number, zone: string): string {
  return `${date(at, zone)} ${clock(at, zone)}`
}

/** `14:32:07` today, with its date on any other day. */
export function clockOrDate(at: number, now: number, zone: string): string {
  return date(at, zone) === date(now, zone) ? clock(at, zone) : dateTime(at, zone)
}

/** `+07:00`; UTC is `+00:00`. */
export function offset(at: number, zone: string): string {
  const part = format(zone, 'zone')
    .formatToParts(at)
    .find((piece) => piece.type === 'timeZoneName')
  const text = (part?.value ?? 'GMT').replace('GMT', '')
  return text === '' ? '+00:00' : text
}

/** `9 s`, `1 min 55 s`, `2 h 5 min`, `3 d 4 h`: two units at most, the finer one only while it matters. */
export function duration(ms: number, words: TimeWords): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} ${words.second}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return pair(minutes, words.minute, seconds % 60, words.second)
  if (minutes < 60) return `${minutes} ${words.minute}`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return pair(hours, words.hour, minutes % 60, words.minute)
  return pair(Math.floor(hours / 24), words.day, hours % 24, words.hour)
}

function pair(large: number, largeWord: string, small: number, smallWord: string): string {
  return small === 0 ? `${large} ${largeWord}` : `${large} ${largeWord} ${small} ${smallWord}`
}
