/** What is typed into the form of an export, and what is wrong with it. Pure. */
import { longestExportMs } from '../../../contract/export-limits.ts'
import { parseWallTime } from '../history/wall-time.ts'

export interface TypedSpan {
  readonly from: string
  readonly to: string
}

export type SpanComplaint = 'exportBadTime' | 'exportOrder' | 'exportTooLong' | 'exportAhead'

export type ReadSpan =
  | { readonly is: 'span'; readonly fromAt: number; readonly toAt: number }
  | { readonly is: 'wrong'; readonly why: SpanComplaint; readonly fields: readonly (keyof TypedSpan)[] }

/** A typed second means all of that second. */
export function readSpan({ from, to }: TypedSpan, zone: string, now: number): ReadSpan {
  const fromAt = parseWallTime(from, zone)
  const toSecond = parseWallTime(to, zone)
  if (fromAt === null || toSecond === null) {
    const unread = { from: fromAt, to: toSecond }
    return wrong('exportBadTime', ...(['from', 'to'] as const).filter((field) => unread[field] === null))
  }
  const toAt = toSecond + 999
  if (toAt <= fromAt) return wrong('exportOrder', 'from', 'to')
  if (fromAt >= now) return wrong('exportAhead', 'from')
  if (toSecond - fromAt > longestExportMs) return wrong('exportTooLong', 'from', 'to')
  return { is: 'span', fromAt, toAt: Math.min(toAt, fromAt + longestExportMs) }
}

function wrong(why: SpanComplaint, ...fields: (keyof TypedSpan)[]): ReadSpan {
  return { is: 'wrong', why, fields }
}
