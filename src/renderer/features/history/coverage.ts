/** Turns coverage spans into bars: for which part of a range "no alerts" is evidence, per source, and where the gaps are. */
import type { CoverageSpan, CoverageState } from '../../../contract/timeline.ts'

export interface CoveragePiece {
  readonly state: CoverageState | 'unknown'
  readonly fromAt: number
  readonly toAt: number
}

export interface CoverageBar {
  readonly source: string
  readonly pieces: readonly CoveragePiece[]
  /** 0..1: the part of the range in which the source was heard within its budget. */
  readonly covered: number
  readonly gaps: number
  readonly longestGapMs: number
}

/**
 * One bar per source. Time no span speaks of is `unknown`, never covered. Of overlapping spans the later one wins, because a source
 * changes state at a span's start.
 */
export function coverageBars(spans: readonly CoverageSpan[], fromAt: number, toAt: number): CoverageBar[] {
  const bySource = new Map<string, CoverageSpan[]>()
  for (const span of spans) bySource.set(span.source, [...(bySource.get(span.source) ?? []), span])
  return [...bySource]
    .map(([source, own]) => barOf(source, own, fromAt, toAt))
    .toSorted((one, other) => one.source.localeCompare(other.source))
}

function barOf(source: string, spans: readonly CoverageSpan[], fromAt: number, toAt: number): CoverageBar {
  const ordered = spans.toSorted((one, other) => one.fromAt - other.fromAt)
  const pieces: CoveragePiece[] = []
  let at = fromAt
  for (const [n, span] of ordered.entries()) {
    const begin = Math.max(at, span.fromAt)
    const nextFrom = ordered[n + 1]?.fromAt ?? Number.POSITIVE_INFINITY
    const end = Math.min(toAt, span.toAt ?? toAt, Math.max(nextFrom, span.fromAt))
    if (end <= begin) continue
    if (begin > at) add(pieces, 'unknown', at, begin)
    add(pieces, span.state, begin, end)
    at = end
  }
  if (at < toAt) add(pieces, 'unknown', at, toAt)
  const gaps = gapsOf(pieces)
  const gapMs = gaps.reduce((sum, gap) => sum + gap.toAt - gap.fromAt, 0)
  const longMs = Math.max(1, toAt - fromAt)
  return {
    source,
    pieces,
    covered: Math.max(0, 1 - gapMs / longMs),
    gaps: gaps.length,
    longestGapMs: gaps.reduce((most, gap) => Math.max(most, gap.toAt - gap.fromAt), 0),
  }
}

function add(pieces: CoveragePiece[], state: CoveragePiece['state'], fromAt: number, toAt: number): void {
  const last = pieces.at(-1)
  if (last && last.state === state) pieces[pieces.length - 1] = { ...last, toAt }
  else pieces.push({ state, fromAt, toAt })
}

/** Neighbouring pieces without data are one gap, whatever their reasons. */
function gapsOf(pieces: readonly CoveragePiece[]): { fromAt: number; toAt: number }[] {
  const gaps: { fromAt: number; toAt: number }[] = []
  for (const piece of pieces) {
    if (piece.state === 'data') continue
    const last = gaps.at(-1)
    if (last && last.toAt === piece.fromAt) last.toAt = piece.toAt
    else gaps.push({ fromAt: piece.fromAt, toAt: piece.toAt })
  }
  return gaps
}
