/** Alerts as text for other programs: CSV that no spreadsheet will run as a formula, JSON, and JSON lines. */
import type { Alert, AlertDetail, AlertFilter, PageCursor } from '../contract/alerts.ts'
import { never } from '../contract/fault.ts'
import type { Store } from './store/store.ts'

export type ExportFormat = 'csv' | 'json' | 'ndjson'

/** Columns in the order a reader wants them; `transitions` is last and JSON in CSV. */
const columns = [
  'seq',
  'source',
  'sourceId',
  'kind',
  'priority',
  'state',
  'raisedAt',
  'receivedAt',
  'late',
  'clockSuspect',
  'device',
  'deviceName',
  'group',
  'location',
  'text',
  'acknowledgedAt',
  'acknowledgedBy',
  'clearedAt',
  'disposition',
  'note',
  'duplicates',
] as const satisfies readonly (keyof Alert)[]

/** One alert for a machine: every column, the measures, the picture's hash, all transitions. */
export function exportRow({ alert, transitions }: AlertDetail): Record<string, unknown> {
  return { ...alert, transitions }
}

/**
 * A cell no spreadsheet takes for a formula: OWASP ASVS 1.2.10 prefixes = + - @ TAB CR NUL with an apostrophe.
 * Numbers of our own stay numbers.
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r\n\0＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe
}

export const csvHead = `${[...columns, 'transitions'].join(',')}\r\n`

export function csvRow(detail: AlertDetail): string {
  const cells = columns.map((column) =>
    csvCell(isTime(column) ? isoTime(detail.alert[column]) : detail.alert[column]),
  )
  return `${[...cells, csvCell(detail.transitions)].join(',')}\r\n`
}

function isTime(column: string): column is 'raisedAt' | 'receivedAt' | 'acknowledgedAt' | 'clearedAt' {
  return column.endsWith('At')
}

function isoTime(at: number | null): string | null {
  if (at === null) return null
  const time = new Date(at)
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString()
}

/** A row is about 1 KB of text, and an answer to a screen may be 4 MiB. */
const pieceRows = 1000

/** The next piece of an export, in the order the alerts were stored; pieces joined in order make one valid file. */
export async function exportPiece(
  store: Store,
  filter: AlertFilter,
  format: ExportFormat,
  after: PageCursor | null,
): Promise<{ text: string; rows: number; next: PageCursor | null }> {
  const details = await store.list(filter, after?.seq ?? 0, pieceRows)
  const last = details.length === pieceRows ? details.at(-1)?.alert : undefined
  return {
    text: pieceText(details, format, after === null, last === undefined),
    rows: details.length,
    next: last === undefined ? null : { raisedAt: last.raisedAt, seq: last.seq },
  }
}

function pieceText(
  details: readonly AlertDetail[],
  format: ExportFormat,
  first: boolean,
  last: boolean,
): string {
  switch (format) {
    case 'csv':
      // The byte order mark makes Excel read UTF-8.
      return (first ? `\uFEFF${csvHead}` : '') + details.map(csvRow).join('')
    case 'ndjson':
      return details.map((detail) => `${JSON.stringify(exportRow(detail))}\n`).join('')
    case 'json': {
      const rows = details.map((detail) => JSON.stringify(exportRow(detail))).join(',\n')
      const comma = !first && rows !== '' ? ',\n' : ''
      return `${first ? '[' : ''}${comma}${rows}${last ? ']\n' : ''}`
    }
    default:
      return never(format, 'format')
  }
}
