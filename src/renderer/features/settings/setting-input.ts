/** What is typed into one option, judged before it is sent. The app judges again; this only answers while the finger is on the key. */
import type { SettingKey, SettingRow } from '../../../contract/settings.ts'

export type SettingValue = string | number | boolean

export type Complaint =
  | { readonly is: 'not-number' | 'not-whole' | 'empty' | 'zone' | 'word' | 'spaces' }
  | { readonly is: 'range'; readonly least: number; readonly most: number }
  | { readonly is: 'too-long'; readonly most: number }

export type Judged =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly complaint: Complaint }

interface Range {
  readonly least: number
  readonly most: number
  readonly whole: boolean
}

/** The contract's own limits, which a table row does not carry; a unit test holds the two together. */
export const ranges: Partial<Record<SettingKey, Range>> = {
  port: { least: 0, most: 65_535, whole: true },
  hubPort: { least: 0, most: 65_535, whole: true },
  heartbeatMs: { least: 1000, most: 600_000, whole: true },
  alertsPerMinute: { least: 1, most: 1_000_000, whole: true },
  retentionDays: { least: 1, most: 36_500, whole: true },
  recordGb: { least: 0.1, most: 1_000_000, whole: false },
  recordDays: { least: 1, most: 36_500, whole: true },
  blueSensitivity: { least: 0, most: 1, whole: false },
}

const addresses: readonly SettingKey[] = ['host', 'hubHost']

export function judge(row: Pick<SettingRow, 'id' | 'shape'>, typed: string): Judged {
  if (Array.isArray(row.shape)) {
    return row.shape.includes(typed) ? { ok: true, value: typed } : no({ is: 'word' })
  }
  switch (row.shape) {
    case 'boolean':
      return typed === 'true' || typed === 'false'
        ? { ok: true, value: typed === 'true' }
        : no({ is: 'word' })
    case 'number':
      return judgeNumber(ranges[row.id], typed.trim())
    default:
      return judgeText(row.id, typed)
  }
}

function judgeNumber(range: Range | undefined, typed: string): Judged {
  // A comma is how the site's own language writes decimals.
  const text = typed.replace(',', '.')
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return no({ is: 'not-number' })
  const value = Number(text)
  if (range?.whole && !Number.isInteger(value)) return no({ is: 'not-whole' })
  if (range && (value < range.least || value > range.most)) {
    return no({ is: 'range', least: range.least, most: range.most })
  }
  return { ok: true, value }
}

function judgeText(id: SettingKey, typed: string): Judged {
  const text = typed.trim()
  if (addresses.includes(id)) {
    if (text === '') return no({ is: 'empty' })
    if (/\s/.test(text)) return no({ is: 'spaces' })
  }
  if (id === 'siteName' && text.length > 80) return no({ is: 'too-long', most: 80 })
  if (id === 'timeZone' && text !== '' && !isZone(text)) return no({ is: 'zone' })
  return { ok: true, value: text }
}

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

function no(complaint: Complaint): Judged {
  return { ok: false, complaint }
}

/** How a value stands in its field. */
export function asTyped(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value)
}
