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
  | { readonly is: 'wrong'; readonly why: SpanComplaint }

/** A typed second means all of that second. */
export function readSpan({ from, to }: TypedSpan, zone: string, now: number): ReadSpan {
  const fromAt = parseWallTime(from, zone)
  const toSecond = parseWallTime(to, zone)
  if (fromAt === null || toSecond === null) return { is: 'wrong', why: 'exportBadTime' }
  const toAt = toSecond + 999
  if (toAt <= fromAt) return { is: 'wrong', why: 'exportOrder' }
  if (fromAt >= now) return { is: 'wrong', why: 'exportAhead' }
  if (toAt - fromAt > longestExportMs) return { is: 'wrong', why: 'exportTooLong' }
  return { is: 'span', fromAt, toAt }
}
