/** The ruler's arithmetic: which span is shown, where its hours are, what lies under a point. Pure. */
import type { CoverageSpan, CoverageState, TimelineMark } from '../../../contract/timeline.ts'

export const minuteMs = 60_000

/** The spans offered, with the distance of their marks on the ruler. */
export const spans = [
  { spanMs: 15 * minuteMs, tickMs: 5 * minuteMs },
  { spanMs: 60 * minuteMs, tickMs: 15 * minuteMs },
  { spanMs: 6 * 60 * minuteMs, tickMs: 60 * minuteMs },
  { spanMs: 24 * 60 * minuteMs, tickMs: 4 * 60 * minuteMs },
] as const

/** One bar is about three pixels on a wide screen. */
export const slices = 300

export interface Window {
  readonly fromAt: number
  readonly toAt: number
}

/** Moves in whole steps, so that marks are asked for once per step, and its end never lies before `now`. */
export function windowAt(now: number, spanMs: number): Window {
  const stepMs = Math.max(5000, spanMs / slices)
  const toAt = Math.ceil((now + 1) / stepMs) * stepMs
  return { fromAt: toAt - spanMs, toAt }
}

export function ticksOf({ fromAt, toAt }: Window, tickMs: number): number[] {
  const ticks: number[] = []
  for (let at = Math.ceil(fromAt / tickMs) * tickMs; at < toAt; at += tickMs) ticks.push(at)
  return ticks
}

/** 0..1 across the window. */
export function shareOf({ fromAt, toAt }: Window, at: number): number {
  return Math.min(1, Math.max(0, (at - fromAt) / (toAt - fromAt)))
}

export interface Gap extends Window {
  readonly state: Exclude<CoverageState, 'data'> | 'none'
}

/**
 * Everything of a lane that is not proven data, hatched: what the coverage calls a gap, and what it does not mention at all.
 * Ends at `now`; the future is not a gap.
 */
export function gapsOf(coverage: readonly CoverageSpan[], lane: string, window: Window, now: number): Gap[] {
  const spansOfLane = coverage
    .filter((span) => span.source === lane)
    .map((span) => ({
      state: span.state,
      fromAt: Math.max(span.fromAt, window.fromAt),
      toAt: Math.min(span.toAt ?? now, window.toAt, now),
    }))
    .filter((span) => span.toAt > span.fromAt)
    .sort((a, b) => a.fromAt - b.fromAt)
  const gaps: Gap[] = []
  let knownTo = window.fromAt
  for (const span of spansOfLane) {
    if (span.fromAt > knownTo) gaps.push({ state: 'none', fromAt: knownTo, toAt: span.fromAt })
    if (span.state !== 'data') gaps.push({ state: span.state, fromAt: span.fromAt, toAt: span.toAt })
    knownTo = Math.max(knownTo, span.toAt)
  }
  const end = Math.min(now, window.toAt)
  if (end > knownTo) gaps.push({ state: 'none', fromAt: knownTo, toAt: end })
  return gaps
}

export function marksOf(marks: readonly TimelineMark[], lane: string): TimelineMark[] {
  return marks.filter((mark) => mark.lane === lane)
}
