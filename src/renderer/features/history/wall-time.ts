/** Dates and times as a person types them, 24 hours, in the site's time zone: `2026-03-09 14:05:00` to epoch milliseconds and back. */

const typed = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?$/

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    ...(timeZone === '' ? {} : { timeZone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

function fieldsOf(at: number, timeZone: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const part of formatOf(timeZone).formatToParts(at)) fields[part.type] = part.value
  return fields
}

export function wallTime(at: number, timeZone: string): string {
  const f = fieldsOf(at, timeZone)
  return `${f.year}-${f.month}-${f.day} ${f.hour}:${f.minute}:${f.second}`
}

/** The zone's distance from UTC at an instant, ms. */
function offsetMs(at: number, timeZone: string): number {
  const f = fieldsOf(at, timeZone)
  const wall = Date.UTC(
    Number(f.year),
    Number(f.month) - 1,
    Number(f.day),
    Number(f.hour),
    Number(f.minute),
    Number(f.second),
  )
  return wall - Math.floor(at / 1000) * 1000
}

/** Null where the text is no date and time, or names a day that does not exist. Hours may be left out: midnight. */
export function parseWallTime(text: string, timeZone: string): number | null {
  const found = typed.exec(text.trim())
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((digits) => Number(digits ?? 0))
  if (hour > 23 || minute > 59 || second > 59) return null
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second)
  const check = new Date(asUtc)
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day) return null
  // Twice, because the offset at the guess and at the answer differ across a change to or from summer time.
  const first = asUtc - offsetMs(asUtc, timeZone)
  return asUtc - offsetMs(first, timeZone)
}
