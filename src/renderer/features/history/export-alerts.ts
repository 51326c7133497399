/** Collects an export piece by piece until the store says there is no more. The file is put together by the browser's Blob, not in one string. */
import type { AlertFilter, PageCursor } from '../../../contract/alerts.ts'

export const exportFormats = ['csv', 'json', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type FetchPiece = (
  ask: { filter: AlertFilter; format: ExportFormat; after: PageCursor | null },
  signal: AbortSignal,
) => Promise<{ text: string; rows: number; next: PageCursor | null }>

export const mimeOf: Record<ExportFormat, string> = {
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
}

export interface Export {
  readonly pieces: string[]
  readonly rows: number
}

export async function exportAlerts(
  fetch: FetchPiece,
  filter: AlertFilter,
  format: ExportFormat,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<Export> {
  const pieces: string[] = []
  let rows = 0
  let after: PageCursor | null = null
  do {
    signal.throwIfAborted()
    const piece: Awaited<ReturnType<FetchPiece>> = await fetch({ filter, format, after }, signal)
    signal.throwIfAborted()
    pieces.push(piece.text)
    rows += piece.rows
    after = piece.next
    onProgress(rows)
  } while (after !== null)
  return { pieces, rows }
}

/** `watchfloor-alerts-<from>-<to>.csv`; the ends are wall time, or `first` and `now` where the range is open. */
export function exportFileName(
  filter: AlertFilter,
  format: ExportFormat,
  wallTime: (at: number) => string,
): string {
  const stamp = (at: number): string => wallTime(at).replaceAll(/[-:]/g, '').replace(' ', 'T')
  const from = filter.from === undefined ? 'first' : stamp(filter.from)
  const to = filter.to === undefined ? 'now' : stamp(filter.to)
  return `watchfloor-alerts-${from}-${to}.${format}`
}
